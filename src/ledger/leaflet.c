/* Leaflets of policies; see leaflet.h. */
#include "ledger/leaflet.h"

#include "ledger/key.h"

const struct leaflet_part_row leaflet_parts[LEAFLET_PARTS] = {
    [LEAFLET_TITLE] = {"title", false, LEAFLET_TITLE_MAX, "What it is called", "政策名称"},
    [LEAFLET_GIVES] = {"gives", true, LEAFLET_TEXT_MAX, "What you get", "有什么支持"},
    [LEAFLET_WHO] = {"who", true, LEAFLET_TEXT_MAX, "Who may claim it", "谁可以申领"},
    [LEAFLET_HOW] = {"how", true, LEAFLET_TEXT_MAX, "How to claim it", "怎么办理"},
    [LEAFLET_CONTACT] = {"contact", false, LEAFLET_LINE_MAX, "Whom to ask", "咨询方式"},
    [LEAFLET_SOURCE] = {"source", false, LEAFLET_LINE_MAX, "What it rests on", "政策依据"},
};

bool leaflet_has(const struct leaflet *leaflet, enum lang lang)
{
    bool has = false;
    for (int i = 0; i < LEAFLET_PARTS; i++)
        has |= str_trim(leaflet->texts[lang][i]).len > 0;
    return has;
}

bool leaflet_is_whole(const struct leaflet *leaflet, enum lang lang)
{
    bool whole = true;
    for (int i = 0; i < LEAFLET_PARTS; i++)
        whole &= i == LEAFLET_SOURCE || str_trim(leaflet->texts[lang][i]).len > 0;
    return whole;
}

enum lang leaflet_lang(const struct leaflet *leaflet, enum lang lang)
{
    enum lang other = lang == LANG_ZH ? LANG_EN : LANG_ZH;
    return !leaflet_is_whole(leaflet, lang) && leaflet_is_whole(leaflet, other) ? other : lang;
}

/* --- read ----------------------------------------------------------------------------------------- */

static enum status load_texts(struct arena *arena, struct store *store, struct leaflet *leaflet,
                              struct error *err)
{
    struct query *q = query_start(store, "SELECT lang, title, gives, who, how, contact, source"
                                         " FROM policy_leaflet_text WHERE leaflet = ?1");
    query_bind_int(q, 1, leaflet->id);
    while (query_row(q)) {
        enum lang lang = str_equal(query_str(q, 0), STR("zh")) ? LANG_ZH : LANG_EN;
        for (int i = 0; i < LEAFLET_PARTS; i++)
            leaflet->texts[lang][i] = str_copy(arena, query_str(q, i + 1));
    }
    return query_end(q, err);
}

#define LEAFLET_SQL                                                                \
    "SELECT id, number, state, claim_from, claim_until, link, writer, written_ms," \
    " checker, checked_ms, words FROM policy_leaflet WHERE line = ?1"

static enum status find(struct arena *arena, struct store *store, const char *sql, int64_t line,
                        struct leaflet *leaflet, struct error *err)
{
    struct query *q = query_start(store, sql);
    query_bind_int(q, 1, line);
    *leaflet = (struct leaflet){.state = LEAFLET_NONE};
    if (query_row(q)) {
        leaflet->id = query_int(q, 0);
        leaflet->number = query_int(q, 1);
        leaflet->state = (enum leaflet_state)machine_named(leaflet_machine.states, query_str(q, 2));
        leaflet->claim_from = query_int(q, 3);
        leaflet->claim_until = query_int(q, 4);
        leaflet->link = str_copy(arena, query_str(q, 5));
        leaflet->writer = query_int(q, 6);
        leaflet->written_ms = query_int(q, 7);
        leaflet->checker = query_int(q, 8);
        leaflet->checked_ms = query_int(q, 9);
        leaflet->words = str_copy(arena, query_str(q, 10));
    }
    enum status status = query_end(q, err);
    return status || !leaflet->id ? status : load_texts(arena, store, leaflet, err);
}

