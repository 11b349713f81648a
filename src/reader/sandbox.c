/* Limits and shutters; see sandbox.h.
 *
 * Four of them stand behind one another. Limits of resources bound what a bomb may take. Landlock leaves of the file
 * system only folders of fonts, their settings and models of letters, to read: not the data folder with its keys. Where a kernel
 * has none, nothing can be opened at all any more, and text that needs a font of the system is lost. Seccomp
 * allows the calls that reading needs; all others fail as if forbidden. And nothing can be gained by running another
 * program. */
#include "reader/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

#include "reader/reader.h"

#define MIB ((rlim_t)1024 * 1024)
#define MEMORY_OF_TEXT \
    (512 * MIB) /* of addresses: libraries and tables of the system take half of it */
#define MEMORY_OF_IMAGES (3072 * MIB)
#define SECONDS_MOST     1800
#define TEXT_MS          700
#define LINES_MS         5000
#define PICTURE_MS       60000
#define FILES_MOST       64
#define ROOM_TRIED       ((size_t)16 * 1024 * 1024)

/* --- limits ------------------------------------------------------------------------------------------- */

static volatile sig_atomic_t page_at_work;

static bool limit(int what, rlim_t soft, rlim_t hard)
{
    struct rlimit value = {soft, hard};
    return setrlimit(what, &value) == 0;
}

static bool enter_limits(void)
{
    return limit(RLIMIT_CORE, 0, 0) && limit(RLIMIT_FSIZE, 0, 0) && limit(RLIMIT_NPROC, 0, 0) &&
           limit(RLIMIT_NOFILE, FILES_MOST, FILES_MOST) &&
           limit(RLIMIT_CPU, SECONDS_MOST, SECONDS_MOST + 5) &&
           (READER_SANITIZED || limit(RLIMIT_AS, MEMORY_OF_TEXT, MEMORY_OF_IMAGES));
}

void sandbox_more_memory(void)
{
    if (!READER_SANITIZED)
        (void)limit(RLIMIT_AS, MEMORY_OF_IMAGES, MEMORY_OF_IMAGES);
}

static void begin_page(unsigned page, unsigned ms)
{
    if (READER_SANITIZED)
        ms *= 10;
    struct itimerval timer = {.it_value = {.tv_sec = ms / 1000, .tv_usec = ms % 1000 * 1000}};
    page_at_work = (sig_atomic_t)page;
    (void)setitimer(ITIMER_PROF, &timer, NULL);
}

void sandbox_begin_text(unsigned page)
{
    begin_page(page, TEXT_MS);
}

void sandbox_begin_lines(unsigned page)
{
    begin_page(page, LINES_MS);
}

void sandbox_begin_picture(unsigned page)
{
    begin_page(page, PICTURE_MS);
}

/* --- deaths -------------------------------------------------------------------------------------------- */

/* A library that gets no memory gives up in its own way: it aborts, traps, or follows a pointer to nothing. What all have
 * in common is that there is no room even now. */
static bool is_out_of_memory(void)
{
    void *room = mmap(NULL, ROOM_TRIED, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return room == MAP_FAILED;
}

static void on_death(int number)
{
    if (number == SIGPROF)
        reader_refuse(READER_REFUSED_COMPLEX, (unsigned)page_at_work);
    if (number == SIGXCPU)
        reader_refuse(READER_REFUSED_TIME, (unsigned)page_at_work);
    if (is_out_of_memory())
        reader_refuse(READER_REFUSED_MEMORY, (unsigned)page_at_work);
    (void)signal(number, SIG_DFL);
    (void)raise(number);
}

static bool enter_handlers(void)
{
    static const int DEATHS[] = {SIGPROF, SIGXCPU, SIGABRT, SIGTRAP, SIGSEGV, SIGBUS};
    static char room[64 * 1024];
    stack_t stack = {.ss_sp = room, .ss_size = sizeof room};
    struct sigaction action = {.sa_handler = on_death, .sa_flags = SA_ONSTACK | SA_NODEFER};
    if (sigaltstack(&stack, NULL))
        return false;
    for (size_t i = 0; i < sizeof DEATHS / sizeof *DEATHS; i++)
        if ((!READER_SANITIZED || i < 2) && sigaction(DEATHS[i], &action, NULL))
            return false;
    return true;
}

/* --- files --------------------------------------------------------------------------------------------- */

static const char *const FOLDERS[] = {
    "/usr/share", "/usr/local/share", "/etc/fonts", "/etc/ld.so.cache", "/usr/lib",
    "/lib",       "/lib64",           "/usr/lib64", "/usr/local/lib",   "/var/cache/fontconfig",
};
/* Where the environment says that they are. */
static const char *const NAMED[] = {"FONTCONFIG_PATH", "TESSDATA_PREFIX"};

static void allow_folder(int rules, const char *folder)
{
    struct landlock_path_beneath_attr beneath = {.allowed_access = LANDLOCK_ACCESS_FS_READ_FILE |
                                                                   LANDLOCK_ACCESS_FS_READ_DIR,
                                                 .parent_fd = open(folder, O_PATH | O_CLOEXEC)};
    if (beneath.parent_fd < 0)
        return;
    if (syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &beneath, 0)) {
        beneath.allowed_access = LANDLOCK_ACCESS_FS_READ_FILE; /* a file, no folder */
        (void)syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &beneath, 0);
    }
    (void)close(beneath.parent_fd);
}

