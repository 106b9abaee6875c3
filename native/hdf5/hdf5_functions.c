#define _GNU_SOURCE
#include "hdf5_functions.h"

#include <dlfcn.h>
#include <link.h>
#include <string.h>

static hdf5_functions found;

/* Whether a loaded file has them all. */
static int take_from(void* handle) {
#define TAKE(name) (*(void**)& found.name = dlsym(handle, #name))
    return TAKE(H5Tget_class) && TAKE(H5Tget_order) && TAKE(H5Tget_size) && TAKE(H5Pget_chunk) &&
           TAKE(H5Pget_filter_by_id2) && TAKE(H5Pmodify_filter) && TAKE(H5Epush2) && TAKE(H5E_ERR_CLS_g) &&
           TAKE(H5E_PLINE_g) && TAKE(H5E_CANTFILTER_g);
#undef TAKE
}

static int look_into(struct dl_phdr_info* info, size_t size, void* data) {
    (void)size, (void)data;
    if (!info->dlpi_name || !strstr(info->dlpi_name, "hdf5"))
        return 0;
    void* handle = dlopen(info->dlpi_name, RTLD_LAZY | RTLD_NOLOAD);
    return handle && take_from(handle);
}

const hdf5_functions* hdf5_loaded(void) {
    static int is_there;
    if (!is_there)
        is_there = take_from(RTLD_DEFAULT) || dl_iterate_phdr(look_into, NULL);
    return is_there ? &found : NULL;
}
