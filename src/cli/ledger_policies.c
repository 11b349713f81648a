/* Taking in policies, their leaflets, use and appraisal; see ledger_import.h. Their steps are taken as those of reviews. */
#include "base/digest.h"
#include "cli/ledger_import.h"
#include "ledger/amount.h"
#include "ledger/leaflet.h"
#include "ledger/policies.h"
#include "ledger/uptaking.h"

/* "terms": words by their keys. */
static enum status put_terms(struct taking *t, int64_t line, struct error *err)
{
    int64_t terms[TERMS_OF_A_LINE];
    size_t count = 0;
    size_t i;
    json_t *value;
    enum status status = STATUS_OK;
    json_array_foreach(json_object_get(t->record, "terms"), i, value)
    {
        struct policy_term term = {0};
        if (!status && count == TERMS_OF_A_LINE)
            return error_set(err, STATUS_LIMITED, "At most %u words.", "最多选 %u 个。",
                             TERMS_OF_A_LINE);
        if (!status)
            status =
                ledger_find_term(t->arena, t->store, str_of(json_string_value(value)), &term, err);
        terms[count++] = term.id;
    }
    return status ? status
                  : ledger_set_line_terms(t->arena, t->store, line, terms, count, &t->deed, err);
}

static enum status take_policy(struct taking *t, struct error *err)
{
    struct line line = {.kind = LEDGER_POLICY,
                        .title = said_text(t, "title"),
                        .text = said_text(t, "text"),
                        .state = LINE_PROPOSED,
                        .weight = 1};
    struct policy_deed deed = {
        .act = POLICY_ACT_LIST,
        .route = (enum policy_route)machine_named(policy_routes, said_text(t, "route")),
        .source = said_text(t, "source"),
    };
    enum status status = said_unit(t, "unit", &line.unit, err);
    if (!status)
        status = said_person(t, "lead", 0, &line.lead, err);
    if (!status)
        status = said_day(t, "due", &line.due_day, err);
    if (!status)
        status = said_person(t, "by", t->by, &deed.actor, err);
    if (!status)
        status = ledger_make_line(t->arena, t->store, &line, &t->deed, err);
    if (!status)
        status = ledger_act_on_policy(t->arena, t->store, t->calendar, line.id, &deed,
                                      t->deed.now_ms, err);
    if (!status)
        status = put_terms(t, line.id, err);
    if (!status)
        said_name_line(t, line.id);
    return status;
}

static enum status take_sort(struct taking *t, struct error *err)
{
    int64_t line = 0;
    enum status status = said_the_line(t, &line, err);
    return status ? status : put_terms(t, line, err);
}

static enum status take_policy_act(struct taking *t, struct error *err)
{
    struct policy_deed deed = {
        .act = (enum policy_act)machine_named(policy_machine.acts, said_text(t, "act")),
        .lang = t->call->lang,
        .source = said_text(t, "source"),
        .hoped_granted = said_number(t, "granted", 0),
        .words = said_text(t, "words"),
    };
    struct str paid = said_text(t, "paid");
    int64_t line = 0;
    (void)lang_parse(said_text(t, "lang"), &deed.lang);
    enum status status = said_the_line(t, &line, err);
    if (!status && (deed.act == POLICY_ACTS || deed.act == POLICY_ACT_LIST))
        status = said_no("act", said_text(t, "act"), err);
    if (!status)
        status = said_person(t, "by", t->by, &deed.actor, err);
    if (!status)
        status = said_day(t, "from", &deed.from_day, err);
    if (!status)
        status = said_day(t, "until", &deed.until_day, err);
    if (!status)
        status = said_day(t, "hoped_by", &deed.hoped_day, err);
    if (!status && paid.len)
        status = ledger_read_amount(paid, 2, &deed.hoped_paid, err);
    return status ? status
                  : ledger_act_on_policy(t->arena, t->store, t->calendar, line, &deed,
                                         t->deed.now_ms, err);
}

/* --- leaflets ------------------------------------------------------------------------------------- */

static struct str said_in(json_t *texts, const char *name)
{
    json_t *value = json_object_get(texts, name);
    return (struct str){json_string_value(value), json_string_length(value)};
}

static enum status take_leaflet(struct taking *t, struct error *err)
{
    struct leaflet leaflet = {.link = said_text(t, "link")};
    json_t *const langs[LEAFLET_LANGS] = {
        [LANG_EN] = json_object_get(t->record, "en"),
        [LANG_ZH] = json_object_get(t->record, "zh"),
    };
    int64_t line = 0;
    int64_t by = 0;
    for (int lang = 0; lang < LEAFLET_LANGS; lang++)
        for (int i = 0; langs[lang] && i < LEAFLET_PARTS; i++)
            leaflet.texts[lang][i] = said_in(langs[lang], leaflet_parts[i].name);
    enum status status = said_the_line(t, &line, err);
    if (!status)
        status = said_person(t, "by", t->by, &by, err);
    if (!status)
        status = said_day(t, "from", &leaflet.claim_from, err);
    if (!status)
        status = said_day(t, "until", &leaflet.claim_until, err);
    return status
               ? status
               : ledger_write_leaflet(t->arena, t->store, line, by, &leaflet, t->deed.now_ms, err);
}

