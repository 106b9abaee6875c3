/* Wrong frames: each is named, nothing is written, and the session goes on with the next. */
#include <math.h>
#include <stdlib.h>

#include "check.h"
#include "host.h"
#include "tests.h"

static void refused(dn_session session, const dn_frame* frame, dn_status status, const char* word) {
    int32_t type = 77;
    dn_result result = {.struct_size = sizeof result, .structure_types = &type, .counts = {-5}, .scale = -5};
    CHECK_STATUS(dn_session_process(session, frame, &result), status, word);
    CHECK(type == 77 && result.counts[0] == -5 && result.scale == -5);
}

static void wrong_shapes(dn_session session, const crystal* c) {
    dn_frame good = crystal_frame(c, 0), f;
    dn_result result = {.struct_size = sizeof result};
    refused(session, NULL, DN_ERROR_ARGUMENT, "frame");
    CHECK_STATUS(dn_session_process(session, &good, NULL), DN_ERROR_ARGUMENT, "result");
    result.struct_size = 3;
    CHECK_STATUS(dn_session_process(session, &good, &result), DN_ERROR_ARGUMENT, "struct_size");
    f = good, f.struct_size = 0;
    refused(session, &f, DN_ERROR_ARGUMENT, "struct_size");
    f = good, f.n_local = -1;
    refused(session, &f, DN_ERROR_ARGUMENT, "n_local");
    f = good, f.n_ghost = -1;
    refused(session, &f, DN_ERROR_ARGUMENT, "n_ghost");
    f = good, f.n_local = INT32_MAX;
    refused(session, &f, DN_ERROR_ARGUMENT, "atoms");
    f = good, f.positions = NULL;
    refused(session, &f, DN_ERROR_ARGUMENT, "positions");
    f = good, f.ghost_cutoff = -1;
    refused(session, &f, DN_ERROR_ARGUMENT, "ghost_cutoff");
    f = good, f.ghost_cutoff = NAN;
    refused(session, &f, DN_ERROR_ARGUMENT, "ghost_cutoff");
    f = good, f.ghost_cutoff = INFINITY;
    refused(session, &f, DN_ERROR_ARGUMENT, "ghost_cutoff");
    f = good, f.ghost_cutoff = 1e300;
    refused(session, &f, DN_ERROR_INPUT, "images");
    f = good, f.n_local -= 1, f.n_ghost = 1;
    refused(session, &f, DN_ERROR_ARGUMENT, "ghost");
    f = good, memset(f.cell, 0, sizeof f.cell);
    refused(session, &f, DN_ERROR_ARGUMENT, "cell");
    f = good, f.cell[0] = INFINITY;
    refused(session, &f, DN_ERROR_ARGUMENT, "cell");
    f = good, f.cell[4] = NAN;
    refused(session, &f, DN_ERROR_ARGUMENT, "cell");
    f = good, f.cell[8] = 1e200;
    refused(session, &f, DN_ERROR_ARGUMENT, "cell");
    f = good, f.origin[1] = NAN;
    refused(session, &f, DN_ERROR_ARGUMENT, "origin");
    f = good, f.origin[2] = -INFINITY;
    refused(session, &f, DN_ERROR_ARGUMENT, "origin");
    f = good, f.cell[0] = 1e-9;
    refused(session, &f, DN_ERROR_INPUT, "its own periodic image");
    /* All edges turned round: the same crystal. */
    f = good;
    for (int k = 0; k < 9; k++)
        f.cell[k] = -f.cell[k];
    dn_result turned = {.struct_size = sizeof turned};
    CHECK_STATUS(dn_session_process(session, &f, &turned), DN_OK, "");
    CHECK(turned.counts[DN_STRUCTURE_FCC] == c->count);
    /* Edges in one plane span no volume. */
    f = good, f.cell[6] = 1, f.cell[8] = 0;
    refused(session, &f, DN_ERROR_ARGUMENT, "cell");
}

