/* What a reader that was taken over can't do. Each try runs in a child that has shut itself away. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants the four above first */
#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "reader/reader.h"
#include "reader/sandbox.h"

#define REFUSED 100 /* and why */
#define PAGE    7

_Noreturn void reader_refuse(enum reader_refusal why, unsigned number)
{
    _exit(number == PAGE ? REFUSED + (int)why : 1);
}

/* What `attempt` comes to in a child, -1 where it died of a signal. 0 stands for what was possible. */
static int in_sandbox(int (*attempt)(void))
{
    int how;
    pid_t parent = getpid();
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        alarm(60);
        _exit(sandbox_enter(parent) ? attempt() : 2);
    }
    assert_int_equal(waitpid(child, &how, 0), child);
    return WIFEXITED(how) ? WEXITSTATUS(how) : -1;
}

static int failed(int result)
{
    return result < 0 ? 3 : 0;
}

static char secret[] = "/tmp/chancery-secret-XXXXXX";

static int read_a_secret(void)
{
    return failed(open(secret, O_RDONLY));
}
static int read_passwords(void)
{
    return failed(open("/etc/passwd", O_RDONLY));
}
static int list_a_folder(void)
{
    return failed(open("/tmp", O_RDONLY | O_DIRECTORY));
}
static int write_a_file(void)
{
    return failed(open("/tmp/chancery-written", O_WRONLY | O_CREAT, 0600));
}
static int write_over_a_secret(void)
{
    return failed(open(secret, O_WRONLY | O_TRUNC));
}

static void only_fonts_and_models_are_left_of_the_file_system(void **state)
{
    int (*const ATTEMPTS[])(void) = {read_a_secret, read_passwords, list_a_folder, write_a_file,
                                     write_over_a_secret};
    (void)state;
    for (size_t i = 0; i < sizeof ATTEMPTS / sizeof *ATTEMPTS; i++)
        assert_int_equal(in_sandbox(ATTEMPTS[i]), 3);
}

static int read_fonts(void)
{
    return open("/usr/share/fonts", O_RDONLY | O_DIRECTORY) >= 0 ? 4 : 5;
}

static void fonts_can_be_read(void **state)
{
    (void)state;
    assert_int_equal(in_sandbox(read_fonts), 4);
}

static int open_a_socket(void)
{
    return failed(socket(AF_INET, SOCK_STREAM, 0));
}
static int open_a_local_socket(void)
{
    return failed(socket(AF_UNIX, SOCK_STREAM, 0));
}
static int start_a_process(void)
{
    return failed(fork());
}
static void *idle(void *nothing)
{
    return nothing;
}
static int start_a_thread(void)
{
    pthread_t thread;
    return failed(-pthread_create(&thread, NULL, idle, NULL));
}
static int run_a_program(void)
{
    char *words[] = {(char *)(uintptr_t) "true", NULL};
    return failed(execv("/bin/true", words));
}
static int follow_the_parent(void)
{
    return failed((int)ptrace(PTRACE_ATTACH, getppid(), NULL, NULL));
}
static int kill_the_parent(void)
{
    return failed(kill(getppid(), SIGTERM));
}
static int remove_a_file(void)
{
    return failed(unlink(secret));
}
static int open_it_to_all(void)
{
    return failed(chmod(secret, 0666));
}

static void no_call_reaches_out(void **state)
{
    int (*const ATTEMPTS[])(void) = {open_a_socket,   open_a_local_socket, start_a_process,
                                     start_a_thread,  run_a_program,       follow_the_parent,
                                     kill_the_parent, remove_a_file,       open_it_to_all};
    (void)state;
    if (READER_SANITIZED)
        skip(); /* their runtimes need other calls */
    for (size_t i = 0; i < sizeof ATTEMPTS / sizeof *ATTEMPTS; i++)
        assert_int_equal(in_sandbox(ATTEMPTS[i]), 3);
    assert_int_equal(access(secret, F_OK), 0);
}

static int spin(void)
{
    volatile bool on = true;
    sandbox_begin_text(PAGE);
    while (on)
        ;
    return 0;
}

static int fill_memory(void)
{
    sandbox_begin_text(PAGE);
    for (;;) {
        char *more = malloc(1 << 20);
        if (!more)
            abort(); /* as libraries do */
        more[0] = 1;
    }
}

static int follow_a_null(void)
{
    volatile int *volatile nothing = NULL;
    return *nothing;
}

static void what_takes_too_much_is_refused_and_a_crash_stays_one(void **state)
{
    (void)state;
    if (READER_SANITIZED)
        skip(); /* their runtimes read files of /proc when a signal comes */
    assert_int_equal(in_sandbox(spin), REFUSED + READER_REFUSED_COMPLEX);
    assert_int_equal(in_sandbox(fill_memory), REFUSED + READER_REFUSED_MEMORY);
    assert_int_equal(in_sandbox(follow_a_null), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_fonts_and_models_are_left_of_the_file_system),
        cmocka_unit_test(fonts_can_be_read),
        cmocka_unit_test(no_call_reaches_out),
        cmocka_unit_test(what_takes_too_much_is_refused_and_a_crash_stays_one),
    };
    int file = mkstemp(secret);
    if (file < 0)
        return 1;
    (void)close(file);
    int failures = cmocka_run_group_tests(tests, NULL, NULL);
    (void)unlink(secret);
    return failures;
}
