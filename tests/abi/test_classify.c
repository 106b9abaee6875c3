/* Frames without a model: structures are named and nothing moves. */
#include <stdlib.h>

#include "check.h"
#include "host.h"
#include "tests.h"

static dn_session create(int32_t classify, double cna_cutoff, const dn_host* host) {
    dn_session_options o = {.struct_size = sizeof o, .classify = classify, .cna_cutoff = cna_cutoff};
    dn_session session = 0;
    CHECK_STATUS(dn_session_create(&o, host, &session), DN_OK, "");
    return session;
}

static void expect_all(dn_session session, const crystal* c, double ghost_cutoff, int type) {
    int32_t* types = malloc(sizeof(int32_t) * (size_t)c->count);
    int32_t* raw = malloc(sizeof(int32_t) * (size_t)c->count);
    double* moved = malloc(sizeof(double) * (size_t)c->count);
    double* positions = malloc(sizeof(double) * 3 * (size_t)c->count);
    dn_frame frame = crystal_frame(c, ghost_cutoff);
    dn_result result = {.struct_size = sizeof result,
                        .structure_types = types,
                        .structure_types_raw = raw,
                        .positions = positions,
                        .displacements = moved};
    CHECK_STATUS(dn_session_process(session, &frame, &result), DN_OK, "");
    int right = 0, still = 0;
    for (int32_t i = 0; i < c->count; i++) {
        right += types[i] == type && raw[i] == type;
        still += moved[i] == 0 && memcmp(positions + 3 * i, c->positions + 3 * i, 3 * sizeof(double)) == 0;
    }
    CHECK(right == c->count);
    CHECK(still == c->count);
    int64_t total = 0;
    for (int t = 0; t < DN_STRUCTURE_COUNT; t++)
        total += result.counts[t];
    CHECK(total == c->count && result.counts[type] == c->count && result.counts_raw[type] == c->count);
    CHECK(result.scale == 1 && result.iterations == 0 && result.rms_displacement == 0 && result.warnings == 0);
    CHECK(result.seconds > 0);
    free(types), free(raw), free(moved), free(positions);
}

static void selected_and_hidden(void) {
    crystal c = crystal_create(4, 4, 3.6, 0.02, 5);
    int32_t* selection = calloc((size_t)c.count, sizeof(int32_t));
    int32_t* types = malloc(sizeof(int32_t) * (size_t)c.count);
    double* positions = malloc(sizeof(double) * 3 * (size_t)c.count);
    for (int32_t i = 0; i < c.count; i++)
        types[i] = 1;
    for (int32_t i = 0; i < 100; i++)
        selection[i] = 1;
    dn_frame frame = crystal_frame(&c, 0);
    frame.selection = selection, frame.types = types;
    dn_result result = {.struct_size = sizeof result, .positions = positions};
    dn_session session = create(DN_CLASSIFY_ACNA, 0, NULL);
    CHECK_STATUS(dn_session_process(session, &frame, &result), DN_OK, "");
    CHECK(result.counts[DN_STRUCTURE_FCC] == 100 && result.counts[DN_STRUCTURE_OTHER] == 0);
    CHECK_STATUS(dn_session_destroy(session), DN_OK, "");

    /* One atom of a type that is not seen: a vacancy, whose twelve neighbors are no fcc atoms any more. */
    const int32_t species[] = {0, -1};
    types[40] = 2;
    frame.selection = NULL;
    dn_session_options o = {.struct_size = sizeof o, .species_count = 2, .species = species};
    CHECK_STATUS(dn_session_create(&o, NULL, &session), DN_OK, "");
    CHECK_STATUS(dn_session_process(session, &frame, &result), DN_OK, "");
    CHECK(result.counts[DN_STRUCTURE_FCC] == c.count - 13 && result.counts[DN_STRUCTURE_OTHER] == 12);
    CHECK(memcmp(positions, c.positions, sizeof(double) * 3 * (size_t)c.count) == 0);
    CHECK_STATUS(dn_session_destroy(session), DN_OK, "");
    free(selection), free(types), free(positions);
    crystal_free(&c);
}

