/* Who may do what; see may.h. */
#include "ledger/may.h"

/* For each deed: any one of these suffices. */
static const unsigned ALLOWED[] = {
    [LEDGER_SEE] = LEDGER_EDITS | LEDGER_INSPECTS | LEDGER_ROLE_LEAD | LEDGER_IN_UNITS,
    [LEDGER_MAKE] = LEDGER_EDITS,
    [LEDGER_CHANGE] = LEDGER_EDITS | LEDGER_LEADS | LEDGER_HEADS,
    [LEDGER_REPORT] = LEDGER_EDITS | LEDGER_LEADS | LEDGER_HEADS | LEDGER_OF_UNIT,
    [LEDGER_VERIFY] = LEDGER_EDITS | LEDGER_INSPECTS,
    [LEDGER_ARRANGE] = LEDGER_EDITS,
};

bool ledger_may(unsigned is, enum ledger_deed_kind deed)
{
    return (is & ALLOWED[LEDGER_SEE]) && (is & ALLOWED[deed]);
}

enum status ledger_know_person(struct store *store, struct ledger_person *person, struct error *err)
{
    static const struct {
        const char *name;
        unsigned is;
    } MEANING[] = {
        {"editor", LEDGER_EDITS},       {"steward", LEDGER_EDITS},  {"owner", LEDGER_EDITS},
        {"inspector", LEDGER_INSPECTS}, {"lead", LEDGER_ROLE_LEAD}, {"unit", LEDGER_IN_UNITS},
    };
    struct query *q = query_start(
        store, "SELECT w.what FROM (SELECT role AS what FROM role WHERE member = ?1 UNION ALL"
               " SELECT 'unit' FROM unit_member WHERE member = ?1) w WHERE NOT EXISTS"
               " (SELECT 1 FROM account WHERE member = ?1 AND suspended_ms IS NOT NULL)");
    query_bind_int(q, 1, person->member);
    while (query_row(q))
        for (size_t i = 0; i < sizeof MEANING / sizeof *MEANING; i++)
            if (str_equal(query_str(q, 0), str_of(MEANING[i].name)))
                person->is |= MEANING[i].is;
    return query_end(q, err);
}

enum status ledger_stand_to(struct store *store, const struct ledger_person *person, int64_t line,
                            unsigned *is, struct error *err)
{
    *is = person->is;
    struct query *q = query_start(
        store,
        "WITH RECURSIVE above (id, parent, unit, lead, depth) AS ("
        " SELECT id, parent, unit, lead, 0 FROM line WHERE id = ?1 UNION ALL"
        " SELECT l.id, l.parent, l.unit, l.lead, a.depth + 1 FROM line l JOIN above a ON l.id = a.parent),"
        " over (id, parent, head) AS ("
        " SELECT u.id, u.parent, u.head FROM unit u WHERE u.id = (SELECT unit FROM above WHERE depth = 0)"
        " UNION SELECT u.id, u.parent, u.head FROM unit u JOIN over o ON u.id = o.parent)"
        " SELECT EXISTS (SELECT 1 FROM above WHERE lead = ?2),"
        " EXISTS (SELECT 1 FROM over WHERE head = ?2),"
        " EXISTS (SELECT 1 FROM unit_member m WHERE m.member = ?2"
        " AND m.unit = (SELECT unit FROM above WHERE depth = 0))");
    query_bind_int(q, 1, line);
    query_bind_int(q, 2, person->member);
    if (query_row(q)) {
        *is |= query_int(q, 0) ? LEDGER_LEADS : 0;
        *is |= query_int(q, 1) ? LEDGER_HEADS : 0;
        *is |= query_int(q, 2) ? LEDGER_OF_UNIT : 0;
    }
    return query_end(q, err);
}

enum status ledger_check_right(struct store *store, int64_t member, int64_t line,
                               enum ledger_deed_kind deed, struct error *err)
{
    struct ledger_person person = {.member = member};
    unsigned is = 0;
    enum status status = ledger_know_person(store, &person, err);
    is = person.is;
    if (!status && line)
        status = ledger_stand_to(store, &person, line, &is, err);
    if (!status && !ledger_may(is, deed))
        return error_set(err, STATUS_FORBIDDEN,
                         "This is for its lead, the head of its unit, or editors.",
                         "此操作须由分包领导、单位负责人或编辑进行。");
    return status;
}

/* STATUS_FORBIDDEN unless the line is there already, or the member may add to what it is to come under. */
static enum status check_parent(struct store *store, int64_t member, int64_t line, int64_t parent,
                                struct error *err)
{
    struct query *q = query_start(store, "SELECT 1 FROM line WHERE id = ?1 AND parent = ?2");
    query_bind_int(q, 1, line);
    query_bind_int(q, 2, parent);
    bool there = query_row(q);
    enum status status = query_end(q, err);
    if (status || there)
        return status;
    status = ledger_check_right(store, member, parent, LEDGER_CHANGE, err);
    return status == STATUS_FORBIDDEN
               ? error_set(
                     err, STATUS_FORBIDDEN,
                     "What it is to be part of is for another lead, unit or editors to change.",
                     "拟归入的上级条目须由其分包领导、单位负责人或编辑修改。")
               : status;
}

enum status ledger_check_changes(struct store *store, int64_t member, int64_t line,
                                 const struct line_change *changes, size_t count, struct error *err)
{
    enum status status = ledger_check_right(store, member, line, LEDGER_CHANGE, err);
    for (size_t i = 0; !status && i < count; i++)
        if (changes[i].field == LINE_PARENT && changes[i].number)
            status = check_parent(store, member, line, changes[i].number, err);
    return status;
}
