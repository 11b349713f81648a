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
    struct query *q = query_start(store, "SELECT 1 FROM unit_member WHERE member = ?1 LIMIT 1");
    query_bind_int(q, 1, person->member);
    if (query_row(q))
        person->is |= LEDGER_IN_UNITS;
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
