/* `chancery keys` and `keys rotate`: the epochs of the secret. */
#include <inttypes.h>

#include "base/json.h"
#include "cli/command.h"
#include "cli/describe.h"
#include "library/keys.h"

static json_t *epoch_json(struct call *call, const struct key_epoch *k)
{
    char signs[DIGEST_HEX + 1];
    digest_to_hex(&k->signs, signs);
    return json_pack("{s:I, s:o, s:I, s:b, s:s, s:o}", "epoch", (json_int_t)k->epoch, "began",
                     str_to_json(describe_time(call->arena, k->began_ms)), "papers",
                     (json_int_t)k->papers, "newest", k->newest, "signs", signs, "stolen",
                     k->stolen_ms ? str_to_json(describe_time(call->arena, k->stolen_ms))
                                  : json_null());
}

static void say_epoch(struct call *call, const struct key_epoch *k)
{
    struct str began = describe_time(call->arena, k->began_ms);
    call_say(call, "%3" PRId64 "  since %.*s  %s%s\n", "第 %" PRId64 " 期  始于 %.*s  %s%s\n",
             k->epoch, STR_ARG(began),
             call_count(call, (uint64_t)k->papers, "paper", "papers", "篇文稿"),
             k->newest ? lang_pick(call->lang, "; new papers take it", "；新文稿使用本期") : "");
    char signs[DIGEST_HEX + 1];
    digest_to_hex(&k->signs, signs);
    call_say(call, "     public key of case files: %s\n", "     案件卷宗公钥：%s\n", signs);
    if (k->stolen_ms) {
        struct str stolen = describe_time(call->arena, k->stolen_ms);
        call_say(call, "     others may know it, since %.*s at the latest\n",
                 "     最迟自 %.*s 起可能已为他人所知\n", STR_ARG(stolen));
    }
}

static enum status run_keys(struct call *call, struct error *err)
{
    struct key_epoch *list;
    size_t count = 0;
    enum status status = library_list_epochs(call->arena, call->store, &list, &count, err);
    if (status)
        return status;
    json_t *all = json_array();
    for (size_t i = 0; i < count; i++) {
        if (call->json)
            json_array_append_new(all, epoch_json(call, &list[i]));
        else
            say_epoch(call, &list[i]);
    }
    if (call->json)
        call_print_json(call, all);
    else
        json_decref(all);
    return STATUS_OK;
}

const struct command command_keys = {
    .name = "keys",
    .least = 0,
    .most = 0,
    .en = "List the key epochs, with the public keys of case files; no secret is printed.",
    .zh = "列出各期密钥与案件卷宗公钥，不显示密钥本身。",
    .more_en =
        "Case files are signed by the newest epoch's key. Tell its public key to those who may have to judge one, by "
        "another way than the file itself: they give it to `chancery verify-case --key`.",
    .more_zh =
        "案件卷宗由最新一期密钥签名。请以卷宗以外的途径将其公钥告知可能需要审阅卷宗者，供 `chancery verify-case "
        "--key` 核验。",
    .example = "chancery keys",
    .json = true,
    .needs_store = true,
    .run = run_keys,
};

/* --- rotate --------------------------------------------------------------------------------------- */

static const struct command_option rotate_options[] = {
    {"stolen", NULL, "the key file may be in others' hands: note it of all earlier epochs",
     "密钥文件可能已落入他人之手：对此前各期作此标注"},
    {0},
};

static enum status run_rotate(struct call *call, struct error *err)
{
    int64_t epoch = 0;
    bool stolen = call_switch(call, "stolen");
    enum status status = store_begin(call->store, err);
    if (status)
        return status;
    status = stolen ? library_rotate_stolen_keys(call->store, &epoch, err)
                    : library_rotate_keys(call->store, &epoch, err);
    if (!status)
        status = store_commit(call->store, err);
    if (status) {
        store_rollback(call->store);
        return status;
    }
    if (call->json)
        call_print_json(call, json_pack("{s:I}", "epoch", (json_int_t)epoch));
    else
        call_say(
            call,
            "Papers published from now on take epoch %" PRId64
            ". Those published before keep theirs, "
            "for new editions too.\nMake a backup now: one made before lacks the new secret.\n",
            "此后首次发布的文稿使用第 %" PRId64
            " 期密钥。此前发布的文稿（包括其新版本）沿用原密钥。\n"
            "请立即备份：此前的备份中没有新密钥。\n",
            epoch);
    return STATUS_OK;
}

const struct command command_keys_rotate = {
    .name = "keys rotate",
    .least = 0,
    .most = 0,
    .en = "Begin a new key epoch, for papers first published from now on.",
    .zh = "启用新一期密钥，用于此后首次发布的文稿。",
    .more_en =
        "Copies given before stay traceable: the key file keeps every epoch. A paper keeps its epoch for all "
        "its editions, so that passages which a new edition leaves alone keep their marks; publish as a new "
        "paper what must be beyond somebody who has the old secret. With --stolen, findings on papers of "
        "earlier epochs say from then on that others could have made such a copy.",
    .more_zh =
        "密钥文件保留各期密钥，此前发出的副本仍可追踪。同一文稿的各版本沿用同一期密钥，新版本未改动的段落标记不变；"
        "如需防范持有旧密钥者，请作为新文稿发布。使用 --stolen 后，对此前各期文稿的认定会注明："
        "他人也可能制作出这样的副本。",
    .example = "chancery keys rotate\nchancery keys rotate --stolen",
    .options = rotate_options,
    .json = true,
    .needs_store = true,
    .run = run_rotate,
};
