/* usage: test_abi FOLDER [MODEL]: FOLDER is for temporary files. Prints the counts; exits with 1 where a check failed.
 */
#include "check.h"
#include "tests.h"

atomic_int checks_passed, checks_failed;

int main(int argc, char** argv) {
    if (argc > 2 && strcmp(argv[1], "--out-of-memory") == 0)
        return run_out_of_memory(argv[2]);
    if (argc < 2)
        return 2;
    const char* model = argc > 2 && argv[2][0] != '\0' ? argv[2] : NULL;

    test_host_state();
    CHECK(dn_abi_version() == DN_ABI_MAJOR * 1000 + DN_ABI_MINOR);
    CHECK(dn_version() != NULL && strchr(dn_version(), '.') != NULL);
    CHECK(dn_last_error() != NULL && dn_last_error()[0] == '\0');

    test_create(argv[1]);
    test_handles();
    test_classify();
    test_analyses();
    test_frames();
    test_struct_sizes();
    test_trajectories(argv[1]);
    test_blocks();
    test_ranks(model);
    test_threads(model);
    if (model != NULL) {
        test_denoise(model);
        test_memory(argv[0], model);
    }
    printf("checks: %d passed, %d failed\n", (int)checks_passed, (int)checks_failed);
    return checks_failed != 0;
}
