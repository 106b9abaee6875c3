/*
 * Linked into the program and the library, and run before anything that the managed compiler made: on a CPU for which
 * that was not compiled it says so in a sentence. The program ends there. The library leaves its host alone; a call
 * into it would end the process with the runtime's own message.
 */

#include <string.h>
#include <unistd.h>

static const char problem[] = PRODUCT ": this CPU has no AVX2, FMA and BMI, for which " PRODUCT
                                      " is compiled; use a machine of 2013 (Intel), 2015 (AMD) or later\n";

/* The compiler's built-in test also asks whether the system saves the registers. */
__attribute__((constructor)) static void check_cpu(void) {
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("bmi") &&
        __builtin_cpu_supports("bmi2"))
        return;
    ssize_t written = write(STDERR_FILENO, problem, strlen(problem));
    (void)written;
#ifdef IS_PROGRAM
    _exit(1);
#endif
}
