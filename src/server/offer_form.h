/* How a paper is offered, as a form: the same when a draft is published and when the offer is changed. */
#ifndef SERVER_OFFER_FORM_H
#define SERVER_OFFER_FORM_H

#include "library/offer.h"
#include "server/writing.h"

#define OFFER_GROUPS_MAX  500U
#define OFFER_NOTICE_MOST 20000
#define OFFER_DAYS_MOST   3650

struct offer_group {
    int64_t id;
    struct str key, name;
    bool paid, chosen;
};

/* An offer with its groups and its own notice, as it stands in the store or in a draft's terms. */
struct offer_terms {
    struct offer offer;
    int64_t *groups;
    size_t ngroups;
    struct str notice;
};

/* Formats that are for the same use. */
struct offer_format_group {
    struct str words;
    struct writing_choice *formats;
    size_t nformats;
};

struct offer_form {
    struct str kind, author, summary, notice, expires, copy_days, delete_days;
    struct offer_group *groups;
    struct writing_choice *formats, *marks; /* marks: visible ones */
    struct offer_format_group *format_groups;
    size_t ngroups, nformats, nmarks, nformat_groups;
    bool for_groups, free, any_group;
};
extern const struct field OFFER_FORM[];

/* For a list of struct input. */
#define OFFER_INPUTS                                                                               \
    {.name = "access", .kind = INPUT_TEXT, .most = 10, .en = "Who may read it", .zh = "阅读范围"}, \
        {.name = "groups", .kind = INPUT_LIST, .en = "Groups", .zh = "群组"},                      \
        {.name = "price", .kind = INPUT_TEXT, .most = 15, .en = "Free or not", .zh = "是否免费"},  \
        {.name = "kind", .kind = INPUT_TEXT, .most = 60, .en = "Kind", .zh = "文种"},              \
        {.name = "author", .kind = INPUT_TEXT, .most = 200, .en = "Author", .zh = "作者"},         \
        {.name = "summary", .kind = INPUT_LONG_TEXT, .most = 2000, .en = "Summary", .zh = "摘要"}, \
        {.name = "expires", .kind = INPUT_DAY, .en = "Closing day", .zh = "停止阅读日期"},         \
        {.name = "formats", .kind = INPUT_LIST, .en = "Formats", .zh = "下载格式"},                \
        {.name = "mark", .kind = INPUT_TEXT, .most = 10, .en = "Visible mark", .zh = "可见标记"},  \
        {.name = "copy_days",                                                                      \
         .kind = INPUT_NUMBER,                                                                     \
         .most = OFFER_DAYS_MOST,                                                                  \
         .en = "Days that a copy can be opened",                                                   \
         .zh = "副本可阅读天数"},                                                                  \
        {.name = "delete_days",                                                                    \
         .kind = INPUT_NUMBER,                                                                     \
         .most = OFFER_DAYS_MOST,                                                                  \
         .en = "Days until a copy is to be deleted",                                               \
         .zh = "删除期限（天）"},                                                                  \
    {                                                                                              \
        .name = "notice", .kind = INPUT_LONG_TEXT, .most = OFFER_NOTICE_MOST, .en = "Notice",      \
        .zh = "使用须知"                                                                       \
    }

/* Fills the form from terms. */
enum status offer_form_fill(struct request *rq, const struct offer_terms *terms,
                            struct offer_form *form, struct error *err);
/* What the form that came says, whether it may be so or not. Leaves offer's key, paper and times alone. */
enum status offer_form_take(struct request *rq, struct offer_terms *terms, struct error *err);
/* STATUS_INPUT when such an offer, published at that moment, would reach nobody or make no sense. */
enum status offer_form_check(const struct offer_terms *terms, int64_t published_ms,
                             struct error *err);

/* The groups there are, those among `groups` chosen. A closed one is listed only when it is chosen. */
enum status offer_list_groups(struct request *rq, const int64_t *groups, size_t ngroups,
                              struct offer_group **list, size_t *count, struct error *err);
/* The terms that a paper has, by its key. */
enum status offer_find_terms(struct request *rq, struct str key, struct offer_terms *terms,
                             struct error *err);
/* Members with an account whom the offer reaches today, subscriptions left aside; and the groups' names. */
enum status offer_count_readers(struct request *rq, const struct offer_terms *terms,
                                int64_t *readers, struct str *names, struct error *err);
/* The formats' names as people say them, in a row. */
struct str offer_format_words(struct request *rq, struct str formats);
/* What copies show of whose they are, in a sentence; empty for none. */
struct str offer_mark_words(const struct request *rq, enum format_mark mark);
/* Local time as forms hold it: "2026-11-24T19:05", "2026-11-24"; empty for 0. */
struct str offer_moment_value(struct arena *arena, int64_t time_ms);
struct str offer_day_value(struct arena *arena, int64_t time_ms);

#endif
