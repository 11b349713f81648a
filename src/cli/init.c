/* `chancery init`: a new data folder. */
#include <jansson.h>

#include "cli/command.h"
#include "store/store.h"

static enum status run(struct call *call, struct error *err)
{
    struct store *store = NULL;
    enum status status = store_create(call->data_dir, err);
    if (!status)
        status = store_open(call->data_dir, &store, err);
    if (!status)
        status = store_begin(store, err);
    if (!status)
        status = store_add_event(store, "owner", "folder.made", STR(""), STR("{}"), err);
    if (!status)
        status = store_commit(store, err);
    store_close(store);
    if (status)
        return status;
    if (call->json) {
        call_print_json(call, json_pack("{s:s}", "data", call->data_dir));
        return STATUS_OK;
    }
    call_say(
        call,
        "Made the data folder %s.\n"
        "Its file secret.key is the one secret: whoever has it can compute anyone's marks, and "
        "without it nothing can be traced. Keep a backup (chancery backup FILE) in a safe.\n"
        "Next: chancery serve, and go on in a browser. Or here: chancery settings set notice TEXT; "
        "chancery member import FILE.csv; chancery publish FILE\n",
        "已创建数据文件夹 %s。\n"
        "其中 secret.key 是唯一的密钥：得到它即可算出任何人的标记，失去它则无法追踪。"
        "请备份（chancery backup 文件）并妥善保管。\n"
        "下一步：运行 chancery serve，在浏览器中继续；或使用命令：chancery settings set notice 须知；"
        "chancery member import 名单.csv；"
        "chancery publish 文稿\n",
        call->data_dir);
    return STATUS_OK;
}

const struct command command_init = {
    .name = "init",
    .least = 0,
    .most = 0,
    .en = "Make a data folder: database, secret key, blobs.",
    .zh = "新建数据文件夹：数据库、密钥、文件。",
    .example = "chancery init --data /srv/chancery",
    .json = true,
    .makes_store = true,
    .run = run,
};
