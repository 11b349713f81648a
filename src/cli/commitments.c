/* `chancery commitments`: what a paper commits to, proposed as lines of the ledger. */
#include "server/commitments.h"
#include "base/json.h"
#include "cli/describe.h"

static json_t *describe_due(const struct ledger_date *due)
{
    return json_pack("{s:i, s:i, s:i}", "year", due->year, "month", (int)due->month, "day",
                     (int)due->day);
}

static json_t *describe_commitment(const struct ledger_commitment *c)
{
    return json_pack("{s:s, s:o, s:o, s:o, s:o, s:o, s:i}", "kind", ledger_kind_name(c->kind),
                     "sentence", str_to_json(c->sentence), "date", str_to_json(c->date), "due",
                     describe_due(&c->due), "quantity", str_to_json(c->quantity), "body",
                     str_to_json(c->body), "paragraph", (int)c->number);
}

static void say_detail(const struct call *call, const char *en, const char *zh, struct str words)
{
    if (words.len)
        call_say(call, "    %s: %.*s\n", "    %s：%.*s\n", lang_pick(call->lang, en, zh),
                 STR_ARG(words));
}

static void say_commitment(const struct call *call, const struct ledger_commitment *c)
{
    call_say(call, "[%s] %.*s\n", "［%s］%.*s\n", ledger_kind_word(c->kind, call->lang),
             STR_ARG(c->sentence));
    say_detail(call, "until", "期限", c->date);
    say_detail(call, "how much", "数量", c->quantity);
    say_detail(call, "by", "责任单位", c->body);
}

static enum status run_commitments(struct call *call, struct error *err)
{
    struct edition_text text;
    struct ledger_commitment *found;
    size_t count;
    enum status status = describe_load(call, 0, &text, err);
    if (!status)
        status = commitments_of(call->arena, &text.doc, &found, &count, err);
    if (status)
        return status;
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++) {
        if (call->json)
            json_array_append_new(list, describe_commitment(&found[i]));
        else
            say_commitment(call, &found[i]);
    }
    if (call->json) {
        json_t *out = describe_edition_json(call->arena, &text.edition);
        json_object_set_new(out, "commitments", list);
        call_print_json(call, out);
        return STATUS_OK;
    }
    json_decref(list);
    if (count == 0)
        call_say(call, "This paper commits nobody to anything that the rules recognise.\n",
                 "按现有规则，未在本文稿中识别出承诺事项。\n");
    return STATUS_OK;
}

const struct command command_commitments = {
    .name = "commitments",
    .arguments = "PAPER",
    .least = 1,
    .most = 1,
    .en = "Show what a paper commits to: goals, indicators, projects, policies, risks, study, "
          "rectification, joint reviews, inspections, campaigns.",
    .zh =
        "显示文稿中的承诺事项：目标、指标、项目、政策、风险、学习、整改、联审联批、观摩督导、攻坚。",
    .more_en =
        "Each is a proposal made by rules, with its date, quantity and body where the text names "
        "them; an editor decides what becomes a line of the ledger.",
    .more_zh =
        "各项均由规则提出，文中写明期限、数量和责任单位的一并列出；是否列入台账，由编辑决定。",
    .example = "chancery commitments P1 --json",
    .json = true,
    .needs_store = true,
    .run = run_commitments,
};
