/* Compressed trajectories: written, read, refused. */
#include <math.h>
#include <stdlib.h>
#include <unistd.h>

#include "check.h"
#include "host.h"
#include "tests.h"

enum { ATOMS = 1000, FRAMES = 4 };

typedef struct atoms {
    double positions[3 * ATOMS];
    int64_t ids[ATOMS];
    int32_t types[ATOMS];
    double speeds[ATOMS];
    int64_t images[ATOMS];
} atoms;

static double random_part(unsigned* state) {
    *state = *state * 1664525u + 1013904223u;
    return (*state >> 8) / 16777216.0;
}

static void fill(atoms* a, int frame) {
    unsigned state = 12345;
    for (int i = 0; i < ATOMS; i++) {
        for (int k = 0; k < 3; k++)
            a->positions[3 * i + k] = 20 * random_part(&state) + 0.01 * frame;
        a->ids[i] = 7000000000 + i, a->types[i] = 1 + i % 2;
        a->speeds[i] = sin(i + frame), a->images[i] = i % 3 - 1;
    }
}

static dn_snapshot snapshot_of(const atoms* a, int frame) {
    static const char* elements[] = {"Cu", NULL};
    dn_snapshot s = {.struct_size = sizeof s,
                     .step = 100 * frame,
                     .time = 0.1 * frame,
                     .has_time = 1,
                     .n_atoms = ATOMS,
                     .positions = a->positions,
                     .ids = a->ids,
                     .types = a->types,
                     .units = "metal",
                     .elements = elements,
                     .element_count = 2,
                     .cell = {21, 0, 0, 1, 21, 0, 0, 0, 21},
                     .periodic = {1, 0, 1}};
    return s;
}

static dn_writer create(const char* path, int32_t mode) {
    static const char* bounded[] = {"vx"};
    static const double bounds[] = {0.001};
    dn_writer_options o = {.struct_size = sizeof o,
                           .path = path,
                           .mode = mode,
                           .bound = mode == DN_WRITE_LOSSLESS ? 0 : 0.02,
                           .bounded_columns = bounded,
                           .column_bounds = bounds,
                           .bounded_count = 1};
    dn_writer writer = 0;
    CHECK_STATUS(dn_writer_create(&o, NULL, &writer), DN_OK, "");
    return writer;
}

static void write_all(dn_writer writer, atoms* a) {
    for (int f = 0; f < FRAMES; f++) {
        fill(a, f);
        dn_column vx = {.struct_size = sizeof vx, .name = "vx", .reals = a->speeds, .kind = DN_KIND_REAL};
        dn_column ix = {.struct_size = sizeof ix, .name = "ix", .integers = a->images, .kind = DN_KIND_INTEGER};
        const dn_column* columns[] = {&vx, &ix};
        dn_snapshot s = snapshot_of(a, f);
        s.columns = columns, s.column_count = 2;
        CHECK_STATUS(dn_writer_write(writer, &s), DN_OK, "");
    }
}

