/* How long does a search take among very many papers, and against what SQLite brings along?
 *
 * Fills a library with short papers put together from paragraphs of the Debian handbook in English and
 * Chinese, sites and all, and a table of FTS5's own trigram tokenizer with the same texts. Then asks both
 * the same questions: one or two words, or a phrase, out of some paper. Ours is the whole way of the page:
 * question, entitlement, rank, and ten results looked through in the member's own copy; theirs is MATCH
 * with rank and snippet, or LIKE where a word of two characters is too short for it. Prints
 * `name<TAB>value<TAB>detail`. CHANCERY_BENCH_PAPERS sets another number of papers than 100,000. */
#include <inttypes.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/unicode.h"
#include "base/utf8.h"
#include "format/format.h"
#include "library/paper.h"
#include "library/search.h"
#include "library/wordlist.h"
#include "paper/attack.h"

#define HANDBOOK       "usr/share/doc/debian-handbook/html"
#define PIECES_MAX     20000U
#define QUESTIONS      300U
#define PAPERS_A_BATCH 2000U
#define PARTS          3U /* paragraphs of a paper */

struct bed {
    struct arena *arena, *scratch;
    struct str *pieces;
    size_t count, chinese; /* the Chinese ones come first */
    uint64_t papers;
    struct store *store;
    sqlite3 *rival;
    struct paper_lexicon *lexicon;
    char dir[64];
};