/* Names, numbers and counts of the last frame; DN_CLASSIFY_AUTO without a model is adaptive CNA. */
static void structures(void) {
    static const char* const names[] = {"other", "fcc", "hcp", "bcc", "ico"};
    dn_session session = create(DN_CLASSIFY_AUTO, 0, NULL);
    dn_session_info info = {.struct_size = sizeof info};
    CHECK_STATUS(dn_session_get_info(session, &info), DN_OK, "");
    CHECK(info.classify == DN_CLASSIFY_ACNA && info.structure_count == 5);
    crystal c = crystal_create(4, 4, 3.6, 0.03, 1);
    for (int frames = 0; frames < 2; frames++) {
        int64_t total = 0;
        for (int32_t k = 0; k < info.structure_count; k++) {
            dn_structure s = {.struct_size = sizeof s};
            CHECK_STATUS(dn_session_get_structure(session, k, &s), DN_OK, "");
            CHECK(strcmp(s.name, names[k]) == 0 && s.number == k && s.count == s.count_raw);
            CHECK(s.count == (k == DN_STRUCTURE_FCC && frames ? c.count : 0));
            total += s.count;
        }
        CHECK(total == (frames ? c.count : 0));
        dn_frame frame = crystal_frame(&c, 0);
        dn_result result = {.struct_size = sizeof result};
        CHECK_STATUS(dn_session_process(session, &frame, &result), DN_OK, "");
    }
    dn_structure s = {.struct_size = sizeof s};
    CHECK_STATUS(dn_session_get_structure(session, 5, &s), DN_ERROR_ARGUMENT, "index");
    CHECK_STATUS(dn_session_get_structure(session, -1, &s), DN_ERROR_ARGUMENT, "index");
    CHECK_STATUS(dn_session_get_structure(session, 0, NULL), DN_ERROR_ARGUMENT, "structure");
    CHECK_STATUS(dn_session_destroy(session), DN_OK, "");
    CHECK_STATUS(dn_session_get_structure(session, 0, &s), DN_ERROR_HANDLE, "session");
    crystal_free(&c);
}

static void nothing(dn_session session) {
    dn_frame frame = {.struct_size = sizeof frame};
    dn_result result = {.struct_size = sizeof result, .counts = {9, 9}};
    CHECK_STATUS(dn_session_process(session, &frame, &result), DN_OK, "");
    CHECK(result.counts[0] == 0 && result.counts[1] == 0 && result.rms_displacement == 0);
}

void test_classify(void) {
    dn_session acna = create(DN_CLASSIFY_ACNA, 0, NULL);
    dn_session none = create(DN_CLASSIFY_NONE, 0, NULL);
    dn_session cna = create(DN_CLASSIFY_CNA, 3.07, NULL);
    crystal fcc = crystal_create(4, 4, 3.6, 0.03, 1), bcc = crystal_create(2, 5, 2.87, 0.03, 2);
    crystal cell = crystal_create(4, 1, 3.6, 0, 3);
    expect_all(acna, &fcc, 0, DN_STRUCTURE_FCC);
    expect_all(acna, &bcc, 0, DN_STRUCTURE_BCC);
    expect_all(acna, &cell, 0, DN_STRUCTURE_FCC);
    expect_all(cna, &fcc, 0, DN_STRUCTURE_FCC);
    expect_all(none, &fcc, 0, DN_STRUCTURE_OTHER);
    nothing(acna);
    nothing(none);

    host_state state = {.atoms = &fcc};
    dn_host host = host_table(&state);
    dn_session hosted = create(DN_CLASSIFY_ACNA, 0, &host);
    crystal_add_ghosts(&fcc, 6);
    expect_all(hosted, &fcc, 6, DN_STRUCTURE_FCC);
    nothing(hosted);
    CHECK_STATUS(dn_session_destroy(hosted), DN_OK, "");
    CHECK_STATUS(dn_session_destroy(acna), DN_OK, "");
    CHECK_STATUS(dn_session_destroy(none), DN_OK, "");
    CHECK_STATUS(dn_session_destroy(cna), DN_OK, "");
    crystal_free(&fcc), crystal_free(&bcc), crystal_free(&cell);
    selected_and_hidden();
    structures();
}
