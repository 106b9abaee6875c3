/* What else is computed of a frame: columns, globals, and what is wrong with their texts. */
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "crystal.h"
#include "tests.h"

static void refused(const char* const* texts, int32_t count, const char* reason) {
    dn_session_options o = {.struct_size = sizeof o, .analyses = texts, .analysis_count = count};
    dn_session session = 0;
    CHECK_STATUS(dn_session_create(&o, NULL, &session), DN_ERROR_ARGUMENT, reason);
    CHECK(session == 0);
}

void test_analyses(void) {
    refused((const char*[]){"acna", "no-such"}, 2, "'no-such' is no analysis; there are acna");
    refused((const char*[]){"cna"}, 1, "cutoff");
    refused((const char*[]){NULL}, 1, "analyses[0]");
    refused(NULL, 1, "analyses");
    refused((const char*[]){"acna"}, -1, "analysis_count");

    const char* texts[] = {"acna", "cna:cutoff=3.09", "acna"};
    dn_session_options o = {.struct_size = sizeof o, .analyses = texts, .analysis_count = 3};
    dn_session session = 0;
    CHECK_STATUS(dn_session_create(&o, NULL, &session), DN_OK, "");
    dn_session_info info = {.struct_size = sizeof info};
    CHECK_STATUS(dn_session_get_info(session, &info), DN_OK, "");
    CHECK(info.column_count == 3 && info.global_count == 15);

    dn_column column = {.struct_size = sizeof column};
    CHECK_STATUS(dn_session_get_column(session, 3, &column), DN_ERROR_ARGUMENT, "index");
    CHECK_STATUS(dn_session_get_column(session, -1, &column), DN_ERROR_ARGUMENT, "index");
    CHECK_STATUS(dn_session_get_column(session, 0, NULL), DN_ERROR_ARGUMENT, "column");
    CHECK_STATUS(dn_session_get_column(session, 1, &column), DN_OK, "");
    CHECK(strcmp(column.name, "cna") == 0 && column.kind == DN_KIND_INTEGER && column.reals == NULL);

    crystal c = crystal_create(4, 5, 3.615, 0.05, 1);
    dn_frame frame = crystal_frame(&c, 0);
    dn_result result = {.struct_size = sizeof result};
    int32_t* types = malloc(c.count * sizeof *types);
    result.structure_types = types;
    for (int repeat = 0; repeat < 2; repeat++) {
        CHECK_STATUS(dn_session_process(session, &frame, &result), DN_OK, "");
        CHECK_STATUS(dn_session_get_column(session, 2, &column), DN_OK, "");
        CHECK(strcmp(column.name, "acna_2") == 0);
        int64_t wrong = 0;
        for (int32_t i = 0; i < c.count; i++)
            wrong += column.integers[i] != types[i];
        CHECK(wrong == 0);
        dn_global global = {.struct_size = sizeof global};
        CHECK_STATUS(dn_session_get_global(session, 11, &global), DN_OK, "");
        CHECK(strcmp(global.name, "acna_fcc_2") == 0 && global.kind == DN_KIND_INTEGER);
        CHECK(global.value == (double)result.counts[DN_STRUCTURE_FCC] && global.value > 0);
        CHECK_STATUS(dn_session_get_global(session, 15, &global), DN_ERROR_ARGUMENT, "index");
    }
    free(types);

    /* Nothing is to be said of these analyses. */
    const char* text = "";
    CHECK_STATUS(dn_session_get_warning(session, 0, &text), DN_OK, "");
    CHECK(text == NULL);
    CHECK_STATUS(dn_session_get_warning(session, -1, &text), DN_ERROR_ARGUMENT, "index");
    CHECK_STATUS(dn_session_get_warning(session, 0, NULL), DN_ERROR_ARGUMENT, "text");

    /* A cell that is none, and one that is none of the library's business. */
    frame.cell[0] = 0;
    CHECK_STATUS(dn_session_process(session, &frame, &result), DN_ERROR_ARGUMENT, "cell");
    crystal_free(&c);
    CHECK_STATUS(dn_session_destroy(session), DN_OK, "");
    CHECK_STATUS(dn_session_get_column(session, 0, &column), DN_ERROR_HANDLE, "session");
}
