/* Projects on pages: who the viewer is by the rules of projects, and opening one. */
#ifndef SERVER_LEDGER_PROJECT_H
#define SERVER_LEDGER_PROJECT_H

#include "ledger/project.h"
#include "server/ledger.h"
#include "server/ledger_terms.h"

/* Finds the line in the address, for a deed, as ledger_open does; STATUS_MISSING where it is no project. */
enum status ledger_open_project(struct request *rq, enum ledger_deed_kind deed,
                                struct ledger_sight *sight, struct error *err);
/* Bits of 1U << PROJECT_WHO_…, as far as they follow from roles and from leading it or what it is part of. Nobody
 * checks or decides what they answer for. */
unsigned ledger_project_stand(int64_t member, const struct ledger_sight *sight);
/* The same by what the database says there and then: for the step that writes. */
enum status ledger_project_stand_now(struct arena *arena, struct store *store, int64_t member,
                                     int64_t line, unsigned *is, struct error *err);
extern const struct ledger_values project_class_values;

#endif
