/* Putting a document together, and finding its title; see internal.h.
 *
 * The title is the title block that a reader found; else the line before the body that looks most
 * like one, by a few points for length, position and the words titles end in, less for what banners,
 * credits, contacts and dates look like; else the first heading; else how the text begins. */
#include <string.h>

#include "base/unicode.h"
#include "base/utf8.h"
#include "format/internal.h"

#define TITLE_LINES  40 /* blocks at the beginning that may hold the title */
#define TITLE_MAX_ZH 50 /* characters */
#define TITLE_MAX_EN 110
#define TITLE_CUT    40     /* characters of a title taken from the text's beginning */
#define FIRST_WIDE   0x2E80 /* from here on scripts that part no words by blanks */

void compose_begin(struct composer *composer, enum paper_block_kind kind, unsigned level,
                   unsigned ordinal)
{
    composer->blocks = arena_room(composer->arena, composer->blocks, composer->nblocks,
                                  &composer->blocks_cap, 64, sizeof *composer->blocks);
    if (composer->nblocks)
        buf_add_byte(&composer->text, '\n');
    composer->blocks[composer->nblocks] = (struct paper_block){
        .kind = kind, .level = level, .ordinal = ordinal, .at = composer->text.len};
    composer->first_run = composer->nruns;
    composer->depth = 0;
    composer->too_deep = 0;
    composer->broken = false;
}

static bool is_wide(uint32_t code)
{
    return unicode_is_han(code) || (code >= 0x3000 && code <= 0x303F) ||
           (code >= 0xFF00 && code <= 0xFFEF) || code == 0x201C || code == 0x201D;
}

/* What a line break between two characters reads as. */
static void settle_break(struct composer *composer, struct str text)
{
    composer->broken = false;
    size_t begin = composer->blocks[composer->nblocks].at;
    if (composer->text.len == begin)
        return;
    size_t end = composer->text.len;
    size_t at = 0;
    uint32_t before = utf8_before(buf_str(&composer->text), &end);
    uint32_t after = utf8_next(text, &at);
    bool hyphen = before == '-' && after >= 'a' && after <= 'z';
    if (!(is_wide(before) && is_wide(after)) && !hyphen && !unicode_is_space(before))
        buf_add_byte(&composer->text, ' ');
}

void compose_text(struct composer *composer, struct str text)
{
    const struct paper_block *block = &composer->blocks[composer->nblocks];
    if (block->kind == PAPER_CODE) {
        buf_add(&composer->text, text);
        return;
    }
    if (composer->text.len == block->at && block->kind != PAPER_ROW) {
        struct str kept = str_trim(text);
        text = kept.len ? str_slice(text, (size_t)(kept.at - text.at), text.len) : kept;
    }
    if (text.len == 0)
        return;
    if (composer->broken)
        settle_break(composer, text);
    for (size_t from = 0; from < text.len;) {
        size_t to = from;
        while (to < text.len && text.at[to] != '\n' && text.at[to] != '\r')
            to++;
        buf_add(&composer->text, str_slice(text, from, to - from));
        if (to < text.len)
            buf_add_byte(&composer->text, ' ');
        from = to + 1;
    }
}

void compose_break(struct composer *composer)
{
    composer->broken = true;
}

void compose_run_begin(struct composer *composer, enum paper_run_kind kind, struct str target)
{
    if (composer->depth == FORMAT_DEPTH_MAX) {
        composer->too_deep++;
        return;
    }
    composer->runs = arena_room(composer->arena, composer->runs, composer->nruns,
                                &composer->runs_cap, 64, sizeof *composer->runs);
    /* The space of a break that waits belongs before the run. */
    if (composer->broken)
        settle_break(composer, STR("x"));
    composer->open[composer->depth++] = composer->nruns;
    composer->runs[composer->nruns++] = (struct paper_run){
        .kind = kind, .at = composer->text.len, .target = str_copy(composer->arena, target)};
}

void compose_run_end(struct composer *composer)
{
    if (composer->too_deep) {
        composer->too_deep--;
        return;
    }
    if (composer->depth == 0)
        return;
    struct paper_run *run = &composer->runs[composer->open[--composer->depth]];
    run->len = composer->text.len - run->at;
    while (run->kind != PAPER_CODE_SPAN && run->len && /* a blank at a run's end is not its own */
           composer->text.at[run->at + run->len - 1] == ' ')
        run->len--;
}

/* Cuts runs to the trimmed block and drops those left empty. */
static void fit_runs(struct composer *composer, size_t end)
{
    size_t kept = composer->first_run;
    for (size_t i = composer->first_run; i < composer->nruns; i++) {
        struct paper_run run = composer->runs[i];
        if (run.at >= end)
            continue;
        if (run.len > end - run.at)
            run.len = end - run.at;
        if (run.len)
            composer->runs[kept++] = run;
    }
    composer->nruns = kept;
}

