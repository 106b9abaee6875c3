/* A host of one process with ghosts of its own, whose callbacks can be told to fail. */
#ifndef ABI_HOST_H
#define ABI_HOST_H

#include "crystal.h"

typedef struct host_state {
    const crystal* atoms;
    int calls;             /* of halo callbacks */
    int reductions;        /* of allreduce_max_f64 */
    int largest_width_f32; /* seen */
    int largest_width_f64;
    int fail_halo_at;       /* this halo call returns 42; 0: none */
    int fail_allreduce;     /* allreduce_max_f64 returns 43 */
    int other_rank_fails;   /* allreduce_max_f64 reports a failure of rank 1 */
    int other_rank_differs; /* allreduce_min_f64 lowers the first value */
    void (*during)(void*);  /* called once from the first halo callback */
    void* during_context;
} host_state;

dn_host host_table(host_state* state);

#endif