/* All frames, and what the end says. */
static void read_all(const char* path, double bound, const char* warning) {
    atoms* a = malloc(sizeof *a);
    dn_reader reader = 0;
    CHECK_STATUS(dn_reader_open(path, &reader), DN_OK, "");
    dn_snapshot s = {.struct_size = sizeof s};
    int32_t is_there = 0;
    for (int f = 0; f < FRAMES; f++) {
        CHECK_STATUS(dn_reader_read(reader, &s, &is_there), DN_OK, "");
        CHECK(is_there == 1 && s.n_atoms == ATOMS && s.step == 100 * f && s.has_time && s.time == 0.1 * f);
        if (!is_there || s.n_atoms != ATOMS || s.column_count != 2)
            break;
        fill(a, f);
        double error = 0, column_error = 0;
        int same = 1;
        for (int i = 0; i < ATOMS; i++) {
            for (int k = 0; k < 3; k++)
                error = fmax(error, fabs(s.positions[3 * i + k] - a->positions[3 * i + k]));
            column_error = fmax(column_error, fabs(s.columns[0]->reals[i] - a->speeds[i]));
            same &= s.ids[i] == a->ids[i] && s.types[i] == a->types[i] && s.columns[1]->integers[i] == a->images[i];
        }
        CHECK(same && error <= bound && (bound == 0 || error > 0) && column_error <= 0.001 && s.bound == bound);
        CHECK(strcmp(s.columns[0]->name, "vx") == 0 && s.columns[0]->integers == NULL &&
              s.columns[1]->kind == DN_KIND_INTEGER);
        CHECK(strcmp(s.units, "metal") == 0 && s.element_count == 1 && strcmp(s.elements[0], "Cu") == 0);
        CHECK(s.cell[3] == 1 && s.cell[8] == 21 && s.periodic[0] && !s.periodic[1] && !s.unwrapped);
    }
    s.step = -7;
    CHECK_STATUS(dn_reader_read(reader, &s, &is_there), DN_OK, "");
    CHECK(is_there == 0 && s.step == -7);
    is_there = 1;
    CHECK_STATUS(dn_reader_skip(reader, &is_there), DN_OK, "");
    CHECK(is_there == 0);
    const char* text = NULL;
    CHECK_STATUS(dn_reader_get_warning(reader, 0, &text), DN_OK, "");
    CHECK(warning == NULL ? text == NULL : text != NULL && strstr(text, warning) != NULL);
    CHECK_STATUS(dn_reader_get_warning(reader, -1, &text), DN_ERROR_ARGUMENT, "index");
    CHECK_STATUS(dn_reader_close(reader), DN_OK, "");
    CHECK_STATUS(dn_reader_read(reader, &s, &is_there), DN_ERROR_HANDLE, "reader");

    /* Frames that were passed over are missing from those that are read, and from nothing else. */
    CHECK_STATUS(dn_reader_open(path, &reader), DN_OK, "");
    CHECK_STATUS(dn_reader_skip(reader, NULL), DN_ERROR_ARGUMENT, "is_there");
    for (int f = 0; f < FRAMES; f += 2) {
        CHECK_STATUS(dn_reader_skip(reader, &is_there), DN_OK, "");
        CHECK(is_there == 1);
        CHECK_STATUS(dn_reader_read(reader, &s, &is_there), DN_OK, "");
        CHECK(is_there == (f + 1 < FRAMES) && (!is_there || s.step == 100 * (f + 1)));
    }
    CHECK_STATUS(dn_reader_close(reader), DN_OK, "");
    free(a);
}