enum status ledger_find_open_leaflet(struct arena *arena, struct store *store, int64_t line,
                                     struct leaflet *leaflet, struct error *err)
{
    return find(arena, store, LEAFLET_SQL " AND state IN ('draft', 'asked')", line, leaflet, err);
}

enum status ledger_find_shown_leaflet(struct arena *arena, struct store *store, int64_t line,
                                      struct leaflet *leaflet, struct error *err)
{
    return find(arena, store, LEAFLET_SQL " AND state = 'shown'", line, leaflet, err);
}

enum status ledger_find_past_leaflet(struct arena *arena, struct store *store, int64_t line,
                                     struct leaflet *leaflet, struct error *err)
{
    return find(arena, store,
                LEAFLET_SQL " AND state = 'past' AND NOT EXISTS (SELECT 1 FROM policy_leaflet o"
                            " WHERE o.line = ?1 AND o.state = 'shown') ORDER BY number DESC",
                line, leaflet, err);
}

/* --- acts ----------------------------------------------------------------------------------------- */

/* What an act is about: what is shown is withdrawn, whatever is being written meanwhile. */
static const struct leaflet *at_hand(enum leaflet_act act, const struct leaflet *open,
                                     const struct leaflet *shown)
{
    bool takes_open = open->id && act != LEAFLET_ACT_WITHDRAW;
    return takes_open ? open : shown;
}

enum status ledger_leaflet_acts(struct store *store, const struct ledger_person *person,
                                int64_t line, const struct leaflet *open,
                                const struct leaflet *shown, unsigned *acts, struct error *err)
{
    unsigned is = 0;
    enum status status = ledger_stand_to(store, person, line, &is, err);
    *acts = 0;
    for (int i = 0; !status && i < LEAFLET_ACTS; i++) {
        const struct leaflet *of = at_hand((enum leaflet_act)i, open, shown);
        unsigned who = policy_stand(is, of->writer == person->member);
        *acts |= machine_acts(&leaflet_machine, (int)of->state, who) & MACHINE_BIT(i);
    }
    return status;
}

struct leaflet_act_at {
    int64_t line;
    enum leaflet_act act;
    int64_t actor;
    struct str words;
    struct leaflet open, shown;
};

static enum status is_in_force(struct store *store, int64_t line, bool *is, struct error *err)
{
    struct query *q = query_start(store, "SELECT state = 'in-force' FROM policy WHERE line = ?1");
    query_bind_int(q, 1, line);
    bool found = query_row(q);
    *is = found && query_int(q, 0);
    enum status status = query_end(q, err);
    if (!status && !found)
        return error_set(err, STATUS_CONFLICT, "Enter the policy in the register first.",
                         "请先将该政策列入清单。");
    return status;
}

/* Loads the editions and asks whether the act may be done to them. */
static enum status begin(struct arena *arena, struct store *store, struct leaflet_act_at *a,
                         struct error *err)
{
    struct machine_facts facts = {0};
    struct ledger_person person = {.member = a->actor};
    unsigned is = 0;
    bool force = false;
    enum status status = is_in_force(store, a->line, &force, err);
    if (!status)
        status = ledger_find_open_leaflet(arena, store, a->line, &a->open, err);
    if (!status)
        status = ledger_find_shown_leaflet(arena, store, a->line, &a->shown, err);
    if (!status)
        status = ledger_know_person(store, &person, err);
    if (!status)
        status = ledger_stand_to(store, &person, a->line, &is, err);
    if (status)
        return status;
    const struct leaflet *of = at_hand(a->act, &a->open, &a->shown);
    facts.is = policy_stand(is, of->writer == a->actor);
    facts.met |= str_trim(a->words).len ? POLICY_NEEDS_WORDS : 0U;
    facts.met |= force ? POLICY_NEEDS_FORCE : 0U;
    facts.met |=
        leaflet_is_whole(of, LANG_EN) || leaflet_is_whole(of, LANG_ZH) ? POLICY_NEEDS_WHOLE : 0U;
    return machine_allow(&leaflet_machine, (int)of->state, (int)a->act, facts, err);
}

