/* Positions that are packed in memory: come back within the bound, refused where they cannot, damage found out. */
#include <math.h>
#include <stdlib.h>

#include "check.h"
#include "tests.h"

enum { ATOMS = 500, FRAMES = 3, NUMBERS = 3 * ATOMS * FRAMES };

static double positions[NUMBERS], unpacked[NUMBERS];
static float singles[NUMBERS], unpacked_singles[NUMBERS];

static void fill(void) {
    unsigned state = 99;
    for (int k = 0; k < NUMBERS; k++) {
        state = state * 1664525u + 1013904223u;
        positions[k] = (k % (3 * ATOMS)) * 0.05 + (state >> 8) / 16777216.0;
        singles[k] = (float)positions[k];
    }
}

/* As a filter does: bytes of its own, since the library's go with the next call. */
static int64_t pack(const dn_block* block, const void* from, char** copy) {
    const void* bytes = NULL;
    int64_t length = 0;
    CHECK_STATUS(dn_block_pack(block, from, &bytes, &length), DN_OK, "");
    CHECK(length > 0 && bytes != NULL);
    *copy = malloc((size_t)length);
    memcpy(*copy, bytes, (size_t)length);
    return length;
}

static void come_back(void) {
    dn_block b = {.struct_size = sizeof b, .frames = FRAMES, .atoms = ATOMS, .bound = 0.01};
    char* bytes;
    int64_t length = pack(&b, positions, &bytes);
    CHECK(length < (int64_t)sizeof positions / 4);
    CHECK_STATUS(dn_block_unpack(&b, bytes, length, unpacked), DN_OK, "");
    double error = 0;
    for (int k = 0; k < NUMBERS; k++)
        error = fmax(error, fabs(unpacked[k] - positions[k]));
    CHECK(error > 0 && error <= b.bound);

    b.frames = FRAMES + 1;
    CHECK_STATUS(dn_block_unpack(&b, bytes, length, unpacked), DN_ERROR_INPUT, "packed positions");
    b.frames = FRAMES, b.atoms = ATOMS - 1;
    CHECK_STATUS(dn_block_unpack(&b, bytes, length, unpacked), DN_ERROR_INPUT, "packed positions");
    b.atoms = ATOMS;
    /* Nothing depends on where the index is, which the last 16 bytes say. */
    for (int64_t at = 0; at < length - 16; at += 7) {
        bytes[at] ^= 4;
        CHECK(dn_block_unpack(&b, bytes, length, unpacked) == DN_ERROR_INPUT);
        bytes[at] ^= 4;
    }
    for (int64_t cut = 0; cut < length; cut += 13)
        CHECK(dn_block_unpack(&b, bytes, cut, unpacked) == DN_ERROR_INPUT);
    free(bytes);

    b.is_single = 1;
    length = pack(&b, singles, &bytes);
    CHECK_STATUS(dn_block_unpack(&b, bytes, length, unpacked_singles), DN_OK, "");
    error = 0;
    for (int k = 0; k < NUMBERS; k++)
        error = fmax(error, fabs((double)unpacked_singles[k] - (double)singles[k]));
    CHECK(error > 0 && error <= b.bound);
    free(bytes);
}

static void refused(void) {
    dn_block b = {.struct_size = sizeof b, .frames = FRAMES, .atoms = ATOMS};
    const void* bytes = NULL;
    int64_t length = 0;
    CHECK_STATUS(dn_block_pack(&b, positions, &bytes, &length), DN_ERROR_ARGUMENT, "bound");
    b.bound = 0.01;
    CHECK_STATUS(dn_block_pack(&b, NULL, &bytes, &length), DN_ERROR_ARGUMENT, "positions");
    CHECK_STATUS(dn_block_pack(&b, positions, NULL, &length), DN_ERROR_ARGUMENT, "bytes");
    CHECK_STATUS(dn_block_unpack(&b, NULL, 0, unpacked), DN_ERROR_ARGUMENT, "bytes");
    b.frames = (int64_t)1 << 40;
    CHECK_STATUS(dn_block_pack(&b, positions, &bytes, &length), DN_ERROR_ARGUMENT, "frames");
    b.frames = FRAMES;
    positions[4] = NAN;
    CHECK_STATUS(dn_block_pack(&b, positions, &bytes, &length), DN_ERROR_INPUT, "NaN");
    fill();
    b.is_single = 1, b.bound = 1e-9;
    CHECK_STATUS(dn_block_pack(&b, singles, &bytes, &length), DN_ERROR_INPUT, "single precision");
    CHECK(bytes == NULL && length == 0);
}

static void without_atoms(void) {
    dn_block b = {.struct_size = sizeof b, .frames = 2, .atoms = 0, .bound = 0.01};
    char* bytes;
    const int64_t length = pack(&b, positions, &bytes);
    CHECK_STATUS(dn_block_unpack(&b, bytes, length, unpacked), DN_OK, "");
    free(bytes);
}

void test_blocks(void) {
    fill();
    come_back();
    refused();
    without_atoms();
}
