/* dn_session_create: every wrong option is named, nothing is written, files fail in their own ways. */
#include <math.h>

#include "check.h"
#include "host.h"
#include "tests.h"

#define UNTOUCHED 0x1234567890abcdefu

static void refused(const dn_session_options* options, const dn_host* host, dn_status status, const char* word) {
    dn_session session = UNTOUCHED;
    CHECK_STATUS(dn_session_create(options, host, &session), status, word);
    CHECK(session == UNTOUCHED);
}

static void wrong_options(void) {
    dn_session_options good = {.struct_size = sizeof good};
    dn_session_options o;
    refused(NULL, NULL, DN_ERROR_ARGUMENT, "options");
    CHECK_STATUS(dn_session_create(&good, NULL, NULL), DN_ERROR_ARGUMENT, "session");
    o = good, o.struct_size = 0;
    refused(&o, NULL, DN_ERROR_ARGUMENT, "struct_size");
    o = good, o.struct_size = (size_t)-1;
    refused(&o, NULL, DN_ERROR_ARGUMENT, "struct_size");
    o = good, o.max_iterations = -2;
    refused(&o, NULL, DN_ERROR_ARGUMENT, "max_iterations");
    o = good, o.threads = -2;
    refused(&o, NULL, DN_ERROR_ARGUMENT, "threads");
    o = good, o.tolerance = NAN;
    refused(&o, NULL, DN_ERROR_ARGUMENT, "tolerance");
    o = good, o.scale = -0.5;
    refused(&o, NULL, DN_ERROR_ARGUMENT, "scale");
    o = good, o.scale = INFINITY;
    refused(&o, NULL, DN_ERROR_ARGUMENT, "scale");
    o = good, o.scale = 5e-324;
    refused(&o, NULL, DN_ERROR_ARGUMENT, "scale");
    o = good, o.scale = 1e300;
    refused(&o, NULL, DN_ERROR_ARGUMENT, "scale");
    o = good, o.length_unit = -1;
    refused(&o, NULL, DN_ERROR_ARGUMENT, "length_unit");
    o = good, o.length_unit = 1e-300;
    refused(&o, NULL, DN_ERROR_ARGUMENT, "length_unit");
    o = good, o.memory_limit = -1;
    refused(&o, NULL, DN_ERROR_ARGUMENT, "memory_limit");
    o = good, o.engine = "lava";
    refused(&o, NULL, DN_ERROR_ARGUMENT, "engine: 'lava' is unknown");
    o = good, o.device = "abacus";
    refused(&o, NULL, DN_ERROR_ARGUMENT, "device: 'abacus' is unknown");
    o = good, o.place_on_node = -1;
    refused(&o, NULL, DN_ERROR_ARGUMENT, "place_on_node: is -1");
    o = good, o.classify = 5;
    refused(&o, NULL, DN_ERROR_ARGUMENT, "classify");
    o = good, o.classify = DN_CLASSIFY_MODEL;
    refused(&o, NULL, DN_ERROR_ARGUMENT, "classify");
    o = good, o.classify = DN_CLASSIFY_CNA;
    refused(&o, NULL, DN_ERROR_ARGUMENT, "cna_cutoff");
    o.cna_cutoff = 1e300;
    refused(&o, NULL, DN_ERROR_ARGUMENT, "cna_cutoff");
    o = good, o.species_count = -1;
    refused(&o, NULL, DN_ERROR_ARGUMENT, "species_count");
    o = good, o.species_count = 2;
    refused(&o, NULL, DN_ERROR_ARGUMENT, "species");

    const int32_t species[] = {0, -2};
    const char* elements[] = {"Cu", NULL};
    const char* not_utf8[] = {"\xff\xfe"};
    o = good, o.species_count = 2, o.species = species;
    refused(&o, NULL, DN_ERROR_ARGUMENT, "species -2");
    o.elements = elements;
    refused(&o, NULL, DN_ERROR_ARGUMENT, "elements");
    o.species = NULL;
    refused(&o, NULL, DN_ERROR_ARGUMENT, "elements[1]");
    o.species_count = 1, o.elements = not_utf8;
    /* An unreadable symbol is no crash. */
    refused(&o, NULL, DN_ERROR_ARGUMENT, "is no chemical element");
}

static void wrong_hosts(void) {
    host_state state = {0};
    dn_session_options o = {.struct_size = sizeof o};
    dn_host host = host_table(&state);
    host.struct_size = 0;
    refused(&o, &host, DN_ERROR_ARGUMENT, "host");
    host = host_table(&state), host.rank = 1;
    refused(&o, &host, DN_ERROR_ARGUMENT, "rank 1 of 1");
    host = host_table(&state), host.size = 0;
    refused(&o, &host, DN_ERROR_ARGUMENT, "rank 0 of 0");
    host = host_table(&state), host.allreduce_sum_i64 = NULL;
    refused(&o, &host, DN_ERROR_ARGUMENT, "allreduce_sum_i64");
    host = host_table(&state), host.allreduce_max_f64 = NULL;
    refused(&o, &host, DN_ERROR_ARGUMENT, "allreduce_max_f64");
    host = host_table(&state), host.allreduce_min_f64 = NULL;
    refused(&o, &host, DN_ERROR_ARGUMENT, "allreduce_min_f64");
    host = host_table(&state), host.halo_forward_f32 = NULL;
    refused(&o, &host, DN_ERROR_ARGUMENT, "halo_forward_f32");
    /* A host compiled against an older header, which ends before the last callback. */
    host = host_table(&state), host.struct_size = offsetof(dn_host, halo_forward_f64);
    refused(&o, &host, DN_ERROR_ARGUMENT, "halo_forward_f64");
}

static void wrong_files(const char* folder) {
    char path[4096];
    snprintf(path, sizeof path, "%s/missing.pt", folder);
    dn_session_options o = {.struct_size = sizeof o, .model_path = path};
    refused(&o, NULL, DN_ERROR_IO, "missing.pt");
    CHECK(strstr(dn_last_error(), "dn_session_create") == dn_last_error());
    o.model_path = folder;
    refused(&o, NULL, DN_ERROR_IO, folder);
    o.model_path = "";
    refused(&o, NULL, DN_ERROR_IO, "model_path");
    /* The message is one line, whatever a name holds. */
    o.model_path = "two\nlines";
    refused(&o, NULL, DN_ERROR_IO, "two?lines");

    snprintf(path, sizeof path, "%s/garbage.pt", folder);
    FILE* file = fopen(path, "wb");
    CHECK(file != NULL);
    for (int i = 0; file != NULL && i < 5000; i++)
        fputc(i * 7 & 255, file);
    if (file != NULL)
        fclose(file);
    o.model_path = path;
    refused(&o, NULL, DN_ERROR_FORMAT, "garbage.pt");
}

void test_create(const char* folder) {
    wrong_options();
    wrong_hosts();
    wrong_files(folder);
}
