#include "denoise_log.h"

#include <algorithm>
#include <cerrno>
#include <cinttypes>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace {

/* The bytes [begin, begin + size) of a file, or as many as there are. */
std::string read_at(int file, std::int64_t begin, std::size_t size) {
    std::string bytes(size, '\0');
    std::size_t done = 0;
    while (done < size) {
        const ssize_t got = pread(file, &bytes[done], size - done, static_cast<off_t>(begin + done));
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            break;
        done += got;
    }
    bytes.resize(done);
    return bytes;
}

} // namespace

DenoiseLog::~DenoiseLog() {
    if (file >= 0)
        close(file);
}

bool DenoiseLog::open(const std::string& name, const std::vector<dn_structure>& structures,
                      const std::vector<dn_global>& analyses, std::string& problem) {
    path = name;
    file = ::open(path.c_str(), O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, 0666);
    struct stat info;
    if (file < 0 || fstat(file, &info) != 0)
        return fail("cannot append to", "name another one after 'file'", problem);

    std::string header("step,atoms");
    for (const dn_structure& structure : structures)
        header += std::string(",") + structure.name;
    for (const dn_structure& structure : structures)
        header += std::string(",raw_") + structure.name;
    header += ",rms_displacement,iterations,scale,largest_prediction,seconds";
    for (const dn_global& global : analyses)
        header += std::string(",") + global.name;
    header += "\n";
    const std::string start = S_ISREG(info.st_mode) ? read_at(file, 0, header.size()) : std::string();
    if (start == header)
        return remove_half_line(info.st_size, problem);
    if (header.compare(0, start.size(), start) != 0) {
        problem = "the log file '" + path +
                  "' exists and was not written by this fix with the same structures and analyses; name another one "
                  "after 'file'";
        return false;
    }
    /* Empty, or half a header. */
    if (!start.empty() && ftruncate(file, 0) != 0)
        return fail("cannot write to", "name another one after 'file'", problem);
    return append(header, problem);
}

bool DenoiseLog::remove_half_line(std::int64_t size, std::string& problem) {
    const std::int64_t block = 4096;
    for (std::int64_t end = size; end > 0; end -= block) {
        const std::int64_t begin = std::max<std::int64_t>(end - block, 0);
        const std::string::size_type newline = read_at(file, begin, end - begin).rfind('\n');
        if (newline == std::string::npos)
            continue;
        const std::int64_t whole = begin + static_cast<std::int64_t>(newline) + 1;
        if (whole == size || ftruncate(file, whole) == 0)
            return true;
        break;
    }
    return fail("cannot remove the half line at the end of", "name another one after 'file'", problem);
}

bool DenoiseLog::write(std::int64_t step, const dn_result& result, const std::vector<dn_structure>& structures,
                       const std::vector<dn_global>& analyses, double seconds, std::string& problem) {
    if (file < 0)
        return true;
    std::int64_t atoms = 0;
    for (const dn_structure& structure : structures)
        atoms += structure.count;

    std::string line = std::to_string(step) + "," + std::to_string(atoms);
    for (const dn_structure& structure : structures)
        line += "," + std::to_string(structure.count);
    for (const dn_structure& structure : structures)
        line += "," + std::to_string(structure.count_raw);
    char rest[160];
    std::snprintf(rest, sizeof rest, ",%.8g,%" PRId32 ",%.8g,%.4g,%.4g", result.rms_displacement, result.iterations,
                  result.scale, result.largest_prediction, seconds);
    line += rest;
    for (const dn_global& global : analyses) {
        std::snprintf(rest, sizeof rest, ",%.10g", global.value);
        line += rest;
    }
    return append(line + "\n", problem);
}

bool DenoiseLog::append(const std::string& line, std::string& problem) {
    std::size_t done = 0;
    while (done < line.size()) {
        const ssize_t written = ::write(file, line.data() + done, line.size() - done);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            break;
        done += written;
    }
    if (done == line.size())
        return true;

    const int reason = errno;
    struct stat info;
    const bool is_file = fstat(file, &info) == 0 && S_ISREG(info.st_mode);
    const bool is_whole = is_file && ftruncate(file, info.st_size - static_cast<off_t>(done)) == 0;
    errno = reason;
    (void)is_whole; /* else the next run removes the half line */
    return fail("cannot write to", "make room, or name a file on another disk after 'file'", problem);
}

bool DenoiseLog::fail(const std::string& what, const std::string& remedy, std::string& problem) const {
    problem = what + " the log file '" + path + "' (" + std::strerror(errno) + "); " + remedy;
    return false;
}
