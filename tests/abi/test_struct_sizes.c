/* Callers that were compiled against an older or a newer header. */
#include "check.h"
#include "crystal.h"
#include "tests.h"

static dn_session create(const dn_session_options* options) {
    dn_session session = 0;
    CHECK_STATUS(dn_session_create(options, NULL, &session), DN_OK, "");
    return session;
}

void test_struct_sizes(void) {
    crystal c = crystal_create(4, 3, 3.6, 0.03, 1);

    /* An old caller knows nothing beyond the model's path: the rest of its memory is not read. */
    dn_session_options old_options;
    memset(&old_options, 0xff, sizeof old_options);
    old_options.struct_size = offsetof(dn_session_options, max_iterations), old_options.model_path = NULL;
    dn_session session = create(&old_options);

    /* A new caller has more fields than this library: it may leave them at 0, or ask in vain. */
    struct {
        dn_session_options known;
        double more[4];
    } new_options = {.known = {.struct_size = sizeof new_options}};
    CHECK_STATUS(dn_session_destroy(create(&new_options.known)), DN_OK, "");
    new_options.more[2] = 3;
    dn_session none = 0;
    CHECK_STATUS(dn_session_create(&new_options.known, NULL, &none), DN_ERROR_ARGUMENT, "older than the header");

    dn_session_info info;
    memset(&info, 0x55, sizeof info);
    info.struct_size = offsetof(dn_session_info, species_count);
    CHECK_STATUS(dn_session_get_info(session, &info), DN_OK, "");
    CHECK(info.halo_width_f64 == 0 && info.species_count == 0x55555555 &&
          info.struct_size == offsetof(dn_session_info, species_count));

    /* An old frame ends before the ids and the box: a cluster in open space. */
    dn_frame frame = crystal_frame(&c, 0);
    int32_t types[4 * 27];
    struct {
        dn_result known;
        double more[4];
    } result = {.known = {.struct_size = sizeof result, .structure_types = types}, .more = {1, 2, 3, 4}};
    struct {
        dn_frame known;
        int32_t more[3];
    } new_frame = {.known = frame, .more = {0, 0, 9}};
    new_frame.known.struct_size = sizeof new_frame;
    CHECK_STATUS(dn_session_process(session, &new_frame.known, &result.known), DN_ERROR_ARGUMENT, "older than the header");
    frame.struct_size = offsetof(dn_frame, ids);
    frame.ids = (const int64_t*)16;
    CHECK_STATUS(dn_session_process(session, &frame, &result.known), DN_OK, "");
    CHECK(result.known.counts[DN_STRUCTURE_OTHER] > 0 && result.known.struct_size == sizeof result);
    CHECK(result.more[0] == 1 && result.more[3] == 4);

    /* An old result ends before the counts: the arrays are filled, nothing behind them is touched. */
    dn_result old_result;
    memset(&old_result, 0x55, sizeof old_result);
    old_result.struct_size = offsetof(dn_result, counts);
    old_result.structure_types = types, old_result.structure_types_raw = NULL;
    old_result.positions = NULL, old_result.displacements = NULL;
    memset(types, 0x55, sizeof types);
    frame = crystal_frame(&c, 0);
    CHECK_STATUS(dn_session_process(session, &frame, &old_result), DN_OK, "");
    CHECK(types[0] == DN_STRUCTURE_FCC && types[c.count - 1] == DN_STRUCTURE_FCC);
    CHECK(old_result.counts[0] == 0x5555555555555555 && old_result.iterations == 0x55555555);

    /* One of interface 1.0 ends before seconds_output. */
    memset(&old_result, 0x55, sizeof old_result);
    old_result.struct_size = offsetof(dn_result, seconds_output);
    old_result.structure_types = NULL, old_result.structure_types_raw = NULL;
    old_result.positions = NULL, old_result.displacements = NULL;
    CHECK_STATUS(dn_session_process(session, &frame, &old_result), DN_OK, "");
    double untouched;
    memset(&untouched, 0x55, sizeof untouched);
    CHECK(old_result.seconds_identify > 0 && old_result.seconds_identify < old_result.seconds &&
          old_result.seconds_output == untouched);

    /* A size that cuts a pointer in two is no size of any version. */
    old_result.struct_size = offsetof(dn_result, structure_types) + 5;
    CHECK_STATUS(dn_session_process(session, &frame, &old_result), DN_ERROR_ARGUMENT, "struct_size is 13");

    CHECK_STATUS(dn_session_destroy(session), DN_OK, "");
    crystal_free(&c);
}
