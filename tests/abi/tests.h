/* The parts of the ABI test; each counts its checks. model is NULL where there is none. */
#ifndef ABI_TESTS_H
#define ABI_TESTS_H

void test_host_state(void);
void test_create(const char* folder);
void test_handles(void);
void test_classify(void);
void test_analyses(void);
void test_frames(void);
void test_struct_sizes(void);
void test_trajectories(const char* folder);
void test_blocks(void);
void test_ranks(const char* model);
void test_denoise(const char* model);
void test_threads(const char* model);
void test_memory(const char* program, const char* model);
int run_out_of_memory(const char* model);

#endif
