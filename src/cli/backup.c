/* `chancery backup` and `chancery restore`. */
#include <jansson.h>

#include "cli/describe.h"
#include "library/setting.h"
#include "store/store.h"

static void backing_up(void *context, uint64_t done, uint64_t all)
{
    call_progress(context, "Backup", "备份", done, all);
}

/* So that the owner's page can tell how old the last one is, and how many files it lacks. */
static enum status record(struct call *call, size_t nlost, struct error *err)
{
    struct store *store = call->store;
    struct str data = nlost ? str_format(call->arena, "{\"lost_files\":%zu}", nlost) : STR("{}");
    enum status status = store_begin(store, err);
    if (!status)
        status = store_add_event(store, "owner", "backup.made", STR(""), data, err);
    if (!status)
        status = store_commit(store, err);
    if (status)
        store_rollback(store);
    return status;
}

static json_t *json_of(const char **names)
{
    json_t *list = json_array();
    for (size_t i = 0; names[i]; i++)
        json_array_append_new(list, json_string(names[i]));
    return list;
}

/* What lies in the backup, counted in the folder that it was made of, and what does not. */
static enum status say_contents(struct call *call, const char *file, const char **left_out,
                                const struct stored_file *lost, size_t nlost, struct error *err)
{
    struct query *q =
        query_start(call->store, "SELECT (SELECT count(*) FROM member WHERE erased_ms IS NULL),"
                                 " (SELECT count(*) FROM paper),"
                                 " (SELECT count(*) FROM event),"
                                 " (SELECT count(*) FROM key_epoch)");
    int64_t n[4] = {0};
    if (query_row(q))
        for (int i = 0; i < 4; i++)
            n[i] = query_int(q, i);
    enum status status = query_end(q, err);
    if (status)
        return status;
    if (call->json) {
        call_print_json(call, json_pack("{s:s, s:I, s:I, s:I, s:I, s:o, s:o}", "backup", file,
                                        "members", (json_int_t)n[0], "papers", (json_int_t)n[1],
                                        "events", (json_int_t)n[2], "key_epochs", (json_int_t)n[3],
                                        "left_out", json_of(left_out), "lost_files",
                                        describe_lost_files_json(call, lost, nlost)));
        return STATUS_OK;
    }
    call_say(call, "Backup written to %s: %s, %s, %s, %s.\n", "备份已写入 %s：%s，%s，%s，%s。\n",
             file, call_count(call, (uint64_t)n[0], "member", "members", "名成员"),
             call_count(call, (uint64_t)n[1], "paper", "papers", "篇文稿"),
             call_count(call, (uint64_t)n[2], "event", "events", "条事件"),
             call_count(call, (uint64_t)n[3], "key epoch", "key epochs", "期密钥"));
    call_say(call, "It holds the secret keys: keep it as safe as the key file.\n",
             "其中含密钥，请与密钥文件同样妥善保管。\n");
    for (size_t i = 0; left_out[i]; i++)
        call_say(call, "It does not hold %s: set that anew after a restore.\n",
                 "其中不含 %s，恢复后须重新设置。\n", left_out[i]);
    describe_lost_files(call, lost, nlost);
    return STATUS_OK;
}

static enum status run_backup(struct call *call, struct error *err)
{
    char *file = str_z(call->arena, call->arguments[0]);
    struct stored_file *lost;
    size_t nlost;
    enum status status = store_backup(call->store, file, backing_up, call, err);
    if (!status)
        status = library_list_lost_files(call->arena, call->store, call->lang, &lost, &nlost, err);
    if (!status)
        status = record(call, nlost, err);
    const char **left_out = NULL;
    if (!status)
        status = library_list_secrets(call->arena, call->store, &left_out, err);
    if (status)
        return status;
    return say_contents(call, file, left_out, lost, nlost, err);
}

const struct command command_backup = {
    .name = "backup",
    .arguments = "FILE",
    .least = 1,
    .most = 1,
    .en =
        "Write everything to one file, while other commands run; ends with 1 where stored files were missing or damaged "
        "already, and names them.",
    .zh =
        "将全部数据备份到一个文件，其他命令可同时运行；如存储的文件此前已缺失或损坏，则逐一列出并以 1 结束。",
    .example = "chancery backup chancery-2026-11-24.backup",
    .json = true,
    .needs_store = true,
    .run = run_backup,
};

struct lost {
    const char **secrets; /* to be set again */
    struct stored_file *files;
    size_t nfiles;
};

static enum status list_lost(struct call *call, struct lost *lost, struct error *err)
{
    struct store *store;
    enum status status = store_open(call->data_dir, &store, err);
    if (!status)
        status = library_list_lost_secrets(call->arena, store, &lost->secrets, err);
    if (!status)
        status = library_list_lost_files(call->arena, store, call->lang, &lost->files,
                                         &lost->nfiles, err);
    store_close(store);
    return status;
}

static enum status run_restore(struct call *call, struct error *err)
{
    char *file = str_z(call->arena, call->arguments[0]);
    struct lost lost = {0};
    enum status status = store_restore(file, call->data_dir, err);
    if (!status)
        status = list_lost(call, &lost, err);
    if (status)
        return status;
    if (call->json) {
        call_print_json(call, json_pack("{s:s, s:o, s:o}", "data", call->data_dir, "set_again",
                                        json_of(lost.secrets), "lost_files",
                                        describe_lost_files_json(call, lost.files, lost.nfiles)));
        return STATUS_OK;
    }
    call_say(call, "Restored into %s; its record of events is whole.\n",
             "已恢复到 %s，事件记录完整。\n", call->data_dir);
    call_say(call,
             "Members added from now on get numbers that nobody has had since the backup either.\n",
             "此后新增成员的编号，不会与备份之后曾用过的编号重复。\n");
    for (size_t i = 0; lost.secrets[i]; i++)
        call_say(call, "No backup holds %s; set it again: chancery settings set %s VALUE\n",
                 "备份不含 %s，请重新设置：chancery settings set %s 值\n", lost.secrets[i],
                 lost.secrets[i]);
    describe_lost_files(call, lost.files, lost.nfiles);
    return STATUS_OK;
}

const struct command command_restore = {
    .name = "restore",
    .arguments = "FILE",
    .least = 1,
    .most = 1,
    .en =
        "Make a data folder from a backup; checks everything first. Ends with 1 where files are missing from the backup, "
        "names them and restores all else.",
    .zh =
        "由备份重建数据文件夹，先行全面校验；备份中缺少的文件逐一列出，其余照常恢复，并以 1 结束。",
    .example = "chancery restore chancery-2026-11-24.backup --data /srv/chancery-new",
    .json = true,
    .makes_store = true,
    .run = run_restore,
};
