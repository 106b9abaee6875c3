/* Two threads with a session each, and an error text for each thread. */
#include <pthread.h>
#include <stdlib.h>

#include "check.h"
#include "crystal.h"
#include "tests.h"

enum { FRAMES = 3, CELLS = 4, ATOMS = 4 * CELLS * CELLS * CELLS };

typedef struct job {
    const char* model;
    unsigned seed;
    int64_t counts[FRAMES];
    double positions[3 * ATOMS];
} job;

static void* work(void* context) {
    job* j = context;
    CHECK(dn_last_error()[0] == '\0');
    dn_session_options options = {
        .struct_size = sizeof options, .model_path = j->model, .threads = 2, .max_iterations = 4};
    dn_session session = 0;
    CHECK_STATUS(dn_session_create(&options, NULL, &session), DN_OK, "");
    for (int f = 0; f < FRAMES; f++) {
        crystal c = crystal_create(4, CELLS, 3.6, 0.12, j->seed + (unsigned)f);
        dn_frame frame = crystal_frame(&c, 0);
        dn_result result = {.struct_size = sizeof result, .positions = j->positions};
        CHECK_STATUS(dn_session_process(session, &frame, &result), DN_OK, "");
        j->counts[f] = result.counts_raw[DN_STRUCTURE_FCC] * 100000 + result.counts[DN_STRUCTURE_FCC];
        frame.n_local = -(int32_t)j->seed;
        char expected[32];
        snprintf(expected, sizeof expected, "n_local -%u ", j->seed);
        CHECK_STATUS(dn_session_process(session, &frame, &result), DN_ERROR_ARGUMENT, expected);
        crystal_free(&c);
    }
    CHECK_STATUS(dn_session_destroy(session), DN_OK, "");
    return NULL;
}

void test_threads(const char* model) {
    job* jobs = calloc(4, sizeof *jobs);
    pthread_t threads[4];
    /* Alone first, then the same two side by side. Every one runs on a new thread, whose error text is empty. */
    for (int i = 0; i < 4; i++) {
        jobs[i].model = model, jobs[i].seed = i % 2 == 0 ? 100 : 200;
        CHECK(pthread_create(&threads[i], NULL, work, &jobs[i]) == 0);
        if (i < 2)
            pthread_join(threads[i], NULL);
    }
    pthread_join(threads[2], NULL), pthread_join(threads[3], NULL);
    for (int i = 0; i < 2; i++) {
        CHECK(memcmp(jobs[i].counts, jobs[i + 2].counts, sizeof jobs[i].counts) == 0);
        CHECK(memcmp(jobs[i].positions, jobs[i + 2].positions, sizeof jobs[i].positions) == 0);
    }
    free(jobs);
}
