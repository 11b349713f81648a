/* Machines of acts; see machine.h. */
#include "ledger/machine.h"

#include <stdio.h>

int machine_named(struct machine_terms terms, struct str name)
{
    int at = 0;
    while (at < terms.count && !str_equal(name, str_of(terms.at[at].name)))
        at++;
    return at;
}

const char *machine_words(struct machine_terms terms, int at, enum lang lang)
{
    return lang_pick(lang, terms.at[at].en, terms.at[at].zh);
}

const char *machine_need_words(struct machine_terms terms, unsigned bits, enum lang lang)
{
    int at = 0;
    while (at + 1 < terms.count && !(bits >> at & 1U))
        at++;
    return machine_words(terms, at, lang);
}

static struct error cause_of(enum status status, const struct machine_term *term)
{
    struct error cause = {.status = status};
    (void)snprintf(cause.en, sizeof cause.en, "%s.", term->en);
    (void)snprintf(cause.zh, sizeof cause.zh, "%s。", term->zh);
    return cause;
}

enum status machine_refuse(const struct machine *m, int state, struct error *err)
{
    struct error cause = cause_of(STATUS_CONFLICT, &m->states.at[state]);
    return error_within(err, &cause,
                        "This can't be done now. The state is: ", "目前不能进行此操作，当前状态：");
}

enum status machine_allow(const struct machine *m, int state, int act, struct machine_facts facts,
                          struct error *err)
{
    const struct machine_rule *rule = &m->rules[act];
    unsigned lacking = rule->needs & ~facts.met;
    struct error cause;
    if (!(rule->from >> state & 1U))
        return machine_refuse(m, state, err);
    if (!(facts.is >> rule->who & 1U)) {
        cause = cause_of(STATUS_FORBIDDEN, &m->whos.at[rule->who]);
        return error_within(err, &cause, "This is for another: ", "此操作须由他人进行：");
    }
    for (int i = 0; i < m->needs.count; i++) {
        if (!(lacking >> i & 1U))
            continue;
        cause = cause_of(STATUS_CONFLICT, &m->needs.at[i]);
        cause.field = m->needs.at[i].name;
        return error_within(err, &cause, "Still needed: ", "尚需：");
    }
    return STATUS_OK;
}

unsigned machine_acts(const struct machine *m, int state, unsigned is)
{
    unsigned acts = 0;
    for (int i = 0; i < m->acts.count; i++)
        if (m->rules[i].from >> state & 1U && is >> m->rules[i].who & 1U)
            acts |= MACHINE_BIT(i);
    return acts;
}
