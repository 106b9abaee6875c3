/* What a host finds as it was: signal handlers and floating-point environment after calls, and itself in a forked child. Runs before
 * all other tests: the first call is the one that starts the runtime. */
#include <fenv.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"
#include "crystal.h"
#include "tests.h"

static const int SIGNALS[] = {SIGHUP, SIGINT, SIGQUIT, SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGUSR1, SIGSEGV, SIGUSR2,
                              SIGPIPE, SIGALRM, SIGTERM, SIGCHLD, SIGCONT, SIGTSTP, SIGTTIN, SIGTTOU, SIGWINCH, SIGIO, SIGXFSZ};
enum { COUNT = sizeof SIGNALS / sizeof *SIGNALS };

static volatile sig_atomic_t caught;

static void catch_info(int number, siginfo_t* info, void* context) {
    (void)info, (void)context;
    caught = number;
}

static void catch_plain(int number) {
    caught = number;
}

/* A handler of the host for every signal; in turn with information, plain, ignored and by default. */
static void install(int turn) {
    for (int i = 0; i < COUNT; i++) {
        struct sigaction action = {.sa_flags = SA_RESTART};
        switch ((i + turn) % 4) {
        case 0: action.sa_sigaction = catch_info, action.sa_flags |= SA_SIGINFO | SA_NODEFER; break;
        case 1: action.sa_handler = catch_plain; break;
        case 2: action.sa_handler = SIG_IGN; break;
        default: action.sa_handler = SIG_DFL; break;
        }
        sigaddset(&action.sa_mask, SIGUSR1);
        CHECK(sigaction(SIGNALS[i], &action, NULL) == 0);
    }
}

static void remember(struct sigaction* actions) {
    for (int i = 0; i < COUNT; i++)
        sigaction(SIGNALS[i], NULL, &actions[i]);
}

static void check_same(const struct sigaction* before, const char* after) {
    struct sigaction now[COUNT];
    remember(now);
    for (int i = 0; i < COUNT; i++) {
        int same = now[i].sa_sigaction == before[i].sa_sigaction && now[i].sa_flags == before[i].sa_flags &&
                   sigismember(&now[i].sa_mask, SIGUSR1) == sigismember(&before[i].sa_mask, SIGUSR1);
        if (!same)
            fprintf(stderr, "after %s signal %d is handled otherwise\n", after, SIGNALS[i]);
        CHECK(same);
    }
}

static dn_session create(void) {
    dn_session_options options = {.struct_size = sizeof options, .threads = 2};
    dn_session session = 0;
    CHECK_STATUS(dn_session_create(&options, NULL, &session), DN_OK, "");
    return session;
}

static int64_t count_fcc_of(dn_session session, const dn_frame* frame) {
    dn_result result = {.struct_size = sizeof result};
    CHECK_STATUS(dn_session_process(session, frame, &result), DN_OK, "");
    return result.counts[DN_STRUCTURE_FCC];
}

static int64_t count_fcc(dn_session session) {
    crystal c = crystal_create(4, 4, 3.6, 0.02, 5);
    dn_frame frame = crystal_frame(&c, 0);
    int64_t count = count_fcc_of(session, &frame);
    crystal_free(&c);
    return count;
}

static void signals(void) {
    struct sigaction before[COUNT];
    sigset_t mask_before, mask_after;
    pthread_sigmask(SIG_SETMASK, NULL, &mask_before);
    install(0);
    remember(before);
    dn_session session = create();
    check_same(before, "the first dn_session_create");
    count_fcc(session);
    check_same(before, "dn_session_process");
    for (int turn = 1; turn < 4; turn++) {
        install(turn);
        remember(before);
        count_fcc(session);
        check_same(before, "dn_session_process with other handlers");
    }
    CHECK_STATUS(dn_session_destroy(session), DN_OK, "");
    CHECK_STATUS(dn_shutdown(), DN_OK, "");
    check_same(before, "dn_shutdown");
    pthread_sigmask(SIG_SETMASK, NULL, &mask_after);
    for (int number = 1; number < SIGRTMAX; number++)
        CHECK(sigismember(&mask_before, number) == sigismember(&mask_after, number));

    install(0);
    for (int i = 0; i < COUNT; i++)
        if (i % 4 < 2) {
            caught = 0;
            raise(SIGNALS[i]);
            CHECK(caught == SIGNALS[i]);
        }
    for (int i = 0; i < COUNT; i++)
        signal(SIGNALS[i], SIG_DFL);
}

