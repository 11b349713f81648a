/* Bytes reach a file descriptor whole, or the caller is told. */
#include "base/fd.h"

#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define LENGTH 1000000U /* more than a pipe holds */

static void note(int number)
{
    (void)number;
}

static void what_signals_cut_into_pieces_is_written_whole(void **state)
{
    const struct sigaction interrupt = {.sa_handler =
                                            note}; /* what is under way is not begun again */
    static char bytes[LENGTH];
    static char piece[4096];
    int ends[2];
    (void)state;
    memset(bytes, 'x', sizeof bytes);
    assert_int_equal(sigaction(SIGUSR1, &interrupt, NULL), 0);
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    if (child == 0)
        _exit(fd_write(ends[1], (struct str){bytes, sizeof bytes}) ? 0 : 1);
    (void)close(ends[1]);
    size_t got = 0;
    for (ssize_t n = 1; n > 0; got += n > 0 ? (size_t)n : 0) {
        n = read(ends[0], piece, sizeof piece);
        (void)kill(child, SIGUSR1);
    }
    int how = 1;
    assert_int_equal(waitpid(child, &how, 0), child);
    assert_int_equal(how, 0);
    assert_int_equal(got, sizeof bytes);
    (void)close(ends[0]);
}

static void where_nobody_reads_the_caller_is_told(void **state)
{
    int ends[2];
    (void)state;
    (void)signal(SIGPIPE, SIG_IGN);
    assert_int_equal(pipe(ends), 0);
    (void)close(ends[0]);
    assert_false(fd_write(ends[1], STR("lost")));
    assert_true(fd_write(ends[1], STR("")));
    (void)close(ends[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_signals_cut_into_pieces_is_written_whole),
        cmocka_unit_test(where_nobody_reads_the_caller_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