/* True where only these folders are left. */
static bool enter_landlock(void)
{
    struct landlock_ruleset_attr all = {.handled_access_fs =
                                            (LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1};
    int rules = (int)syscall(SYS_landlock_create_ruleset, &all, sizeof all, 0);
    if (rules < 0)
        return false;
    for (size_t i = 0; i < sizeof FOLDERS / sizeof *FOLDERS; i++)
        allow_folder(rules, FOLDERS[i]);
    for (size_t i = 0; i < sizeof NAMED / sizeof *NAMED; i++)
        if (getenv(NAMED[i]))
            allow_folder(rules, getenv(NAMED[i]));
    bool entered = syscall(SYS_landlock_restrict_self, rules, 0) == 0;
    (void)close(rules);
    return entered;
}

/* --- calls --------------------------------------------------------------------------------------------- */

static const int CALLS[] = {
    SCMP_SYS(read),
    SCMP_SYS(readv),
    SCMP_SYS(pread64),
    SCMP_SYS(write),
    SCMP_SYS(writev),
    SCMP_SYS(close),
    SCMP_SYS(fstat),
    SCMP_SYS(stat),
    SCMP_SYS(lstat),
    SCMP_SYS(newfstatat),
    SCMP_SYS(statx),
    SCMP_SYS(statfs),
    SCMP_SYS(fstatfs),
    SCMP_SYS(lseek),
    SCMP_SYS(access),
    SCMP_SYS(faccessat),
    SCMP_SYS(faccessat2),
    SCMP_SYS(readlink),
    SCMP_SYS(readlinkat),
    SCMP_SYS(getdents64),
    SCMP_SYS(getcwd),
    SCMP_SYS(fcntl),
    SCMP_SYS(fadvise64),
    SCMP_SYS(mmap),
    SCMP_SYS(mprotect),
    SCMP_SYS(munmap),
    SCMP_SYS(mremap),
    SCMP_SYS(madvise),
    SCMP_SYS(brk),
    SCMP_SYS(futex),
    SCMP_SYS(exit),
    SCMP_SYS(exit_group),
    SCMP_SYS(rt_sigaction),
    SCMP_SYS(rt_sigprocmask),
    SCMP_SYS(rt_sigreturn),
    SCMP_SYS(sigaltstack),
    SCMP_SYS(setitimer),
    SCMP_SYS(getrandom),
    SCMP_SYS(clock_gettime),
    SCMP_SYS(clock_getres),
    SCMP_SYS(clock_nanosleep),
    SCMP_SYS(gettimeofday),
    SCMP_SYS(time),
    SCMP_SYS(times),
    SCMP_SYS(getrusage),
    SCMP_SYS(getpid),
    SCMP_SYS(gettid),
    SCMP_SYS(getuid),
    SCMP_SYS(geteuid),
    SCMP_SYS(getgid),
    SCMP_SYS(getegid),

    SCMP_SYS(sysinfo),
    SCMP_SYS(uname),
    SCMP_SYS(sched_yield),
    SCMP_SYS(sched_getaffinity),

    SCMP_SYS(getrlimit),
    SCMP_SYS(setrlimit),
    SCMP_SYS(rseq),
    SCMP_SYS(restart_syscall),
    SCMP_SYS(getcpu),
    SCMP_SYS(set_robust_list),
};

/* Written out: clang warns of libseccomp's own macros, which leave the second value away. */
static struct scmp_arg_cmp is_equal(unsigned arg, scmp_datum_t value)
{
    return (struct scmp_arg_cmp){.arg = arg, .op = SCMP_CMP_EQ, .datum_a = value, .datum_b = 0};
}

/* Its own limits and its own death are its affair; nobody else's. */
static bool allow_itself(scmp_filter_ctx filter)
{
    return seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(prlimit64), 1, is_equal(0, 0)) == 0 &&
           seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1,
                            is_equal(0, (scmp_datum_t)getpid())) == 0;
}

/* Files are opened for reading, or not at all. */
static bool allow_opening(scmp_filter_ctx filter)
{
    const scmp_datum_t writing = O_ACCMODE | O_CREAT | O_TRUNC;
    return seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(openat), 1,
                            SCMP_A2(SCMP_CMP_MASKED_EQ, writing, O_RDONLY)) == 0 &&
           seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(open), 1,
                            SCMP_A1(SCMP_CMP_MASKED_EQ, writing, O_RDONLY)) == 0;
}

static bool enter_seccomp(bool opening)
{
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
    bool entered = filter != NULL;
    for (size_t i = 0; entered && i < sizeof CALLS / sizeof *CALLS; i++)
        entered = seccomp_rule_add(filter, SCMP_ACT_ALLOW, CALLS[i], 0) == 0;
    entered = entered && allow_itself(filter) && (!opening || allow_opening(filter)) &&
              seccomp_load(filter) == 0;
    seccomp_release(filter);
    return entered;
}

static bool fenced;

bool sandbox_opens(void)
{
    return fenced || READER_SANITIZED;
}

bool sandbox_enter(int parent)
{
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) || getppid() != parent ||
        prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || prctl(PR_SET_DUMPABLE, 0))
        return false;
    if (!enter_limits() || !enter_handlers())
        return false;
    fenced = enter_landlock();
    return READER_SANITIZED || enter_seccomp(fenced);
}
