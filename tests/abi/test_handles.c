/* Handles that are 0, junk, stale or used twice, and the end of everything. */
#include "check.h"
#include "tests.h"

static dn_session create(void) {
    dn_session_options o = {.struct_size = sizeof o};
    dn_session session = 0;
    CHECK_STATUS(dn_session_create(&o, NULL, &session), DN_OK, "");
    CHECK(session != 0);
    return session;
}

static void dead(dn_session session) {
    dn_session_info info = {.struct_size = sizeof info, .cutoff = -1};
    dn_frame frame = {.struct_size = sizeof frame};
    dn_result result = {.struct_size = sizeof result, .scale = -1};
    CHECK_STATUS(dn_session_get_info(session, &info), DN_ERROR_HANDLE, "session");
    CHECK(info.cutoff == -1);
    CHECK_STATUS(dn_session_process(session, &frame, &result), DN_ERROR_HANDLE, "session");
    CHECK(result.scale == -1);
}

void test_handles(void) {
    const dn_session junk[] = {1, 0xffffffffu, 0xffffffff00000000u, 0xdeadbeefdeadbeefu, (dn_session)(uintptr_t)&junk};
    for (size_t i = 0; i < sizeof junk / sizeof *junk; i++) {
        dead(junk[i]);
        CHECK_STATUS(dn_session_destroy(junk[i]), DN_ERROR_HANDLE, "session");
    }
    dead(0);
    CHECK_STATUS(dn_session_destroy(0), DN_OK, "");

    dn_session first = create();
    dn_session_info info = {.struct_size = sizeof info};
    CHECK_STATUS(dn_session_get_info(first, &info), DN_OK, "");
    CHECK(info.cutoff == 0 && info.halo_width_f32 == 0 && info.species_count == 0 && info.ghost_cutoff_needed == 0);
    CHECK_STATUS(dn_session_get_info(first, NULL), DN_ERROR_ARGUMENT, "info");
    CHECK_STATUS(dn_session_destroy(first), DN_OK, "");
    dead(first);
    CHECK_STATUS(dn_session_destroy(first), DN_ERROR_HANDLE, "session");

    /* The next session takes the same place; the old handle does not come back to life with it. */
    dn_session second = create();
    CHECK(second != first);
    dead(first);
    CHECK_STATUS(dn_session_destroy(first), DN_ERROR_HANDLE, "session");
    CHECK_STATUS(dn_session_get_info(second, &info), DN_OK, "");

    dn_session third = create();
    CHECK(third != second);
    CHECK_STATUS(dn_shutdown(), DN_OK, "");
    dead(second);
    dead(third);
    CHECK_STATUS(dn_shutdown(), DN_OK, "");

    /* The library is still usable. */
    dn_session again = create();
    CHECK_STATUS(dn_session_destroy(again), DN_OK, "");
}