static double seconds(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void must(enum status status, const struct error *err)
{
    if (status) {
        (void)fprintf(stderr, "%s\n", err->en);
        exit(1);
    }
}

static void must_sql(struct bed *bed, int code)
{
    if (code != SQLITE_OK && code != SQLITE_DONE && code != SQLITE_ROW) {
        (void)fprintf(stderr, "%s\n", sqlite3_errmsg(bed->rival));
        exit(1);
    }
}

/* --- texts ---------------------------------------------------------------------------------------- */

static struct str read_file(struct arena *arena, const char *path)
{
    struct buf text = {.arena = arena};
    FILE *file = fopen(path, "rb");
    char bytes[65536];
    for (size_t len; file && (len = fread(bytes, 1, sizeof bytes, file)) > 0;)
        buf_add(&text, (struct str){bytes, len});
    if (file)
        (void)fclose(file);
    return buf_str(&text);
}

/* The words of a stretch of HTML, tags left out. */
static struct str strip_tags(struct arena *arena, struct str html)
{
    struct buf text = {.arena = arena};
    bool tag = false;
    bool space = true;
    for (size_t i = 0; i < html.len; i++) {
        char c = html.at[i];
        bool blank = c == ' ' || c == '\n' || c == '\t';
        tag |= c == '<';
        if (!tag && !(blank && space))
            buf_add_byte(&text, blank ? ' ' : c);
        space = tag ? space : blank;
        tag &= c != '>';
    }
    return buf_str(&text);
}

static void take_pieces(struct bed *bed, struct str html)
{
    static const struct str open = {"<div class=\"para\">", 18};
    for (size_t at = 0; (at = str_find(html, open, at)) != SIZE_MAX;) {
        size_t from = at + open.len;
        size_t end = str_find(html, STR("</div>"), from);
        if (end == SIZE_MAX)
            return;
        struct str text = strip_tags(bed->arena, str_slice(html, from, end - from));
        if (text.len > 120 && bed->count < PIECES_MAX)
            bed->pieces[bed->count++] = text;
        at = end;
    }
}

static void read_handbook(struct bed *bed, const char *lang)
{
    struct str command = str_format(
        bed->arena, "ls /" HANDBOOK "/%s/*.html build/texts/" HANDBOOK "/%s/*.html 2>/dev/null",
        lang, lang);
    FILE *list = popen(command.at, "r");
    char path[512];
    while (list && fgets(path, sizeof path, list)) {
        path[strcspn(path, "\n")] = 0;
        take_pieces(bed, read_file(bed->arena, path));
    }
    if (list)
        (void)pclose(list);
}

/* The same paper for the same number. */
static struct str make_paper(struct bed *bed, uint64_t number, bool *chinese)
{
    struct attack_dice dice = {number * 0x9E3779B97F4A7C15U + 1};
    struct buf text = {.arena = bed->scratch};
    *chinese = attack_roll(&dice) % 2;
    size_t from = *chinese ? 0 : bed->chinese;
    size_t span = *chinese ? bed->chinese : bed->count - bed->chinese;
    buf_format(&text, *chinese ? "第%" PRIu64 "号通报\n" : "Circular number %" PRIu64 "\n", number);
    for (unsigned i = 0; i < PARTS; i++)
        buf_format(&text, "\n%.*s\n", STR_ARG(bed->pieces[from + attack_roll(&dice) % span]));
    return buf_str(&text);
}

/* --- filling -------------------------------------------------------------------------------------- */

/* A blob without the flush to disk that a real one gets: 200,000 of them would take the evening. */
static struct digest put_blob(struct bed *bed, struct str bytes)
{
    struct digest digest = digest_of(bytes);
    char hex[DIGEST_HEX + 1];
    digest_to_hex(&digest, hex);
    (void)mkdir(str_format(bed->scratch, "%s/blobs/%.2s", bed->dir, hex).at, 0700);
    FILE *file =
        fopen(str_format(bed->scratch, "%s/blobs/%.2s/%s", bed->dir, hex, hex + 2).at, "wb");
    if (!file || fwrite(bytes.at, 1, bytes.len, file) != bytes.len || fclose(file))
        exit(1);
    return digest;
}

static void bind_digest(struct query *q, int at, const struct digest *digest)
{
    query_bind_blob(q, at, (struct str){(const char *)digest->bytes, DIGEST_BYTES});
}

static void end(struct query *q)
{
    struct error err;
    (void)query_row(q);
    must(query_end(q, &err), &err);
}

static void insert_paper(struct bed *bed, uint64_t number, struct str text)
{
    struct error err;
    struct paper_doc doc;
    struct paper_sites sites;
    must(format_read(bed->scratch, text, FORMAT_TEXT, NULL, STR(""), &doc, &err), &err);
    must(paper_find_sites(bed->scratch, &doc, bed->lexicon, PAPER_DISCREET, &sites, &err), &err);
    struct digest doc_digest = put_blob(bed, paper_doc_pack(bed->scratch, &doc));
    struct digest sites_digest = put_blob(bed, paper_sites_pack(bed->scratch, &sites));
    struct query *q =
        query_start(bed->store, "INSERT INTO paper (id, key_epoch, colluders, created_ms)"
                                " VALUES (?1, 1, 2, ?1)");
    query_bind_int(q, 1, (int64_t)number);
    end(q);
    q = query_start(bed->store,
                    "INSERT INTO edition (paper, number, title, lang, level, doc, sites,"
                    " nsites, published_ms) VALUES (?1, 1, ?2, ?3, 'discreet', ?4, ?5, ?6,"
                    " ?1)");
    query_bind_int(q, 1, (int64_t)number);
    query_bind_str(q, 2, doc.title);
    query_bind_str(q, 3, str_of(lang_code(doc.lang)));
    bind_digest(q, 4, &doc_digest);
    bind_digest(q, 5, &sites_digest);
    query_bind_int(q, 6, sites.nsites);
    end(q);
    q = query_start(bed->store, "INSERT INTO offer (paper, key, access, published_ms)"
                                " VALUES (?1, ?2, 'members', ?1)");
    query_bind_int(q, 1, (int64_t)number);
    query_bind_str(q, 2, str_format(bed->scratch, "p%" PRIu64, number));
    end(q);
}

static void insert_rival(struct bed *bed, sqlite3_stmt *insert, uint64_t number, struct str text)
{
    must_sql(bed, sqlite3_bind_int64(insert, 1, (sqlite3_int64)number));
    must_sql(bed, sqlite3_bind_text(insert, 2, text.at, (int)text.len, SQLITE_STATIC));
    must_sql(bed, sqlite3_step(insert));
    must_sql(bed, sqlite3_reset(insert));
}

static void fill(struct bed *bed)
{
    struct error err;
    sqlite3_stmt *insert;
    must_sql(bed, sqlite3_exec(bed->rival,
                               "PRAGMA journal_mode = WAL; PRAGMA cache_size = -65536;"
                               " PRAGMA mmap_size = 268435456;"
                               " CREATE VIRTUAL TABLE t USING fts5 (body, tokenize = 'trigram')",
                               NULL, NULL, NULL));
    must_sql(bed, sqlite3_prepare_v2(bed->rival, "INSERT INTO t (rowid, body) VALUES (?1, ?2)", -1,
                                     &insert, NULL));
    for (uint64_t i = 1; i <= bed->papers; i++) {
        bool chinese;
        if (i % PAPERS_A_BATCH == 1) {
            must(store_begin(bed->store, &err), &err);
            must_sql(bed, sqlite3_exec(bed->rival, "BEGIN", NULL, NULL, NULL));
        }
        arena_reset(bed->scratch);
        struct str text = make_paper(bed, i, &chinese);
        insert_paper(bed, i, text);
        insert_rival(bed, insert, i, text);
        if (i % PAPERS_A_BATCH == 0 || i == bed->papers) {
            must(store_commit(bed->store, &err), &err);
            must_sql(bed, sqlite3_exec(bed->rival, "COMMIT", NULL, NULL, NULL));
        }
    }
    must_sql(bed, sqlite3_finalize(insert));
}

static double index_all(struct bed *bed)
{
    struct error err;
    bool more = true;
    double start = seconds();
    while (more)
        must(library_search_catch_up(bed->store, &more, &err), &err);
    return seconds() - start;
}

/* --- asking --------------------------------------------------------------------------------------- */

/* One or two words of a paper, or in every fourth question a phrase. */
static size_t draw_words(struct bed *bed, struct attack_dice *dice, struct str words[2],
                         bool *phrase)
{
    bool chinese;
    struct str text = make_paper(bed, 1 + attack_roll(dice) % bed->papers, &chinese);
    struct words cut = unicode_segment(bed->scratch, text, chinese);
    size_t wanted = 1 + attack_roll(dice) % 2;
    size_t count = 0;
    *phrase = attack_roll(dice) % 4 == 0;
    for (unsigned tries = 0; tries < 200 && count < wanted; tries++) {
        size_t i = attack_roll(dice) % cut.count;
        size_t last = *phrase && i + 4 < cut.count ? i + 4 : i;
        size_t from = i ? cut.end[i - 1] : 0;
        struct str word = str_slice(text, from, cut.end[last] - from);
        size_t pos = 0;
        bool clean = word.len >= (chinese ? 6U : 3U);
        while (clean && pos < word.len) {
            uint32_t code = utf8_next(word, &pos);
            clean = unicode_is_letter(code) || (*phrase && code == ' ');
        }
        if (clean)
            words[count++] = str_trim(word);
        if (clean && *phrase)
            break;
    }
    return count;
}

static double ask_ours(struct bed *bed, const struct str *words, size_t count, bool phrase,
                       unsigned *found)
{
    struct error err;
    struct search_found answer;
    struct buf typed = {.arena = bed->scratch};
    for (size_t i = 0; i < count; i++)
        buf_format(&typed, phrase ? "%s\"%.*s\"" : "%s%.*s", i ? " " : "", STR_ARG(words[i]));
    const struct search_request request = {
        .words = buf_str(&typed), .member = 1, .now_ms = store_now_ms(), .page = 1};
    double start = seconds();
    must(library_search(bed->scratch, bed->store, &request, &answer, &err), &err);
    double took = (seconds() - start) * 1e3;
    *found += answer.nhits > 0;
    return took;
}

static double ask_theirs(struct bed *bed, const struct str *words, size_t count, bool *scanned)
{
    struct buf sql = {.arena = bed->scratch};
    struct buf match = {.arena = bed->scratch};
    sqlite3_stmt *s;
    *scanned = false;
    for (size_t i = 0; i < count; i++)
        *scanned |= utf8_count(words[i]) < 3;
    for (size_t i = 0; i < count; i++) {
        buf_format(&match, "%s\"%.*s\"", i ? " AND " : "", STR_ARG(words[i]));
        buf_format(&sql, "%sbody LIKE '%%%.*s%%'", i ? " AND " : "", STR_ARG(words[i]));
    }
    struct str query =
        *scanned ? str_format(bed->scratch,
                              "SELECT rowid, substr(body, 1, 100) FROM t WHERE %.*s"
                              " ORDER BY rowid DESC LIMIT 11",
                              STR_ARG(buf_str(&sql)))
                 : STR("SELECT rowid, snippet(t, 0, '', '', '', 40) FROM t WHERE t MATCH ?1"
                       " ORDER BY rank LIMIT 11");
    double start = seconds();
    must_sql(bed, sqlite3_prepare_v2(bed->rival, query.at, -1, &s, NULL));
    if (!*scanned)
        must_sql(bed, sqlite3_bind_text(s, 1, match.at, (int)match.len, SQLITE_STATIC));
    while (sqlite3_step(s) == SQLITE_ROW)
        (void)sqlite3_column_bytes(s, 1);
    double took = (seconds() - start) * 1e3;
    must_sql(bed, sqlite3_finalize(s));
    return took;
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;
    return (x > y) - (x < y);
}

static double at_rank(double *times, unsigned count, double part)
{
    qsort(times, count, sizeof *times, by_size);
    return times[(unsigned)((count - 1) * part)];
}

static void ask_both(struct bed *bed, double indexed)
{
    double ours[QUESTIONS];
    double theirs[QUESTIONS];
    struct attack_dice dice = {42};
    unsigned asked = 0;
    unsigned found = 0;
    unsigned scans = 0;
    while (asked < QUESTIONS) {
        struct str words[2];
        bool phrase;
        bool scanned;
        arena_reset(bed->scratch);
        size_t count = draw_words(bed, &dice, words, &phrase);
        if (count == 0)
            continue;
        ours[asked] = ask_ours(bed, words, count, phrase, &found);
        theirs[asked++] = ask_theirs(bed, words, count, &scanned);
        scans += scanned;
    }
    double p99 = at_rank(ours, QUESTIONS, 0.99);
    double rival = at_rank(theirs, QUESTIONS, 0.99);
    printf("search_p99_ms\t%.2f\t%u questions among %" PRIu64
           " papers (median %.2f ms), %u answered; indexed at %.0f papers/s\n",
           p99, QUESTIONS, bed->papers, at_rank(ours, QUESTIONS, 0.5), found,
           (double)bed->papers / indexed);
    printf("search_trigram_p99_ms\t%.2f\tmedian %.2f ms; %u questions needed LIKE\n", rival,
           at_rank(theirs, QUESTIONS, 0.5), scans);
    printf("search_vs_trigram\t%.3f\tp99, ours of theirs\n", p99 / rival);
}

int main(void)
{
    const char *wanted = getenv("CHANCERY_BENCH_PAPERS");
    struct error err;
    struct bed bed = {.arena = arena_make(),
                      .scratch = arena_make(),
                      .papers = wanted ? strtoull(wanted, NULL, 10) : 100000,
                      .dir = "/tmp/chancery-bench-XXXXXX"};
    bed.pieces = arena_array(bed.arena, PIECES_MAX, struct str);
    read_handbook(&bed, "zh-CN");
    bed.chinese = bed.count;
    read_handbook(&bed, "en-US");
    if (bed.chinese == 0 || bed.count == bed.chinese || !bed.papers || !mkdtemp(bed.dir)) {
        (void)fprintf(stderr, "debian-handbook is not there; ./dev test unpacks it\n");
        return 1;
    }
    must(library_load_lexicon(bed.arena, &bed.lexicon, &err), &err);
    must(store_create(bed.dir, &err), &err);
    must(store_open(bed.dir, &bed.store, &err), &err);
    must(store_run(bed.store, "INSERT INTO member (name, email, created_ms) VALUES ('a', 'a@b', 0)",
                   &err),
         &err);
    must_sql(&bed, sqlite3_open(str_format(bed.arena, "%s/rival.db", bed.dir).at, &bed.rival));
    fill(&bed);
    ask_both(&bed, index_all(&bed));
    store_close(bed.store);
    (void)sqlite3_close(bed.rival);
    return system(str_format(bed.arena, "rm -rf %s", bed.dir).at);
}
