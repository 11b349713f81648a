/* Projects on pages; see ledger_project.h. */
#include "server/ledger_project.h"

enum status ledger_open_project(struct request *rq, enum ledger_deed_kind deed,
                                struct ledger_sight *sight, struct error *err)
{
    enum status status = ledger_open(rq, rq->params[0], deed, sight, err);
    if (!status && sight->line.kind != LEDGER_PROJECT)
        return error_set(err, STATUS_MISSING, "That line is no project.", "该条目不是项目。");
    return status;
}

unsigned ledger_project_stand(int64_t member, const struct ledger_sight *sight)
{
    bool own = sight->line.lead == member || (sight->is & LEDGER_LEADS);
    bool keeps = sight->is & LEDGER_EDITS;
    unsigned is = 0;
    /* A new project is proposed by a unit's members too; a line that is there has a state already, which is for who
     * may change it. */
    if (ledger_may(sight->is, LEDGER_CHANGE))
        is |= 1U << PROJECT_WHO_MEMBER;
    if (keeps)
        is |= 1U << PROJECT_WHO_KEEPER;
    if (ledger_may(sight->is, LEDGER_CHANGE))
        is |= 1U << PROJECT_WHO_LEAD;
    if (keeps && !own)
        is |= 1U << PROJECT_WHO_DECIDER;
    if ((keeps || ledger_may(sight->is, LEDGER_VERIFY)) && !own)
        is |= 1U << PROJECT_WHO_CHECKER;
    return is;
}

enum status ledger_project_stand_now(struct arena *arena, struct store *store, int64_t member,
                                     int64_t line, unsigned *is, struct error *err)
{
    struct ledger_sight sight;
    struct ledger_person person = {.member = member};
    enum status status = ledger_know_person(store, &person, err);
    if (!status)
        status = ledger_find_line_by_id(arena, store, line, &sight.line, err);
    if (!status)
        status = ledger_stand_to(store, &person, line, &sight.is, err);
    *is = status ? 0 : ledger_project_stand(member, &sight);
    return status;
}

const struct ledger_values project_class_values = {project_class_name, project_class_words,
                                                   .end = PROJECT_CLASSES};