static enum status record(struct store *store, const struct leaflet_act_at *a, int64_t number,
                          int64_t now_ms, struct error *err)
{
    struct ledger_deed said = {.now_ms = now_ms, .why = str_trim(a->words)};
    return ledger_record(store, a->line, "line.leaflet",
                         json_pack("{s:s, s:I}", "act", leaflet_machine.acts.at[a->act].name,
                                   "edition", (json_int_t)number),
                         &said, err);
}

/* --- writing -------------------------------------------------------------------------------------- */

static bool is_link(struct str link)
{
    bool good = !link.len || str_starts(link, STR("https://")) || str_starts(link, STR("http://"));
    for (size_t i = 0; i < link.len; i++)
        good &= (unsigned char)link.at[i] > ' ' && link.at[i] != '"' && link.at[i] != '<';
    return good && link.len <= LEAFLET_LINE_MAX;
}

static enum status check_leaflet(const struct leaflet *leaflet, struct error *err)
{
    for (int lang = 0; lang < LEAFLET_LANGS; lang++)
        for (int i = 0; i < LEAFLET_PARTS; i++) {
            const struct leaflet_part_row *part = &leaflet_parts[i];
            struct str text = leaflet->texts[lang][i];
            bool fits = part->lines ? ledger_is_text(text, (size_t)part->most)
                                    : ledger_is_line_of_text(text, 0, (size_t)part->most);
            if (!fits)
                return error_about(err, STATUS_INPUT, part->en, part->zh,
                                   " has at most %d characters.", "不超过 %d 个字。",
                                   (int)part->most);
        }
    if (!is_link(leaflet->link))
        return error_set(err, STATUS_INPUT, "The address must begin with https:// or http://.",
                         "网址须以 https:// 或 http:// 开头。");
    if (leaflet->claim_until && leaflet->claim_until < leaflet->claim_from)
        return error_set(err, STATUS_INPUT, "The last day to claim it is before the first.",
                         "申领截止日期早于开始日期。");
    return STATUS_OK;
}

static enum status keep_text(struct store *store, int64_t id, const struct leaflet *leaflet,
                             enum lang lang, struct error *err)
{
    struct query *q = query_start(store, "INSERT OR REPLACE INTO policy_leaflet_text"
                                         " (leaflet, lang, title, gives, who, how, contact, source)"
                                         " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)");
    query_bind_int(q, 1, id);
    query_bind_str(q, 2, str_of(lang_code(lang)));
    for (int i = 0; i < LEAFLET_PARTS; i++)
        query_bind_str(q, i + 3, str_trim(leaflet->texts[lang][i]));
    (void)query_row(q);
    return query_end(q, err);
}

static enum status drop_text(struct store *store, int64_t id, enum lang lang, struct error *err)
{
    struct query *q =
        query_start(store, "DELETE FROM policy_leaflet_text WHERE leaflet = ?1 AND lang = ?2");
    query_bind_int(q, 1, id);
    query_bind_str(q, 2, str_of(lang_code(lang)));
    (void)query_row(q);
    return query_end(q, err);
}

/* The row of the edition that is open, or a new one: its id and number. */
static enum status keep_edition(struct store *store, int64_t line, int64_t actor,
                                const struct leaflet *leaflet, int64_t open, int64_t now_ms,
                                int64_t *id, int64_t *number, struct error *err)
{
    struct query *q = query_start(
        store,
        open ? "UPDATE policy_leaflet SET state = 'draft', claim_from = ?3, claim_until = ?4,"
               " link = ?5, writer = ?6, written_ms = ?7 WHERE id = ?2 AND line = ?1"
               " RETURNING id, number"
             : "INSERT INTO policy_leaflet (line, number, state, claim_from, claim_until, link,"
               " writer, written_ms) SELECT ?1, coalesce(max(number), 0) + 1, 'draft', ?3, ?4, ?5,"
               " ?6, ?7 FROM policy_leaflet WHERE line = ?1 RETURNING id, number");
    query_bind_int(q, 1, line);
    if (open)
        query_bind_int(q, 2, open);
    query_bind_int_or_null(q, 3, leaflet->claim_from);
    query_bind_int_or_null(q, 4, leaflet->claim_until);
    query_bind_str(q, 5, leaflet->link);
    query_bind_int(q, 6, actor);
    query_bind_int(q, 7, now_ms);
    if (query_row(q)) {
        *id = query_int(q, 0);
        *number = query_int(q, 1);
    }
    return query_end(q, err);
}