static void wrong_atoms(dn_session session, crystal* c) {
    int64_t* ids = malloc(sizeof(int64_t) * (size_t)c->count);
    int32_t* types = malloc(sizeof(int32_t) * (size_t)c->count);
    for (int32_t i = 0; i < c->count; i++)
        ids[i] = 5000000000 + i, types[i] = 1;
    dn_frame frame = crystal_frame(c, 0);
    frame.ids = ids, frame.types = types, frame.step = 123456789012;

    double saved = c->positions[3 * 20 + 1];
    c->positions[3 * 20 + 1] = NAN;
    refused(session, &frame, DN_ERROR_INPUT, "5000000020");
    CHECK(strstr(dn_last_error(), "123456789012") != NULL && strstr(dn_last_error(), "dn_session_process: ") != NULL);
    c->positions[3 * 20 + 1] = INFINITY;
    refused(session, &frame, DN_ERROR_INPUT, "5000000020");
    c->positions[3 * 20 + 1] = 1e308;
    refused(session, &frame, DN_ERROR_INPUT, "5000000020");
    c->positions[3 * 20 + 1] = saved;

    types[3] = 0;
    refused(session, &frame, DN_ERROR_INPUT, "5000000003");
    types[3] = 1;

    double* r = c->positions + 3 * 8;
    double kept[3] = {r[0], r[1], r[2]};
    for (int k = 0; k < 3; k++)
        r[k] = c->positions[3 * 9 + k] + 1e-5 + (k == 0 ? c->edge : 0);
    refused(session, &frame, DN_ERROR_INPUT, "5000000008");
    CHECK(strstr(dn_last_error(), "5000000009") != NULL);
    memcpy(r, kept, sizeof kept);

    dn_result result = {.struct_size = sizeof result};
    CHECK_STATUS(dn_session_process(session, &frame, &result), DN_OK, "");
    CHECK(result.counts[DN_STRUCTURE_FCC] == c->count);
    free(ids), free(types);
}

/* A crystal that does not fit into what the caller allows is refused before its memory is taken. */
static void too_large(void) {
    crystal c = crystal_create(4, 24, 3.6, 0.03, 1);
    dn_session_options o = {.struct_size = sizeof o, .memory_limit = 6 << 20};
    dn_session session = 0;
    CHECK_STATUS(dn_session_create(&o, NULL, &session), DN_OK, "");
    dn_frame frame = crystal_frame(&c, 0);
    refused(session, &frame, DN_ERROR_MEMORY, "no more than 6 MiB");
    CHECK_STATUS(dn_session_destroy(session), DN_OK, "");
    crystal_free(&c);
}

static void wrong_types(const crystal* c) {
    const int32_t species[] = {0};
    dn_session_options o = {.struct_size = sizeof o, .species_count = 1, .species = species};
    dn_session session = 0;
    CHECK_STATUS(dn_session_create(&o, NULL, &session), DN_OK, "");
    int32_t* types = calloc((size_t)c->count, sizeof(int32_t));
    for (int32_t i = 0; i < c->count; i++)
        types[i] = i == 17 ? 2 : 1;
    dn_frame frame = crystal_frame(c, 0);
    frame.types = types;
    refused(session, &frame, DN_ERROR_INPUT, "atom 18 has type 2");
    CHECK_STATUS(dn_session_destroy(session), DN_OK, "");
    free(types);
}

void test_frames(void) {
    crystal c = crystal_create(4, 4, 3.6, 0.03, 1);
    dn_session_options o = {.struct_size = sizeof o};
    dn_session session = 0;
    CHECK_STATUS(dn_session_create(&o, NULL, &session), DN_OK, "");
    wrong_shapes(session, &c);
    wrong_atoms(session, &c);
    CHECK_STATUS(dn_session_destroy(session), DN_OK, "");
    wrong_types(&c);
    too_large();
    crystal_free(&c);
}
