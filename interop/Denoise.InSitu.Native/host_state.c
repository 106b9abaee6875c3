/*
 * What a host finds after every call as it was before: its signal handlers and its floating-point environment. Also: whether this
 * process is a fork of the one that loaded the library. Linked into the library (see the project file); HostCall.cs is the other side.
 *
 * The runtime installs handlers when the first call starts it, without asking. The linker sends its calls of sigaction and signal here
 * (--wrap), and the handlers that it needs for managed code are in place only while a call runs:
 *   SIGSEGV, SIGFPE  a null reference and a division by zero, which become exceptions
 *   SIGPIPE          would be ignored, for sockets that this library has not
 *   SIGRTMIN         stays: threads are stopped by it for the collector, and the default would end the process. Nobody else sends it
 */
#define _GNU_SOURCE
#include <fenv.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>

int __real_sigaction(int number, const struct sigaction* action, struct sigaction* old);
int __wrap_sigaction(int number, const struct sigaction* action, struct sigaction* old);
sighandler_t __wrap_signal(int number, sighandler_t handler);
int dn_host_enter(fenv_t* environment);
void dn_host_leave(const fenv_t* environment);

typedef struct handler {
    int number;
    int is_wanted;
    struct sigaction ours, hosts;
} handler;

static handler handlers[] = {{.number = SIGSEGV}, {.number = SIGFPE}};
enum { HANDLERS = sizeof handlers / sizeof *handlers };

static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;
static int running; /* calls */
static volatile sig_atomic_t is_fork;

static handler* find(int number) {
    for (int i = 0; i < HANDLERS; i++)
        if (handlers[i].number == number)
            return &handlers[i];
    return NULL;
}

/* What the runtime hands on because it was not its own code: to whoever the host had in charge when the call began. */
static void to_host(int number, siginfo_t* info, void* context) {
    struct sigaction hosts = find(number)->hosts;
    if (hosts.sa_flags & SA_SIGINFO)
        hosts.sa_sigaction(number, info, context);
    else if (hosts.sa_handler != SIG_DFL && hosts.sa_handler != SIG_IGN)
        hosts.sa_handler(number);
    else { /* The instruction runs again, and the process ends as it would have without us. */
        struct sigaction by_default = {.sa_handler = SIG_DFL};
        __real_sigaction(number, &by_default, NULL);
    }
}

static void in_child(void) {
    is_fork = 1;
}

/* Runs once, when the runtime starts: a child of an earlier fork has a runtime of its own. */
static void watch_forks(void) {
    pthread_atfork(NULL, NULL, in_child);
}

int __wrap_sigaction(int number, const struct sigaction* action, struct sigaction* old) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, watch_forks);
    if (action != NULL && number == SIGPIPE && action->sa_handler == SIG_IGN)
        return __real_sigaction(number, NULL, old);
    handler* own = action != NULL ? find(number) : NULL;
    if (own == NULL)
        return __real_sigaction(number, action, old);
    if (old != NULL)
        *old = (struct sigaction){.sa_sigaction = to_host, .sa_flags = SA_SIGINFO};
    own->ours = *action;
    own->is_wanted = 1;
    return 0;
}

sighandler_t __wrap_signal(int number, sighandler_t handler) {
    struct sigaction action = {.sa_handler = handler, .sa_flags = SA_RESTART}, old;
    return __wrap_sigaction(number, &action, &old) == 0 ? old.sa_handler : SIG_ERR;
}

/* Before managed code runs; 0: it must not, for the threads that it needs are in the parent process. */
int dn_host_enter(fenv_t* environment) {
    if (is_fork)
        return 0;
    /* No traps and nothing sticky: hosts that stop at a division by zero mean their own. */
    fegetenv(environment);
    fesetenv(FE_DFL_ENV);
    pthread_mutex_lock(&gate);
    if (running++ == 0)
        for (int i = 0; i < HANDLERS; i++)
            if (handlers[i].is_wanted)
                __real_sigaction(handlers[i].number, &handlers[i].ours, &handlers[i].hosts);
    pthread_mutex_unlock(&gate);
    return 1;
}

void dn_host_leave(const fenv_t* environment) {
    pthread_mutex_lock(&gate);
    if (--running == 0)
        for (int i = 0; i < HANDLERS; i++) {
            struct sigaction now;
            /* Another one: the host has changed its mind meanwhile. */
            if (handlers[i].is_wanted && __real_sigaction(handlers[i].number, NULL, &now) == 0 &&
                now.sa_sigaction == handlers[i].ours.sa_sigaction)
                __real_sigaction(handlers[i].number, &handlers[i].hosts, NULL);
        }
    pthread_mutex_unlock(&gate);
    fesetenv(environment);
}
