/* The functions of the HDF5 that has loaded the filter. A program may have its HDF5 where the dynamic loader does not
 * look on behalf of a plugin (as Python's modules do), or several, so that they are looked up in what is loaded. */
#ifndef DENOISE_HDF5_FUNCTIONS_H
#define DENOISE_HDF5_FUNCTIONS_H

#include <hdf5.h>

typedef struct hdf5_functions {
    H5T_class_t (*H5Tget_class)(hid_t);
    H5T_order_t (*H5Tget_order)(hid_t);
    size_t (*H5Tget_size)(hid_t);
    int (*H5Pget_chunk)(hid_t, int, hsize_t*);
    herr_t (*H5Pget_filter_by_id2)(hid_t, H5Z_filter_t, unsigned*, size_t*, unsigned*, size_t, char*, unsigned*);
    herr_t (*H5Pmodify_filter)(hid_t, H5Z_filter_t, unsigned, size_t, const unsigned*);
    herr_t (*H5Epush2)(hid_t, const char*, const char*, unsigned, hid_t, hid_t, hid_t, const char*, ...);
    /* The library has given them numbers before it loads a filter. */
    const hid_t *H5E_ERR_CLS_g, *H5E_PLINE_g, *H5E_CANTFILTER_g;
} hdf5_functions;

/* NULL: there is none, or it lacks one of them. */
const hdf5_functions* hdf5_loaded(void);

#endif
