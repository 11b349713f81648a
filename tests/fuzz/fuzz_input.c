/* Any body of any content type: read, or refused with a reason; every value lies inside and is checked. */
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "server/internal.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct input INPUTS[] = {
    {.name = "a", .kind = INPUT_TEXT, .en = "A", .zh = "甲"},
    {.name = "n", .kind = INPUT_NUMBER, .least = 0, .most = 9, .en = "N", .zh = "乙"},
    {.name = "d", .kind = INPUT_MOMENT, .en = "D", .zh = "丙"},
    {.name = "l", .kind = INPUT_LIST, .en = "L", .zh = "丁"},
    {0},
};
static const struct route ROUTE = {.method = "POST", .path = "/x", .inputs = INPUTS};
static const char *const TYPES[] = {"application/x-www-form-urlencoded",
                                    "multipart/form-data; boundary=b", "application/json"};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    struct arena *arena = arena_make();
    struct request rq = {.arena = arena, .route = &ROUTE, .post = true};
    struct error err = {0};
    struct str values[8];
    pairs_add(arena, &rq.headers, STR("Content-Type"), str_of(TYPES[data[0] % 3]));
    enum status status = input_read(&rq, (struct str){(const char *)data + 1, size - 1}, &err);
    if (!status)
        status = input_check(&rq, &err);
    if (status && err.en[0] == 0)
        abort();
    struct str text = request_input(&rq, "a");
    int64_t number = request_number(&rq, "n");
    if (!status && (utf8_first_bad(text) != SIZE_MAX || number < 0 || number > 9))
        abort();
    (void)request_inputs(&rq, "l", values, 8);
    arena_free(arena);
    return 0;
}
