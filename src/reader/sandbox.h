/* What this process may do: read the file at hand, fonts and models of letters, and answer. */
#ifndef READER_SANDBOX_H
#define READER_SANDBOX_H

#include <stdbool.h>

/* Whether the program was built with a sanitizer, as gcc and as clang say it: its shadow memory can't be bounded, and it
 * calls what is forbidden here. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define READER_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || \
    __has_feature(memory_sanitizer)
#define READER_SANITIZED 1
#endif
#endif
#ifndef READER_SANITIZED
#define READER_SANITIZED 0
#endif

/* Shuts everything else off, for good: dies with `parent`, no core, no file written, no process, no network, no program
 * run, little memory, bounded time; and turns a death that memory or time caused into a refusal. False where the
 * kernel refuses or the parent is gone. Before any byte of the file is looked at. */
bool sandbox_enter(int parent);

/* Whether files are opened at all, fonts and models of letters: not where Landlock could not be entered. */
bool sandbox_opens(void);

/* The memory that pictures of pages need, for the rest of the process. */
void sandbox_more_memory(void);

/* Every page has as much time of the processor again: a page of text seven tenths of a second, five seconds where it is drawn for
 * the lines of its tables or for eyes, a picture a minute. Past it the file is refused as READER_REFUSED_COMPLEX with the page's number. */
void sandbox_begin_text(unsigned page);
void sandbox_begin_lines(unsigned page);
void sandbox_begin_picture(unsigned page);

#endif
