/* What callbacks and other ranks can do to a call. */
#include <pthread.h>
#include <stdlib.h>

#include "check.h"
#include "host.h"
#include "tests.h"

static dn_status process(dn_session session, const crystal* c, double ghost_cutoff) {
    dn_frame frame = crystal_frame(c, ghost_cutoff);
    dn_result result = {.struct_size = sizeof result, .scale = -5};
    dn_status status = dn_session_process(session, &frame, &result);
    CHECK(status == DN_OK ? result.scale > 0 : result.scale == -5);
    return status;
}

static void other_ranks(void) {
    crystal c = crystal_create(4, 3, 3.6, 0.03, 1);
    crystal_add_ghosts(&c, 6);
    host_state state = {.atoms = &c};
    dn_host host = host_table(&state);
    host.size = 2;
    dn_session_options o = {.struct_size = sizeof o};
    dn_session session = 99;
    state.other_rank_fails = 1;
    CHECK_STATUS(dn_session_create(&o, &host, &session), DN_ERROR_OTHER_RANK, "rank 1");
    state.other_rank_fails = 0, state.other_rank_differs = 1;
    CHECK_STATUS(dn_session_create(&o, &host, &session), DN_ERROR_COMMUNICATION, "different options");
    state.other_rank_differs = 0, state.fail_allreduce = 1;
    CHECK_STATUS(dn_session_create(&o, &host, &session), DN_ERROR_CALLBACK, "allreduce_max_f64 returned 43");
    CHECK(session == 99);
    /* A rank that has no place for the handle tells the others, who are waiting. */
    state.fail_allreduce = 0, state.reductions = 0;
    CHECK_STATUS(dn_session_create(&o, &host, NULL), DN_ERROR_ARGUMENT, "session");
    CHECK(state.reductions == 1);
    state.fail_allreduce = 0;
    CHECK_STATUS(dn_session_create(&o, &host, &session), DN_OK, "");
    state.other_rank_fails = 1;
    CHECK_STATUS(process(session, &c, 6), DN_ERROR_OTHER_RANK, "rank 1");
    state.other_rank_fails = 0, state.fail_allreduce = 1;
    CHECK_STATUS(process(session, &c, 6), DN_ERROR_CALLBACK, "allreduce_max_f64 returned 43");
    state.fail_allreduce = 0;
    CHECK_STATUS(process(session, &c, 6), DN_OK, "");

    /* Images of a periodic box are for one process; and this rank fails, not the other. */
    dn_frame frame = crystal_frame(&c, 6);
    frame.cell[0] = frame.cell[4] = frame.cell[8] = c.edge, frame.periodic[0] = 1;
    dn_result result = {.struct_size = sizeof result};
    CHECK_STATUS(dn_session_process(session, &frame, &result), DN_ERROR_ARGUMENT, "periodic");
    CHECK_STATUS(dn_session_destroy(session), DN_OK, "");
    crystal_free(&c);
}

static void short_ghosts(const char* model) {
    crystal c = crystal_create(4, 4, 3.6, 0.03, 1);
    crystal_add_ghosts(&c, 3);
    host_state state = {.atoms = &c};
    dn_host host = host_table(&state);
    /* Without a model fixed-cutoff analysis says how far it looks, with one the network does. */
    dn_session_options o = {.struct_size = sizeof o,
                            .classify = DN_CLASSIFY_CNA,
                            .cna_cutoff = 3.07,
                            .model_path = model,
                            .scale = model == NULL ? 0 : 0.99};
    dn_session session = 0;
    CHECK_STATUS(dn_session_create(&o, &host, &session), DN_OK, "");
    CHECK_STATUS(process(session, &c, 3), DN_ERROR_COMMUNICATION, "must reach");
    dn_session_info info = {.struct_size = sizeof info};
    CHECK_STATUS(dn_session_get_info(session, &info), DN_OK, "");
    CHECK(info.ghost_cutoff_needed > 3 && info.ghost_cutoff_needed < 6);
    CHECK(model == NULL || (info.halo_width_f64 >= 3 && info.species_count == 1 && info.cutoff > 0));
    double needed = info.ghost_cutoff_needed;
    crystal_free(&c);
    c = crystal_create(4, 4, 3.6, 0.03, 1);
    crystal_add_ghosts(&c, needed);
    CHECK_STATUS(process(session, &c, needed), DN_OK, "");
    CHECK_STATUS(dn_session_destroy(session), DN_OK, "");
    crystal_free(&c);
}