enum status ledger_write_leaflet(struct arena *arena, struct store *store, int64_t line,
                                 int64_t actor, const struct leaflet *leaflet, int64_t now_ms,
                                 struct error *err)
{
    struct leaflet_act_at a = {.line = line, .act = LEAFLET_ACT_WRITE, .actor = actor};
    int64_t id = 0;
    int64_t number = 0;
    enum status status = check_leaflet(leaflet, err);
    if (!status)
        status = begin(arena, store, &a, err);
    if (!status)
        status = keep_edition(store, line, actor, leaflet, a.open.id, now_ms, &id, &number, err);
    for (int lang = 0; !status && lang < LEAFLET_LANGS; lang++)
        status = leaflet_has(leaflet, (enum lang)lang)
                     ? keep_text(store, id, leaflet, (enum lang)lang, err)
                     : drop_text(store, id, (enum lang)lang, err);
    return status ? status : record(store, &a, number, now_ms, err);
}

/* --- the other acts ------------------------------------------------------------------------------- */

static enum status set_state(struct store *store, const struct leaflet *leaflet,
                             enum leaflet_state state, struct error *err)
{
    struct query *q = query_start(store, "UPDATE policy_leaflet SET state = ?2 WHERE id = ?1");
    query_bind_int(q, 1, leaflet->id);
    query_bind_str(q, 2, str_of(leaflet_machine.states.at[state].name));
    (void)query_row(q);
    return query_end(q, err);
}

static enum status note_check(struct store *store, const struct leaflet *leaflet,
                              const struct leaflet_deed *deed, int64_t now_ms, struct error *err)
{
    struct query *q = query_start(store, "UPDATE policy_leaflet SET checker = ?2, checked_ms = ?3,"
                                         " words = ?4 WHERE id = ?1");
    query_bind_int(q, 1, leaflet->id);
    query_bind_int(q, 2, deed->actor);
    query_bind_int(q, 3, now_ms);
    query_bind_str(q, 4, str_trim(deed->words));
    (void)query_row(q);
    return query_end(q, err);
}

enum status ledger_act_on_leaflet(struct arena *arena, struct store *store, int64_t line,
                                  const struct leaflet_deed *deed, int64_t now_ms,
                                  struct error *err)
{
    struct leaflet_act_at a = {
        .line = line, .act = deed->act, .actor = deed->actor, .words = deed->words};
    if (!ledger_is_text(deed->words, LEAFLET_WORDS_MAX))
        return error_set(err, STATUS_INPUT, "At most %d characters.", "不超过 %d 个字。",
                         LEAFLET_WORDS_MAX);
    enum status status = begin(arena, store, &a, err);
    const struct leaflet *of = at_hand(deed->act, &a.open, &a.shown);
    bool shows = deed->act == LEAFLET_ACT_SHOW;
    if (!status && shows && deed->seen_ms && deed->seen_ms != of->written_ms)
        return error_set(err, STATUS_CONFLICT,
                         "It was written anew since you looked at it; look at it again.",
                         "您查看之后内容又有改动，请重新查看。");
    if (!status && shows && a.shown.id)
        status = set_state(store, &a.shown, LEAFLET_PAST, err);
    if (!status)
        status = set_state(store, of, (enum leaflet_state)leaflet_machine.rules[deed->act].to, err);
    if (!status && deed->act != LEAFLET_ACT_ASK)
        status = note_check(store, of, deed, now_ms, err);
    return status ? status : record(store, &a, of->number, now_ms, err);
}
