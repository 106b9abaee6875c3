#include "host.h"

#include <string.h>

static int32_t sum(void* context, int64_t* values, int64_t count) {
    (void)context, (void)values, (void)count;
    return 0;
}

static int32_t max(void* context, double* values, int64_t count) {
    host_state* state = context;
    state->reductions++;
    /* The first number of the library's maxima says which rank failed: size - rank. */
    if (state->other_rank_fails && count > 0 && values[0] < 1)
        values[0] = 1;
    return state->fail_allreduce ? 43 : 0;
}

static int32_t min(void* context, double* values, int64_t count) {
    host_state* state = context;
    if (state->other_rank_differs && count > 0)
        values[0] -= 1;
    return 0;
}

static int32_t forward(host_state* state, char* rows, size_t row_bytes) {
    state->calls++;
    if (state->during != NULL) {
        void (*during)(void*) = state->during;
        state->during = NULL;
        during(state->during_context);
    }
    if (state->calls == state->fail_halo_at)
        return 42;
    for (int32_t g = 0; g < state->atoms->ghost_count; g++)
        memcpy(rows + (size_t)(state->atoms->count + g) * row_bytes, rows + (size_t)state->atoms->owners[g] * row_bytes,
               row_bytes);
    return 0;
}

static int32_t forward_f32(void* context, float* rows, int32_t width) {
    host_state* state = context;
    if (width > state->largest_width_f32)
        state->largest_width_f32 = width;
    return forward(state, (char*)rows, sizeof(float) * (size_t)width);
}

static int32_t forward_f64(void* context, double* rows, int32_t width) {
    host_state* state = context;
    if (width > state->largest_width_f64)
        state->largest_width_f64 = width;
    return forward(state, (char*)rows, sizeof(double) * (size_t)width);
}

dn_host host_table(host_state* state) {
    dn_host host = {.struct_size = sizeof host, .context = state, .rank = 0, .size = 1};
    host.allreduce_sum_i64 = sum;
    host.allreduce_max_f64 = max;
    host.allreduce_min_f64 = min;
    host.halo_forward_f32 = forward_f32;
    host.halo_forward_f64 = forward_f64;
    return host;
}