static void floating_point(void) {
    dn_session session = create();
    crystal c = crystal_create(4, 4, 3.6, 0.02, 5);
    dn_frame frame = crystal_frame(&c, 0);
    int64_t expected = count_fcc_of(session, &frame);
    CHECK(expected == 256);
    const int modes[] = {FE_TONEAREST, FE_UPWARD, FE_DOWNWARD, FE_TOWARDZERO};
    for (int i = 0; i < 4; i++) {
        feclearexcept(FE_ALL_EXCEPT);
        feraiseexcept(FE_UNDERFLOW);
        fesetround(modes[i]);
        /* Hosts that stop at a division by zero or at a result that is no number. */
        feenableexcept(FE_DIVBYZERO | FE_INVALID | FE_OVERFLOW);
        CHECK(count_fcc_of(session, &frame) == expected);
        CHECK(fegetexcept() == (FE_DIVBYZERO | FE_INVALID | FE_OVERFLOW));
        CHECK(fegetround() == modes[i]);
        CHECK(fetestexcept(FE_ALL_EXCEPT) == FE_UNDERFLOW);
        fedisableexcept(FE_ALL_EXCEPT);
    }
    fesetenv(FE_DFL_ENV);
    crystal_free(&c);
    CHECK_STATUS(dn_session_destroy(session), DN_OK, "");
}

/* Exit status of a child that does the work; -1 where it hangs. */
static int in_child(int (*work)(dn_session), dn_session session, int leaves_at_once) {
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        alarm(20);
        int result = work(session);
        if (leaves_at_once)
            _exit(result);
        exit(result);
    }
    int status = -1;
    CHECK(waitpid(child, &status, 0) == child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static int refused(dn_session session) {
    dn_session_options options = {.struct_size = sizeof options, .threads = 2};
    dn_session_info info = {.struct_size = sizeof info};
    dn_frame frame = {.struct_size = sizeof frame};
    dn_result result = {.struct_size = sizeof result, .scale = -1};
    dn_session other = 7;
    int failures = 0;
    for (int i = 0; i < 1000; i++) {
        failures += dn_session_process(session, &frame, &result) != DN_ERROR_FORK || result.scale != -1;
        failures += dn_session_create(&options, NULL, &other) != DN_ERROR_FORK || other != 7;
        failures += dn_session_get_info(session, &info) != DN_ERROR_FORK;
        failures += dn_session_destroy(session) != DN_ERROR_FORK;
        failures += dn_shutdown() != DN_ERROR_FORK;
    }
    failures += strstr(dn_last_error(), "forked") == NULL;
    failures += dn_abi_version() / 1000 != DN_ABI_MAJOR;
    return failures == 0 ? 42 : 1;
}

static int works(dn_session session) {
    (void)session;
    dn_session own = create();
    return own != 0 && count_fcc(own) == 256 && dn_shutdown() == DN_OK ? 43 : 1;
}

static void forks(void) {
    dn_session session = create();
    int64_t expected = count_fcc(session);
    CHECK(in_child(refused, session, 1) == 42);
    CHECK(in_child(refused, session, 0) == 42);
    /* The parent has noticed nothing. */
    CHECK(dn_last_error()[0] == '\0');
    CHECK(count_fcc(session) == expected);
    CHECK_STATUS(dn_session_destroy(session), DN_OK, "");
}

void test_host_state(void) {
    /* Before the runtime has started a child may have its own. */
    CHECK(in_child(works, 0, 1) == 43);
    CHECK(in_child(works, 0, 0) == 43);
    signals();
    floating_point();
    forks();
}