/* Ghosts that reach as far as the network looks are enough, but atoms that are moved may look beyond: a warning, with
 * the distance from which on there is none. */
static void ghosts_short(const char* model) {
    dn_session_options o = {.struct_size = sizeof o, .model_path = model, .scale = 0.99};
    dn_session_info info = {.struct_size = sizeof info};
    host_state state = {0};
    dn_host host = host_table(&state);
    dn_session session = 0;
    CHECK_STATUS(dn_session_create(&o, &host, &session), DN_OK, "");
    CHECK_STATUS(dn_session_get_info(session, &info), DN_OK, "");
    double reach = info.cutoff / o.scale;
    for (int warned = 1; warned >= 0; warned--) {
        crystal c = crystal_create(4, 4, 3.6, 0.1, 1);
        crystal_add_ghosts(&c, reach);
        state.atoms = &c;
        dn_frame frame = crystal_frame(&c, reach);
        dn_result result = {.struct_size = sizeof result};
        CHECK_STATUS(dn_session_process(session, &frame, &result), DN_OK, "");
        CHECK(result.warnings == (warned ? DN_WARNING_GHOSTS_SHORT : 0));
        CHECK_STATUS(dn_session_get_info(session, &info), DN_OK, "");
        CHECK(warned ? info.ghost_cutoff_needed > reach + 0.1 : info.ghost_cutoff_needed <= reach);
        reach = 1.02 * info.ghost_cutoff_needed;
        crystal_free(&c);
    }
    CHECK_STATUS(dn_session_destroy(session), DN_OK, "");
}

static dn_session busy_session;

static void* use_busy_session(void* unused) {
    (void)unused;
    dn_session_info info = {.struct_size = sizeof info};
    CHECK_STATUS(dn_session_get_info(busy_session, &info), DN_ERROR_HANDLE, "another call");
    CHECK_STATUS(dn_session_destroy(busy_session), DN_ERROR_HANDLE, "another call");
    CHECK_STATUS(dn_shutdown(), DN_ERROR_HANDLE, "call");
    return NULL;
}

static void from_another_thread(void* unused) {
    (void)unused;
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, use_busy_session, NULL) == 0);
    pthread_join(thread, NULL);
}

static void halo_calls(const char* model) {
    crystal c = crystal_create(4, 4, 3.6, 0.05, 1);
    crystal_add_ghosts(&c, 6);
    host_state state = {.atoms = &c};
    dn_host host = host_table(&state);
    dn_session_options o = {.struct_size = sizeof o, .model_path = model, .max_iterations = 3, .tolerance = -1};
    CHECK_STATUS(dn_session_create(&o, &host, &busy_session), DN_OK, "");
    dn_session_info info = {.struct_size = sizeof info};
    CHECK_STATUS(dn_session_get_info(busy_session, &info), DN_OK, "");
    CHECK_STATUS(process(busy_session, &c, 6), DN_OK, "");
    int calls = state.calls;
    CHECK(calls > 3 && calls % 3 == 0);
    CHECK(state.largest_width_f32 == info.halo_width_f32 && state.largest_width_f64 == info.halo_width_f64);

    /* A failing exchange is reported after the exchanges that the other ranks expect: every rank stays in step. */
    for (int at = 1; at <= calls / 3; at++) {
        state.calls = 0, state.fail_halo_at = at;
        CHECK_STATUS(process(busy_session, &c, 6), DN_ERROR_CALLBACK, "returned 42");
        CHECK(state.calls == calls / 3);
    }
    state.fail_halo_at = 0;
    state.during = from_another_thread;
    CHECK_STATUS(process(busy_session, &c, 6), DN_OK, "");
    CHECK(state.during == NULL);
    CHECK_STATUS(dn_session_destroy(busy_session), DN_OK, "");
    crystal_free(&c);
}

void test_ranks(const char* model) {
    other_ranks();
    short_ghosts(NULL);
    if (model != NULL) {
        short_ghosts(model);
        ghosts_short(model);
        halo_calls(model);
    }
}
