/* chancery-reader: reads one PDF or picture that strangers made, shut away from everything; see reader.h, wire.h. */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "reader/answer.h"
#include "reader/glance.h"
#include "reader/paper.h"
#include "reader/pdf.h"
#include "reader/picture.h"
#include "reader/printed.h"
#include "reader/sandbox.h"
#include "reader/words.h"

#if READER_SANITIZED
/* Leaks are looked for by following other processes' memory, which is forbidden here; and the process's end is the end of
 * its memory. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
    return "detect_leaks=0";
}
#endif

static bool map_file(struct str *bytes)
{
    struct stat about;
    if (fstat(STDIN_FILENO, &about) || !S_ISREG(about.st_mode) || about.st_size <= 0)
        return false;
    void *at = mmap(NULL, (size_t)about.st_size, PROT_READ, MAP_PRIVATE, STDIN_FILENO, 0);
    *bytes = (struct str){at, (size_t)about.st_size};
    return at != MAP_FAILED;
}

static unsigned count_pictured(const struct reader *reader)
{
    unsigned count = 0;
    for (size_t i = 0; i < reader->npages; i++)
        count += reader->pages[i].pictured;
    return count;
}

static unsigned models_of(const struct reader *reader)
{
    unsigned models = 0;
    for (size_t i = 0; i < reader->npages; i++)
        models |= reader->pages[i].models;
    return models;
}

static void answer(struct reader *reader)
{
    struct wording words;
    words_compose(reader, &words);
    if (!words.seen.text.len)
        reader_refuse(READER_REFUSED_EMPTY, 0);
    answer_two(WIRE_PAGES, (uint32_t)reader->npages, count_pictured(reader));
    answer_one(WIRE_MODELS, models_of(reader));
    answer_seen(reader->arena, &words.seen);
    for (size_t i = 0; i < reader->npages; i++)
        for (size_t k = 0; k < reader->pages[i].nsigns; k++)
            answer_record(WIRE_SIGN, reader->pages[i].signs[k]);
    answer_record(WIRE_END, STR(""));
}

/* False where the task is none. */
static bool see(struct reader *reader, struct str bytes, struct str task)
{
    bool whole = str_equal(task, STR("see"));
    if (whole && picture_is(bytes))
        picture_see(reader, bytes);
    else if (whole)
        pdf_see(reader, bytes);
    return whole || printed_see(reader, bytes, task);
}

static bool run(struct str bytes, struct str task)
{
    struct reader reader = {.arena = arena_make()};
    if (str_starts(task, STR("draw/")))
        return printed_draw(bytes, task);
    answer_begin();
    if (str_equal(task, STR("paper"))) {
        pdf_read(&reader, bytes);
        paper_answer(&reader);
        return true;
    }
    if (str_equal(task, STR("glance"))) {
        glance_answer(&reader, bytes);
        return true;
    }
    if (!see(&reader, bytes, task))
        return false;
    answer(&reader);
    return true;
}

int main(int count, char **words)
{
    struct str bytes;
    bool fits = count == 4 && atoi(words[1]) == WIRE_VERSION && map_file(&bytes) &&
                sandbox_enter(atoi(words[3])) && run(bytes, str_of(words[2]));
    return fits ? 0 : WIRE_EXIT_USAGE;
}
