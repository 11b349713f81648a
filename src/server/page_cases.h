/* What the pages about cases share: reports, a case for stewards, a sanction for who it is about. */
#ifndef SERVER_PAGE_CASES_H
#define SERVER_PAGE_CASES_H

#include "library/case.h"
#include "server/request.h"

#define CASE_ROLES (ROLE_STEWARD | ROLE_OWNER)

/* The case that the address names, for a steward whom it does not accuse; STATUS_MISSING else. */
enum status page_cases_find(struct request *rq, struct case_file *file, struct error *err);
/* "/cases/KEY" and what follows. */
struct str page_cases_path(struct request *rq, const char *rest);

/* Keeps the files that came under `name`, and `pasted` as a file besides when it is not empty. */
enum status page_cases_take_files(struct request *rq, const char *name, struct str pasted,
                                  struct case_kept **files, size_t *count, struct error *err);

/* "leak", "reseller" in words. */
struct str page_cases_kind_words(const struct request *rq, struct str kind);

#endif