struct paper_block *compose_end(struct composer *composer)
{
    struct paper_block *block = &composer->blocks[composer->nblocks];
    while (composer->depth || composer->too_deep)
        compose_run_end(composer);
    struct str text = str_slice(buf_str(&composer->text), block->at, SIZE_MAX);
    if (block->kind != PAPER_CODE && block->kind != PAPER_ROW)
        text = str_trim(text);
    composer->text.len = block->at + text.len;
    fit_runs(composer, composer->text.len);
    if (text.len == 0 && block->kind != PAPER_RULE) {
        if (composer->nblocks)
            composer->text.len--;
        return NULL;
    }
    block->len = text.len;
    composer->nblocks++;
    return block;
}

void compose_end_outlined(struct composer *composer, enum lang lang)
{
    struct paper_block *block = compose_end(composer);
    if (!block)
        return;
    struct paper_block found = {0};
    paper_classify_line(compose_block_text(composer, composer->nblocks - 1), lang, &found);
    bool takes_all = block->kind == PAPER_PARAGRAPH ||
                     (block->kind == PAPER_ITEM && found.kind == PAPER_MEASURE);
    if (takes_all) {
        block->kind = found.kind;
        block->level = found.level;
    }
    if (takes_all || block->kind == PAPER_HEADING) {
        block->ordinal = found.ordinal;
        block->marker_len = found.marker_len;
    }
}

void compose_drop(struct composer *composer)
{
    composer->text.len = composer->blocks[composer->nblocks].at;
    composer->broken = false;
    (void)compose_end(composer);
}

struct str compose_block_text(const struct composer *composer, size_t block)
{
    return str_slice(buf_str(&composer->text), composer->blocks[block].at,
                     composer->blocks[block].len);
}

/* --- the title -------------------------------------------------------------------------------- */

static const char *const BANNER_WORDS[] = {
    "【",           "】",         "仅供",      "禁止", "严禁",         "外传",
    "会员",         "咨询",       "整理",      "订阅", "微信",         "公众号",
    "QQ",           "电话",       "邮箱",      "版权", "免费",         "http",
    "www.",         "@",          "举报",      "下载", "confidential", "Confidential",
    "CONFIDENTIAL", "All rights", "Copyright", "©",    "ubscribe",
};
static const char *const TITLE_WORDS[] = {
    "发言",  "讲话",     "报告",   "方案",  "意见", "通知",    "总结",    "要点",
    "纪要",  "规划",     "办法",   "决定",  "建议", "材料",    "体会",    "提纲",
    "研究",  "分析",     "说明",   "计划",  "条例", "致辞",    "党课",    "心得",
    "工作",  "汇报",     "inutes", "eport", "emo",  "genda",   "olicy",   "lan",
    "eview", "tatement", "emarks", "peech", "ote",  "riefing", "MINUTES", "REPORT",
};

static bool holds_any(struct str line, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (str_find(line, str_of(words[i]), 0) != SIZE_MAX)
            return true;
    }
    return false;
}

static bool ends_like_sentence(struct str line)
{
    size_t end = line.len;
    uint32_t code = utf8_before(line, &end);
    return code == '.' || code == '!' || code == ';' || code == ':' || code == ',' ||
           code == 0x3002 || code == 0xFF01 || code == 0xFF1B || code == 0xFF1A || code == 0xFF0C;
}

/* "年度研究报告：" names what follows, as half a title does, and no field as "报告人：" or "说明：" do. */
static bool names_kind(struct str words)
{
    for (size_t i = 0; i < sizeof TITLE_WORDS / sizeof *TITLE_WORDS; i++) {
        struct str kind = str_of(TITLE_WORDS[i]);
        if (str_ends(words, kind) && words.len > kind.len)
            return true;
    }
    return false;
}

static bool holds_label(struct str line)
{
    size_t colon = str_find(line, STR("："), 0);
    if (colon == SIZE_MAX)
        colon = str_find(line, STR(": "), 0);
    struct str label = str_slice(line, 0, colon == SIZE_MAX ? 0 : colon);
    return label.len && utf8_count(label) <= 8 && !names_kind(label);
}

static bool is_date_or_number(struct str line)
{
    size_t letters = 0;
    size_t digits = 0;
    for (size_t pos = 0; pos < line.len;) {
        uint32_t code = utf8_next(line, &pos);
        letters += unicode_is_letter(code);
        digits += unicode_is_digit(code);
    }
    return digits * 2 >= letters || line.at[0] == '(' || str_starts(line, STR("（"));
}

/* Points for looking like a title; 0 or less is none. */
static int title_points(struct str line, enum lang lang, bool first)
{
    size_t count = utf8_count(line);
    if (count < 2 || count > (lang == LANG_ZH ? TITLE_MAX_ZH : TITLE_MAX_EN) ||
        ends_like_sentence(line) || is_date_or_number(line) || holds_label(line) ||
        holds_any(line, BANNER_WORDS, sizeof BANNER_WORDS / sizeof *BANNER_WORDS))
        return 0;
    int points = 1 + (first ? 2 : 0);
    points += count >= (lang == LANG_ZH ? 8U : 12U) ? 2 : 0;
    points += holds_any(line, TITLE_WORDS, sizeof TITLE_WORDS / sizeof *TITLE_WORDS) ? 4 : 0;
    points -= str_find(line, STR("，"), 0) != SIZE_MAX ? 1 : 0;
    return points;
}