static void refused(const char* path, atoms* a) {
    dn_writer_options o = {.struct_size = sizeof o}, good;
    dn_writer writer = 99;
    CHECK_STATUS(dn_writer_create(&o, NULL, &writer), DN_ERROR_ARGUMENT, "path");
    o.path = "/nowhere/a.dnz";
    CHECK_STATUS(dn_writer_create(&o, NULL, &writer), DN_ERROR_IO, "/nowhere/a.dnz");
    o.path = path, o.mode = 3;
    CHECK_STATUS(dn_writer_create(&o, NULL, &writer), DN_ERROR_ARGUMENT, "mode");
    o.mode = 0, o.bound = -1;
    CHECK_STATUS(dn_writer_create(&o, NULL, &writer), DN_ERROR_ARGUMENT, "bound");
    o.bound = NAN;
    CHECK_STATUS(dn_writer_create(&o, NULL, &writer), DN_ERROR_ARGUMENT, "bound");
    o.bound = 0, o.bounded_count = 1;
    CHECK_STATUS(dn_writer_create(&o, NULL, &writer), DN_ERROR_ARGUMENT, "bounded_columns");
    o.bounded_count = 0, good = o;
    CHECK_STATUS(dn_writer_create(&good, NULL, NULL), DN_ERROR_ARGUMENT, "writer");
    CHECK(writer == 99);
    CHECK_STATUS(dn_writer_create(&good, NULL, &writer), DN_OK, "");

    fill(a, 0);
    dn_snapshot s = snapshot_of(a, 0);
    CHECK_STATUS(dn_writer_write(writer, NULL), DN_ERROR_ARGUMENT, "snapshot");
    s.n_atoms = -1;
    CHECK_STATUS(dn_writer_write(writer, &s), DN_ERROR_ARGUMENT, "n_atoms");
    s = snapshot_of(a, 0), s.positions = NULL;
    CHECK_STATUS(dn_writer_write(writer, &s), DN_ERROR_ARGUMENT, "positions");
    s = snapshot_of(a, 0), s.cell[0] = 0;
    CHECK_STATUS(dn_writer_write(writer, &s), DN_ERROR_ARGUMENT, "cell");
    s = snapshot_of(a, 0), s.column_count = 1;
    CHECK_STATUS(dn_writer_write(writer, &s), DN_ERROR_ARGUMENT, "columns");
    dn_column nameless = {.struct_size = sizeof nameless};
    const dn_column* columns[] = {&nameless};
    s.columns = columns;
    CHECK_STATUS(dn_writer_write(writer, &s), DN_ERROR_ARGUMENT, "columns[0]");
    s = snapshot_of(a, 0), a->positions[31] = NAN;
    CHECK_STATUS(dn_writer_write(writer, &s), DN_ERROR_INPUT, "7000000010");
    fill(a, 0);
    CHECK_STATUS(dn_writer_write(writer, &s), DN_OK, "");
    /* It is no session, and no session is a writer. */
    CHECK_STATUS(dn_session_destroy((dn_session)writer), DN_ERROR_HANDLE, "session");
    CHECK_STATUS(dn_writer_close(writer), DN_OK, "");
    CHECK_STATUS(dn_writer_close(writer), DN_ERROR_HANDLE, "writer");
    CHECK_STATUS(dn_writer_write(writer, &s), DN_ERROR_HANDLE, "writer");
    CHECK_STATUS(dn_writer_close(0), DN_OK, "");

    dn_reader reader = 99;
    CHECK_STATUS(dn_reader_open(NULL, &reader), DN_ERROR_ARGUMENT, "path");
    CHECK_STATUS(dn_reader_open(path, NULL), DN_ERROR_ARGUMENT, "reader");
    CHECK_STATUS(dn_reader_open("/nowhere/a.dnz", &reader), DN_ERROR_IO, "no such file");
    CHECK_STATUS(dn_reader_open("/bin/sh", &reader), DN_ERROR_FORMAT, "/bin/sh");
    CHECK(reader == 99);
    CHECK_STATUS(dn_reader_close(0), DN_OK, "");
    int32_t is_there = 7;
    CHECK_STATUS(dn_reader_skip(99, &is_there), DN_ERROR_HANDLE, "reader");
    CHECK(is_there == 7);
}

/* Several ranks need a callback to send atoms with; one whose frame is none tells the others. */
static void of_ranks(const char* path, atoms* a) {
    host_state state = {0};
    dn_host host = host_table(&state);
    host.halo_forward_f32 = NULL, host.halo_forward_f64 = NULL;
    dn_writer_options o = {.struct_size = sizeof o, .path = path};
    dn_writer writer = 0;
    CHECK_STATUS(dn_writer_create(&o, &host, &writer), DN_OK, "");
    fill(a, 0);
    dn_snapshot s = snapshot_of(a, 0);
    CHECK_STATUS(dn_writer_write(writer, &s), DN_OK, "");
    state.fail_allreduce = 1;
    CHECK_STATUS(dn_writer_close(writer), DN_OK, "");
    state.fail_allreduce = 0;
    host.size = 2;
    CHECK_STATUS(dn_writer_create(&o, &host, &writer), DN_ERROR_ARGUMENT, "exchange");
}

void test_trajectories(const char* folder) {
    char path[4096];
    snprintf(path, sizeof path, "%s/a.dnz", folder);
    atoms* a = malloc(sizeof *a);
    dn_writer writer = create(path, DN_WRITE_BOUND);
    write_all(writer, a);
    CHECK_STATUS(dn_writer_close(writer), DN_OK, "");
    read_all(path, 0.02, NULL);
    writer = create(path, DN_WRITE_LOSSLESS);
    write_all(writer, a);
    /* Without its index, as where the process ends. */
    CHECK_STATUS(dn_shutdown(), DN_OK, "");
    CHECK_STATUS(dn_writer_close(writer), DN_ERROR_HANDLE, "writer");
    read_all(path, 0, "interrupted");
    refused(path, a);
    of_ranks(path, a);
    unlink(path);
    free(a);
}
