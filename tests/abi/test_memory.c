/* Too little memory is a status, not the end of the process. Runs in a process of its own, whose address space is then
 * closed. */
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"
#include "crystal.h"
#include "tests.h"

static size_t address_space(void) {
    size_t pages = 0;
    FILE* file = fopen("/proc/self/statm", "r");
    if (file == NULL || fscanf(file, "%zu", &pages) != 1)
        pages = 0;
    if (file != NULL)
        fclose(file);
    return pages * (size_t)sysconf(_SC_PAGESIZE);
}

int run_out_of_memory(const char* model) {
    crystal small = crystal_create(4, 3, 3.6, 0.05, 1), large = crystal_create(4, 60, 3.6, 0.05, 1);
    dn_session_options options = {.struct_size = sizeof options, .model_path = model, .max_iterations = 1, .scale = 1};
    dn_session session = 0;
    dn_result result = {.struct_size = sizeof result};
    dn_frame frame = crystal_frame(&small, 0);
    if (dn_session_create(&options, NULL, &session) != DN_OK || dn_session_process(session, &frame, &result) != DN_OK)
        return 3;
    struct rlimit limit = {address_space() + (40u << 20), RLIM_INFINITY};
    if (setrlimit(RLIMIT_AS, &limit) != 0)
        return 4;
    frame = crystal_frame(&large, 0);
    dn_status status = dn_session_process(session, &frame, &result);
    if (status != DN_ERROR_MEMORY)
        return fprintf(stderr, "status %d: %s\n", (int)status, dn_last_error()), 5;
    /* What was possible before is possible again. */
    limit.rlim_cur = RLIM_INFINITY;
    if (setrlimit(RLIMIT_AS, &limit) != 0)
        return 6;
    frame = crystal_frame(&small, 0);
    if (dn_session_process(session, &frame, &result) != DN_OK)
        return 7;
    return dn_session_destroy(session) == DN_OK ? 0 : 8;
}

void test_memory(const char* program, const char* model) {
    pid_t child = fork();
    if (child == 0) {
        execl(program, program, "--out-of-memory", model, (char*)NULL);
        _exit(99);
    }
    int status = -1;
    waitpid(child, &status, 0);
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        fprintf(stderr, "out-of-memory process: wait status %d\n", status);
    CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}