static bool is_body(const struct composer *composer, size_t i, enum lang lang)
{
    const struct paper_block *block = &composer->blocks[i];
    struct str line = compose_block_text(composer, i);
    if (block->kind != PAPER_PARAGRAPH)
        return block->kind != PAPER_RULE;
    return utf8_count(str_slice(line, 0, 1024)) > (lang == LANG_ZH ? 80U : 160U) ||
           str_ends(line, STR("。"));
}

static size_t find_title(const struct composer *composer, enum lang lang)
{
    size_t best = SIZE_MAX;
    int most = 0;
    for (size_t i = 0; i < composer->nblocks; i++) {
        if (composer->blocks[i].kind == PAPER_TITLE)
            return i;
    }
    for (size_t i = 0; i < composer->nblocks && i < TITLE_LINES && !is_body(composer, i, lang);
         i++) {
        if (composer->blocks[i].kind == PAPER_RULE)
            continue;
        int points = title_points(compose_block_text(composer, i), lang, i == 0);
        if (points > most) {
            most = points;
            best = i;
        }
    }
    return best;
}

/* The end of the last whole word before a cut at `pos`, for words that blanks part; `pos` after Han
 * and their punctuation. */
static size_t whole_word(struct str line, size_t pos)
{
    size_t end = pos;
    size_t before = pos;
    if (pos >= line.len || line.at[pos] == ' ' || utf8_before(line, &before) >= FIRST_WIDE)
        return pos;
    while (end > 0 && line.at[end] != ' ')
        end--;
    return end ? end : pos;
}

static struct str first_words(struct str line)
{
    size_t pos = 0;
    size_t count = 0;
    while (pos < line.len && count < TITLE_CUT && line.at[pos] != '\n' && line.at[pos] != '\t') {
        size_t next = pos;
        uint32_t code = utf8_next(line, &next);
        if (count > 3 && (code == 0x3002 || code == 0xFF01 || code == 0xFF1F))
            break;
        pos = next;
        count++;
    }
    return pos ? str_slice(line, 0, whole_word(line, pos)) : line;
}

static bool has_text(struct str text)
{
    for (size_t pos = 0; pos < text.len;) {
        uint32_t code = utf8_next(text, &pos);
        if (!unicode_is_space(code) && !unicode_is_invisible(code))
            return true;
    }
    return false;
}

static struct str choose_title(struct composer *composer, enum lang lang)
{
    size_t title = find_title(composer, lang);
    if (title != SIZE_MAX) {
        composer->blocks[title].kind = PAPER_TITLE;
        composer->blocks[title].level = 0;
        return compose_block_text(composer, title);
    }
    size_t first = SIZE_MAX;
    for (size_t i = 0; i < composer->nblocks; i++) {
        struct str text = compose_block_text(composer, i);
        if (!has_text(text))
            continue;
        if (composer->blocks[i].kind == PAPER_HEADING)
            return text;
        if (first == SIZE_MAX)
            first = i;
    }
    struct str line = str_trim(compose_block_text(composer, first == SIZE_MAX ? 0 : first));
    return first_words(line);
}

/* A title given by hand also names the block that says the same. */
static void mark_given_title(struct composer *composer, struct str title)
{
    for (size_t i = 0; i < composer->nblocks && i < TITLE_LINES; i++) {
        struct paper_block *block = &composer->blocks[i];
        bool line = block->kind == PAPER_PARAGRAPH || block->kind == PAPER_HEADING ||
                    block->kind == PAPER_TITLE;
        if (line && str_equal(compose_block_text(composer, i), title)) {
            block->kind = PAPER_TITLE;
            block->level = 0;
            return;
        }
    }
}

static void keep_one_title(struct composer *composer)
{
    bool seen = false;
    for (size_t i = 0; i < composer->nblocks; i++) {
        struct paper_block *block = &composer->blocks[i];
        if (block->kind != PAPER_TITLE)
            continue;
        if (seen) {
            block->kind = PAPER_HEADING;
            block->level = 1;
        }
        seen = true;
    }
}

enum status compose_finish(struct composer *composer, enum lang lang, struct str title,
                           struct paper_doc *doc, struct error *err)
{
    struct str given = str_trim(title);
    if (!has_text(buf_str(&composer->text)))
        return error_set(err, STATUS_INPUT, "There is no text in the file. Give one that has some.",
                         "文件里没有文字。请提供有内容的文件。");
    if (given.len)
        mark_given_title(composer, given);
    struct str found = given.len ? given : choose_title(composer, lang);
    keep_one_title(composer);
    *doc = (struct paper_doc){.lang = lang,
                              .title = str_copy(composer->arena, found),
                              .text = buf_str(&composer->text),
                              .blocks = composer->blocks,
                              .nblocks = composer->nblocks,
                              .runs = composer->runs,
                              .nruns = composer->nruns};
    return STATUS_OK;
}
