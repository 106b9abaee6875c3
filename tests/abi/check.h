/* Counted checks: a failed one says where, and the run goes on. */
#ifndef ABI_CHECK_H
#define ABI_CHECK_H

#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "denoise_insitu.h"

extern atomic_int checks_passed, checks_failed;

#define CHECK(condition)                                                                                               \
    do {                                                                                                               \
        if (condition)                                                                                                 \
            checks_passed++;                                                                                           \
        else {                                                                                                         \
            checks_failed++;                                                                                           \
            fprintf(stderr, "%s:%d: failed: %s (last error: %s)\n", __FILE__, __LINE__, #condition, dn_last_error());  \
        }                                                                                                              \
    } while (0)

/* A call that must return a status and, unless that is DN_OK, leave a text that holds a word. */
#define CHECK_STATUS(call, expected, word)                                                                             \
    do {                                                                                                               \
        dn_status status_ = (call);                                                                                    \
        if (status_ == (expected) && (status_ == DN_OK || strstr(dn_last_error(), word) != NULL))                      \
            checks_passed++;                                                                                           \
        else {                                                                                                         \
            checks_failed++;                                                                                           \
            fprintf(stderr, "%s:%d: %s returned %d, expected %s with '%s' (last error: %s)\n", __FILE__, __LINE__,     \
                    #call, (int)status_, #expected, word, dn_last_error());                                            \
        }                                                                                                              \
    } while (0)

#endif
