/* Denoising: with images made by the library and with a host's ghosts, one thread and two, in other units, into arrays
 * or not. */
#include <math.h>
#include <stdlib.h>

#include "check.h"
#include "host.h"
#include "tests.h"

typedef struct outcome {
    dn_result result;
    int32_t *types, *raw;
    double *positions, *displacements;
} outcome;

static outcome run(const dn_session_options* options, const dn_host* host, const crystal* c, double ghost_cutoff,
                   dn_status status) {
    outcome o = {.result = {.struct_size = sizeof o.result}};
    o.result.structure_types = o.types = malloc(sizeof(int32_t) * (size_t)c->count);
    o.result.structure_types_raw = o.raw = malloc(sizeof(int32_t) * (size_t)c->count);
    o.result.positions = o.positions = malloc(sizeof(double) * 3 * (size_t)c->count);
    o.result.displacements = o.displacements = malloc(sizeof(double) * (size_t)c->count);
    dn_session session = 0;
    CHECK_STATUS(dn_session_create(options, host, &session), DN_OK, "");
    dn_frame frame = crystal_frame(c, ghost_cutoff);
    CHECK_STATUS(dn_session_process(session, &frame, &o.result), status, "");
    CHECK_STATUS(dn_session_destroy(session), DN_OK, "");
    return o;
}

static void outcome_free(outcome* o) {
    free(o->types), free(o->raw), free(o->positions), free(o->displacements);
}

static double farthest(const outcome* a, const outcome* b, int32_t count, double factor) {
    double largest = 0;
    for (int32_t k = 0; k < 3 * count; k++)
        largest = fmax(largest, fabs(a->positions[k] - b->positions[k] * factor));
    return largest;
}

/* Every stage took its time, and together no more than the call. */
static int stages_are_parts(const dn_result* r) {
    const double stages[] = {r->seconds_scale, r->seconds_graph,    r->seconds_network,
                             r->seconds_halo,  r->seconds_identify, r->seconds_output};
    double sum = 0;
    for (size_t k = 0; k < sizeof stages / sizeof *stages; k++) {
        if (!(stages[k] > 0))
            return 0;
        sum += stages[k];
    }
    return sum <= r->seconds * (1 + 1e-12) && sum > 0.5 * r->seconds;
}

static void denoises(const char* model, int basis, int cells, double lattice, int type) {
    crystal c = crystal_create(basis, cells, lattice, 0.07 * lattice / sqrt(2), 11);
    dn_session_options options = {.struct_size = sizeof options, .model_path = model};
    outcome one = run(&options, NULL, &c, 0, DN_OK);
    CHECK(one.result.counts[type] == c.count);
    CHECK(one.result.counts_raw[type] < c.count * 0.95);
    CHECK(one.result.iterations >= 1 && one.result.iterations <= 8);
    CHECK(one.result.scale > 0.5 && one.result.scale < 2);
    CHECK(stages_are_parts(&one.result));
    double sum = 0, inconsistent = 0;
    for (int32_t i = 0; i < c.count; i++) {
        double d2 = 0;
        for (int k = 0; k < 3; k++)
            d2 += pow(one.positions[3 * i + k] - c.positions[3 * i + k], 2);
        inconsistent = fmax(inconsistent, fabs(sqrt(d2) - one.displacements[i]));
        sum += d2;
    }
    CHECK(inconsistent < 1e-9);
    CHECK(fabs(sqrt(sum / c.count) - one.result.rms_displacement) < 1e-6);

    options.threads = 2;
    outcome two = run(&options, NULL, &c, 0, DN_OK);
    CHECK(memcmp(one.types, two.types, sizeof(int32_t) * (size_t)c.count) == 0);
    CHECK(farthest(&one, &two, c.count, 1) < 1e-5);

    /* The same atoms in nanometers. */
    for (int32_t k = 0; k < 3 * c.count; k++)
        c.positions[k] *= 0.1;
    c.edge *= 0.1, options.length_unit = 10;
    outcome nm = run(&options, NULL, &c, 0, DN_OK);
    CHECK(memcmp(one.types, nm.types, sizeof(int32_t) * (size_t)c.count) == 0);
    CHECK(farthest(&one, &nm, c.count, 10) < 1e-5);
    for (int32_t k = 0; k < 3 * c.count; k++)
        c.positions[k] *= 10;
    c.edge *= 10, options.length_unit = 0;

    /* The same atoms with ghosts of the host. */
    crystal_add_ghosts(&c, 7);
    host_state state = {.atoms = &c};
    dn_host host = host_table(&state);
    outcome hosted = run(&options, &host, &c, 7, DN_OK);
    CHECK(memcmp(one.types, hosted.types, sizeof(int32_t) * (size_t)c.count) == 0);
    CHECK(memcmp(one.raw, hosted.raw, sizeof(int32_t) * (size_t)c.count) == 0);
    CHECK(memcmp(one.result.counts, hosted.result.counts, sizeof one.result.counts) == 0);
    CHECK(farthest(&one, &hosted, c.count, 1) < 1e-5);
    CHECK(stages_are_parts(&hosted.result));
    CHECK(fabs(one.result.scale - hosted.result.scale) < 1e-9);
    outcome_free(&one), outcome_free(&two), outcome_free(&nm), outcome_free(&hosted);
    crystal_free(&c);
}

void test_denoise(const char* model) {
    denoises(model, 4, 4, 3.6, DN_STRUCTURE_FCC);
    denoises(model, 4, 4, 5.3, DN_STRUCTURE_FCC);
    denoises(model, 2, 5, 2.87, DN_STRUCTURE_BCC);

    /* A network of one species has no second, and one that is not given is not guessed. */
    const int32_t species[] = {0, 1};
    dn_session_options options = {
        .struct_size = sizeof options, .model_path = model, .species_count = 2, .species = species};
    dn_session session = 0;
    CHECK_STATUS(dn_session_create(&options, NULL, &session), DN_ERROR_ARGUMENT, "species 1");
    /* Five atoms alone have no density to find a scale from. */
    options.species_count = 0, options.species = NULL;
    double few[15] = {0, 0, 0, 2.5, 0, 0, 0, 2.5, 0, 0, 0, 2.5, 2.5, 2.5, 0};
    dn_frame frame = {.struct_size = sizeof frame, .n_local = 5, .positions = few};
    dn_result result = {.struct_size = sizeof result};
    CHECK_STATUS(dn_session_create(&options, NULL, &session), DN_OK, "");
    CHECK_STATUS(dn_session_process(session, &frame, &result), DN_ERROR_INPUT, "scale");
    frame.n_local = 0;
    CHECK_STATUS(dn_session_process(session, &frame, &result), DN_OK, "");
    CHECK_STATUS(dn_session_destroy(session), DN_OK, "");
}