static enum status take_leaflet_act(struct taking *t, struct error *err)
{
    struct leaflet_deed deed = {
        .act = (enum leaflet_act)machine_named(leaflet_machine.acts, said_text(t, "act")),
        .words = said_text(t, "words"),
    };
    int64_t line = 0;
    enum status status = said_the_line(t, &line, err);
    if (!status && (deed.act == LEAFLET_ACTS || deed.act == LEAFLET_ACT_WRITE))
        status = said_no("act", said_text(t, "act"), err);
    if (!status)
        status = said_person(t, "by", t->by, &deed.actor, err);
    return status ? status
                  : ledger_act_on_leaflet(t->arena, t->store, line, &deed, t->deed.now_ms, err);
}

static enum status take_readers(struct taking *t, struct error *err)
{
    bool all = json_is_true(json_object_get(t->record, "everybody"));
    int64_t line = 0;
    enum status status = said_the_line(t, &line, err);
    if (status)
        return status;
    return all ? ledger_open_policy(t->store, line, &t->deed, err)
               : ledger_shut_policy(t->store, line, &t->deed, err);
}

/* --- use ------------------------------------------------------------------------------------------ */

/* The i-th of a list of numbers, or of amounts as texts. */
static int64_t count_at(const struct taking *t, const char *name, size_t i)
{
    return json_integer_value(json_array_get(json_object_get(t->record, name), i));
}

static enum status take_months(struct taking *t, struct error *err)
{
    json_t *paid = json_object_get(t->record, "paid");
    size_t count = json_array_size(json_object_get(t->record, "claimed"));
    int64_t line = 0;
    int64_t by = 0;
    int first = 0;
    enum status status = said_the_line(t, &line, err);
    if (!status)
        status = said_month(t, "from", &first, err);
    if (!status)
        status = said_person(t, "by", t->by, &by, err);
    for (size_t i = 0; !status && i < count; i++) {
        struct policy_month month = {.month = first + (int)i,
                                     .meant = count_at(t, "meant", i),
                                     .claimed = count_at(t, "claimed", i),
                                     .granted = count_at(t, "granted", i),
                                     .member = by};
        const char *amount = json_string_value(json_array_get(paid, i));
        if (amount)
            status = ledger_read_amount(str_of(amount), 2, &month.paid, err);
        if (!status)
            status =
                ledger_put_policy_month(t->arena, t->store, line, &month, t->today, &t->deed, err);
    }
    return status;
}

static enum status take_appraisal(struct taking *t, struct error *err)
{
    struct policy_appraisal appraisal = {
        .verdict =
            (enum appraisal_verdict)machine_named(appraisal_verdicts, said_text(t, "verdict")),
        .words = said_text(t, "words"),
        .made_ms = t->deed.now_ms,
    };
    int64_t line = 0;
    enum status status = said_the_line(t, &line, err);
    if (!status && appraisal.verdict == APPRAISAL_VERDICTS)
        status = said_no("verdict", said_text(t, "verdict"), err);
    if (!status)
        status = said_person(t, "by", t->by, &appraisal.member, err);
    return status ? status : ledger_add_appraisal(t->arena, t->store, line, &appraisal, err);
}

static enum status take_check(struct taking *t, struct error *err)
{
    struct sheet sheet = {0};
    struct filled filled = {.words = said_text(t, "remark")};
    int64_t line = 0;
    enum status status = said_the_line(t, &line, err);
    if (!status)
        status = ledger_find_sheet(t->arena, t->store, said_key(t, "sheet"), &sheet, err);
    if (!status)
        status = said_person(t, "by", t->by, &filled.member, err);
    if (!status)
        status = said_marks(t, &sheet, &filled, err);
    if (!status)
        status = digest_random_key(t->arena, &filled.sent_key, err);
    return status ? status
                  : ledger_check_policy(t->arena, t->store, line, &sheet, &filled, t->today,
                                        &t->deed, err);
}

const struct take_row take_policies[] = {
    {"policy", take_policy},
    {"policy act", take_policy_act},
    {"sort", take_sort},
    {"leaflet", take_leaflet},
    {"leaflet act", take_leaflet_act},
    {"leaflet readers", take_readers},
    {"policy months", take_months},
    {"appraisal", take_appraisal},
    {"policy check", take_check},
    {0},
};
