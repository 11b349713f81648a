/* Key epochs, for the owner: what there is, and a rotation. No secret is ever on a page. */
#include "server/internal.h"

#include <inttypes.h>

#include "library/keys.h"

struct epoch_line {
    int64_t epoch, papers, began, stolen;
    struct str signs; /* the public key of case files */
    bool newest;
};
struct keys_page {
    struct epoch_line *epochs;
    size_t nepochs;
};
static const struct field EPOCH_LINE[] = {
    FIELD(NUMBER, struct epoch_line, epoch),
    FIELD(NUMBER, struct epoch_line, papers),
    FIELD(TIME, struct epoch_line, began),
    FIELD(TIME, struct epoch_line, stolen),
    FIELD(TEXT, struct epoch_line, signs),
    FIELD(FLAG, struct epoch_line, newest),
    {0},
};
static const struct field KEYS_PAGE[] = {FIELD_OF_LIST(struct keys_page, epochs, EPOCH_LINE), {0}};

static enum status show_keys(struct request *rq, struct error *err)
{
    struct key_epoch *list;
    struct keys_page page = {0};
    enum status status = library_list_epochs(rq->arena, rq->store, &list, &page.nepochs, err);
    if (status)
        return status;
    page.epochs = arena_array(rq->arena, page.nepochs, struct epoch_line);
    for (size_t i = 0; i < page.nepochs; i++) {
        char signs[DIGEST_HEX + 1];
        digest_to_hex(&list[i].signs, signs);
        page.epochs[i] = (struct epoch_line){list[i].epoch,
                                             list[i].papers,
                                             list[i].began_ms,
                                             list[i].stolen_ms,
                                             str_copy(rq->arena, str_of(signs)),
                                             list[i].newest};
    }
    return answer_page(rq, "keys", "Keys", "密钥", KEYS_PAGE, &page);
}

const struct route route_keys = {
    .method = "GET",
    .path = "/owner/keys",
    .roles = ROLE_OWNER,
    .en = "The key epochs, without any secret.",
    .zh = "各期密钥，不含密钥本身。",
    .output = KEYS_PAGE,
    .page = "keys",
    .run = show_keys,
};

struct rotating {
    bool stolen;
    int64_t epoch;
};

static enum status rotate_step(struct store *store, struct arena *scratch, void *context,
                               struct error *err)
{
    struct rotating *r = context;
    (void)scratch;
    return r->stolen ? library_rotate_stolen_keys(store, &r->epoch, err)
                     : library_rotate_keys(store, &r->epoch, err);
}

static enum status rotate(struct request *rq, struct error *err)
{
    struct rotating r = {.stolen = request_number(rq, "stolen")};
    enum status status = server_write(rq->server, request_actor(rq), rotate_step, &r, err);
    return status ? status
                  : answer_redirect(rq, STR("/owner/keys"),
                                    "A new epoch has begun. Make a backup now.",
                                    "新一期密钥已启用，请立即备份。");
}

static const struct input ROTATE_INPUTS[] = {
    {.name = "stolen",
     .kind = INPUT_FLAG,
     .en = "Others may have the key",
     .zh = "他人可能已持有密钥"},
    {0},
};

const struct route route_keys_rotate = {
    .method = "POST",
    .path = "/owner/keys",
    .roles = ROLE_OWNER,
    .en = "Begin a new key epoch, for papers first published from now on.",
    .zh = "启用新一期密钥，用于此后首次发布的文稿。",
    .inputs = ROTATE_INPUTS,
    .run = rotate,
    .again = show_keys,
};
