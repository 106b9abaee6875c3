/*
 * Linked into the program and the library, and run before anything that the managed compiler made: on a CPU for which
 * that was not compiled it says so in a sentence. The program ends there. The library leaves its host alone; a call
 * into it would end the process with the runtime's own message.
 *
 * What is compiled ahead of time has one vector width, so there are two programs: bin/denoise for every CPU, and
 * libexec/denoise-avx512, to which the first one hands over where it is and the CPU has AVX-512. That is an execv
 * before the runtime starts: same process, same arguments, same MPI rank. DENOISE_SIMD=256 stays with the first.
 */

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char problem[] = PRODUCT ": this CPU has no AVX2, FMA and BMI, for which " PRODUCT
                                      " is compiled; use a machine of 2013 (Intel), 2015 (AMD) or later\n";

#ifdef IS_PROGRAM
/* x86-64-v4. */
static int cpu_is_wide(void) {
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
           __builtin_cpu_supports("avx512cd") && __builtin_cpu_supports("avx512dq") &&
           __builtin_cpu_supports("avx512vl");
}

/* Returns where this is the right program already, or the only one. */
static void hand_over(char** argv) {
    static const char wide[] = "/../libexec/denoise-avx512";
    static char name[] = "denoise";
    char path[PATH_MAX + sizeof wide];
    const char* simd = getenv("DENOISE_SIMD");
    if (!cpu_is_wide() || (simd && strcmp(simd, "256") == 0))
        return;
    const ssize_t length = readlink("/proc/self/exe", path, PATH_MAX);
    if (length <= 0 || length == PATH_MAX)
        return;
    path[length] = '\0';
    char* file = strrchr(path, '/');
    if (!file || strcmp(file, strrchr(wide, '/')) == 0)
        return;
    strcpy(file, wide);
    char* typed = argv[0];
    argv[0] = name;
    execv(path, argv);
    argv[0] = typed;
}
#endif

/* The compiler's built-in test also asks whether the system saves the registers. */
__attribute__((constructor)) static void check_cpu(int argc, char** argv) {
    __builtin_cpu_init();
#ifdef IS_PROGRAM
    if (argc > 0)
        hand_over(argv);
#endif
    (void)argc, (void)argv;
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("bmi") &&
        __builtin_cpu_supports("bmi2"))
        return;
    ssize_t written = write(STDERR_FILENO, problem, strlen(problem));
    (void)written;
#ifdef IS_PROGRAM
    _exit(1);
#endif
}
