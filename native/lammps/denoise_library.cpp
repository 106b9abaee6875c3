#include "denoise_library.h"

#include <cstdlib>
#include <dlfcn.h>
#include <sys/stat.h>
#include <vector>

namespace {

const char FILE_NAME[] = "libdenoise_insitu.so";

/* The dynamic loader's own subfolder for CPUs of the x86-64-v4 level, under which the AVX-512 build lies. */
const char AVX512_FOLDER[] = "glibc-hwcaps/x86-64-v4";

#if defined(__x86_64__)
/* x86-64-v3, what the library is compiled for. The compiler's built-in test also asks whether the system saves the
 * registers. */
bool cpu_suffices(std::string& problem) {
    problem =
        "this CPU has no AVX2, FMA and BMI, which the library needs; run on a machine of 2013 (Intel), 2015 (AMD) "
        "or later";
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("bmi") &&
           __builtin_cpu_supports("bmi2");
}

bool cpu_has_avx512() {
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
           __builtin_cpu_supports("avx512cd") && __builtin_cpu_supports("avx512dq") &&
           __builtin_cpu_supports("avx512vl");
}
#else
bool cpu_suffices(std::string& problem) {
    problem = "the library exists for x86-64 only, and this is another architecture; run on a machine with Intel or "
              "AMD CPUs, "
              "or write a dump here and use `denoise apply` on it there";
    return false;
}
bool cpu_has_avx512() {
    return false;
}
#endif

bool is_folder(const std::string& path) {
    struct stat info;
    return stat(path.c_str(), &info) == 0 && S_ISDIR(info.st_mode);
}

bool is_file(const std::string& path) {
    struct stat info;
    return stat(path.c_str(), &info) == 0 && S_ISREG(info.st_mode);
}

/* The folder of the executable or plugin that holds this function. */
std::string own_folder() {
    Dl_info info;
    if (!dladdr(reinterpret_cast<void*>(&own_folder), &info) || !info.dli_fname)
        return std::string();
    char* resolved = realpath(info.dli_fname, nullptr);
    const std::string file(resolved ? resolved : info.dli_fname);
    free(resolved);
    const std::string::size_type slash = file.rfind('/');
    return slash == std::string::npos ? std::string(".") : file.substr(0, slash);
}

void add_folder(std::vector<std::string>& candidates, const std::string& folder) {
    if (cpu_has_avx512())
        candidates.push_back(folder + "/" + AVX512_FOLDER + "/" + FILE_NAME);
    candidates.push_back(folder + "/" + FILE_NAME);
}

void* open_file(const std::string& path, std::string& problem) {
    void* handle = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
    if (!handle)
        problem = std::string("cannot load the library: ") + dlerror();
    return handle;
}

void* find_and_open(std::string& problem) {
    std::vector<std::string> candidates;
    const char* named = getenv("DENOISE_INSITU_LIB");
    if (named && *named) {
        if (is_folder(named))
            add_folder(candidates, named);
        else
            candidates.push_back(named);
    } else {
        add_folder(candidates, own_folder());
        add_folder(candidates, own_folder() + "/../lib");
    }
    for (const std::string& path : candidates)
        if (is_file(path))
            return open_file(path, problem);

    if (named && *named) {
        problem = "the environment variable DENOISE_INSITU_LIB is '" + std::string(named) + "', and there is no " +
                  FILE_NAME + "; let it name that file or its folder";
        return nullptr;
    }
    void* handle = open_file(FILE_NAME, problem);
    if (!handle)
        problem = std::string(FILE_NAME) + " is neither beside " + own_folder() +
                  " nor in ../lib from there nor on the library path; let the environment variable DENOISE_INSITU_LIB "
                  "name it";
    return handle;
}

template <typename Function> bool find(void* handle, const char* name, Function& function, std::string& problem) {
    function = reinterpret_cast<Function>(dlsym(handle, name));
    if (!function)
        problem = std::string("the library ") + FILE_NAME + " has no function " + name + "; it is not ours";
    return function != nullptr;
}

bool load(DenoiseLibrary& library, std::string& problem) {
    if (!cpu_suffices(problem))
        return false;
    void* handle = find_and_open(problem);
    if (!handle || !find(handle, "dn_abi_version", library.abi_version, problem))
        return false;

    const int32_t abi = library.abi_version();
    if (abi / 1000 != DN_ABI_MAJOR || abi % 1000 < DN_ABI_MINOR) {
        problem = std::string("the library ") + FILE_NAME + " has interface version " + std::to_string(abi / 1000) +
                  "." + std::to_string(abi % 1000) + ", and this fix was compiled for " + std::to_string(DN_ABI_MAJOR) +
                  "." + std::to_string(DN_ABI_MINOR) + "; install both from one build";
        return false;
    }
    return find(handle, "dn_version", library.version, problem) &&
           find(handle, "dn_last_error", library.last_error, problem) &&
           find(handle, "dn_session_create", library.session_create, problem) &&
           find(handle, "dn_session_get_info", library.session_get_info, problem) &&
           find(handle, "dn_session_get_column", library.session_get_column, problem) &&
           find(handle, "dn_session_get_global", library.session_get_global, problem) &&
           find(handle, "dn_session_get_structure", library.session_get_structure, problem) &&
           find(handle, "dn_session_get_warning", library.session_get_warning, problem) &&
           find(handle, "dn_session_process", library.session_process, problem) &&
           find(handle, "dn_session_destroy", library.session_destroy, problem) &&
           find(handle, "dn_writer_create", library.writer_create, problem) &&
           find(handle, "dn_writer_write", library.writer_write, problem) &&
           find(handle, "dn_writer_close", library.writer_close, problem);
}

} // namespace

const DenoiseLibrary* DenoiseLibrary::open(std::string& problem) {
    static DenoiseLibrary library;
    static bool loaded = false;
    if (!loaded)
        loaded = load(library, problem);
    return loaded ? &library : nullptr;
}
