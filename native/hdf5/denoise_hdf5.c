/* The .dnz codec as a filter of HDF5: programs that write or read positions in HDF5 (H5MD) compress them within a bound
 * by it, or read them, without knowing of it. HDF5 finds it in HDF5_PLUGIN_PATH. docs/dnz.md says how it is used. */
#include <H5PLextern.h>
#include <stdlib.h>
#include <string.h>

#include "denoise_insitu.h"
#include "hdf5_functions.h"

/* Of the numbers that are free for tests, 256 to 511; none is registered. */
enum { FILTER = 388 };

/* What the user gives, and what is added from the dataset: HDF5 keeps all with it. */
enum { MILLIONTHS, FRAMES, ATOMS, SIZE, VALUES };

static const char NAME[] =
    "denoise: positions within a bound; its value is the bound in millionths of the unit of length";

static const hdf5_functions* hdf5;

/* On the stack of errors that the program prints. */
static herr_t refuse(const char* sentence) {
    if (hdf5)
        hdf5->H5Epush2(H5E_DEFAULT, "denoise", "filter", 0, *hdf5->H5E_ERR_CLS_g, *hdf5->H5E_PLINE_g,
                       *hdf5->H5E_CANTFILTER_g, "%s", sentence);
    return -1;
}

/* Dimensions of a chunk; the number of them, or -1. */
static int chunk_of(hid_t creation, hsize_t dimensions[H5S_MAX_RANK]) {
    const int rank = hdf5->H5Pget_chunk(creation, H5S_MAX_RANK, dimensions);
    return rank >= 2 && dimensions[rank - 1] == 3 ? rank : -1;
}

static htri_t can_apply(hid_t creation, hid_t type, hid_t space) {
    (void)space;
    hsize_t dimensions[H5S_MAX_RANK];
    const size_t size = hdf5->H5Tget_size(type);
    if (hdf5->H5Tget_class(type) != H5T_FLOAT || hdf5->H5Tget_order(type) != H5T_ORDER_LE || (size != 4 && size != 8))
        return refuse("positions are 32-bit or 64-bit reals, little-endian; these are not");
    if (chunk_of(creation, dimensions) < 0)
        return refuse("a chunk is (frames, atoms, 3) or (atoms, 3); this one is of another shape");
    return 1;
}

static herr_t set_local(hid_t creation, hid_t type, hid_t space) {
    (void)space;
    unsigned flags, values[VALUES] = {0};
    size_t count = VALUES;
    hsize_t dimensions[H5S_MAX_RANK];
    if (hdf5->H5Pget_filter_by_id2(creation, FILTER, &flags, &count, values, 0, NULL, NULL) < 0)
        return -1;
    if (count < 1 || values[MILLIONTHS] == 0)
        return refuse("give one value: the bound in millionths of the unit of length, such as 10000 for 0.01");
    const int rank = chunk_of(creation, dimensions);
    if (rank < 0)
        return -1;
    values[FRAMES] = 1;
    for (int d = 0; d < rank - 2; d++)
        values[FRAMES] *= (unsigned)dimensions[d];
    values[ATOMS] = (unsigned)dimensions[rank - 2];
    values[SIZE] = (unsigned)hdf5->H5Tget_size(type);
    return hdf5->H5Pmodify_filter(creation, FILTER, flags, VALUES, values);
}

static size_t pack(const dn_block* block, size_t bytes, size_t* size, void** buffer) {
    const void* packed;
    int64_t length;
    if (dn_block_pack(block, *buffer, &packed, &length) != DN_OK) {
        refuse(dn_last_error());
        return 0;
    }
    /* Nothing is gained: HDF5 keeps the chunk as it is, if the filter is optional. */
    if ((size_t)length >= bytes) {
        refuse("the chunk does not get smaller");
        return 0;
    }
    if ((size_t)length > *size) {
        refuse("the chunk's buffer is too small");
        return 0;
    }
    memcpy(*buffer, packed, (size_t)length);
    return (size_t)length;
}

static size_t unpack(const dn_block* block, size_t bytes, size_t* size, void** buffer) {
    const size_t unpacked =
        (size_t)block->frames * (size_t)block->atoms * 3 * (block->is_single ? sizeof(float) : sizeof(double));
    void* positions = malloc(unpacked);
    if (!positions || dn_block_unpack(block, *buffer, (int64_t)bytes, positions) != DN_OK) {
        refuse(positions ? dn_last_error() : "not enough memory");
        free(positions);
        return 0;
    }
    free(*buffer);
    *buffer = positions;
    *size = unpacked;
    return unpacked;
}

static size_t filter(unsigned flags, size_t count, const unsigned values[], size_t bytes, size_t* size, void** buffer) {
    if (count < VALUES || (values[SIZE] != 4 && values[SIZE] != 8)) {
        refuse("the values of the filter are incomplete; the dataset was not made by it");
        return 0;
    }
    const dn_block block = {.struct_size = sizeof block,
                            .frames = values[FRAMES],
                            .atoms = values[ATOMS],
                            .bound = values[MILLIONTHS] * 1e-6,
                            .is_single = values[SIZE] == 4};
    return (flags & H5Z_FLAG_REVERSE) != 0 ? unpack(&block, bytes, size, buffer) : pack(&block, bytes, size, buffer);
}

static const H5Z_class2_t CLASS = {H5Z_CLASS_T_VERS, FILTER, 1, 1, NAME, can_apply, set_local, filter};

H5PL_type_t H5PLget_plugin_type(void) {
    return H5PL_TYPE_FILTER;
}

const void* H5PLget_plugin_info(void) {
    hdf5 = hdf5_loaded();
    return hdf5 ? &CLASS : NULL;
}
