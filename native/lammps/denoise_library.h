#ifndef DENOISE_LIBRARY_H
#define DENOISE_LIBRARY_H

#include "denoise_insitu.h"

#include <string>

/*
 * The functions of libdenoise_insitu.so, found at run time.
 *
 * The library is opened rather than linked for two reasons: LAMMPS closes its plugins at exit, and a .NET library does
 * not survive being unloaded, so it is opened with RTLD_NODELETE and never closed; and the build for AVX-512 is chosen
 * where the CPU has it.
 */
struct DenoiseLibrary {
    decltype(&dn_abi_version) abi_version;
    decltype(&dn_version) version;
    decltype(&dn_last_error) last_error;
    decltype(&dn_session_create) session_create;
    decltype(&dn_session_get_info) session_get_info;
    decltype(&dn_session_get_column) session_get_column;
    decltype(&dn_session_get_global) session_get_global;
    decltype(&dn_session_get_structure) session_get_structure;
    decltype(&dn_session_get_warning) session_get_warning;
    decltype(&dn_session_process) session_process;
    decltype(&dn_session_destroy) session_destroy;
    decltype(&dn_writer_create) writer_create;
    decltype(&dn_writer_write) writer_write;
    decltype(&dn_writer_close) writer_close;

    /*
     * The library of this process, opened at the first call, or NULL with the reason in `problem`.
     * Searched: the file or folder that the environment variable DENOISE_INSITU_LIB names; else the folder of this
     * code, its neighbor ../lib, and the system's library path.
     */
    static const DenoiseLibrary* open(std::string& problem);
};

#endif
