#include "denoise_log.h"

#include <cerrno>
#include <cinttypes>
#include <cstring>

namespace {

const char HEADER[] = "step,atoms,other,fcc,hcp,bcc,ico,raw_other,raw_fcc,raw_hcp,raw_bcc,raw_ico,rms_displacement,"
                      "iterations,scale,largest_prediction,seconds\n";

const int REPORTED = DN_STRUCTURE_ICOSAHEDRAL + 1;

std::string reason() {
    return std::strerror(errno);
}

} // namespace

DenoiseLog::~DenoiseLog() {
    if (file)
        std::fclose(file);
}

bool DenoiseLog::open(const std::string& name, std::string& problem) {
    path = name;
    file = std::fopen(path.c_str(), "a+");
    if (!file) {
        problem = "cannot append to the log file '" + path + "' (" + reason() + "); name another one after 'file'";
        return false;
    }
    char start[sizeof HEADER] = {};
    std::rewind(file);
    const std::size_t read = std::fread(start, 1, sizeof HEADER - 1, file);
    if (read == 0)
        return append(HEADER, problem);
    if (std::strcmp(start, HEADER) != 0) {
        problem = "the log file '" + path + "' exists and was not written by this fix; name another one after 'file'";
        return false;
    }
    /* A run that was killed may have left half a line. */
    char last = '\n';
    std::fseek(file, -1, SEEK_END);
    if (std::fread(&last, 1, 1, file) == 1 && last != '\n')
        return append("\n", problem);
    return true;
}

bool DenoiseLog::write(std::int64_t step, const dn_result& result, double seconds, std::string& problem) {
    if (!file)
        return true;
    std::int64_t atoms = 0;
    for (int type = 0; type < DN_STRUCTURE_COUNT; ++type)
        atoms += result.counts[type];

    std::string line = std::to_string(step) + "," + std::to_string(atoms);
    for (int type = 0; type < REPORTED; ++type)
        line += "," + std::to_string(result.counts[type]);
    for (int type = 0; type < REPORTED; ++type)
        line += "," + std::to_string(result.counts_raw[type]);
    char rest[160];
    std::snprintf(rest, sizeof rest, ",%.8g,%" PRId32 ",%.8g,%.4g,%.4g\n", result.rms_displacement, result.iterations,
                  result.scale, result.largest_prediction, seconds);
    return append(line + rest, problem);
}

/* One write of one line to a file opened for appending: two fixes may share it. */
bool DenoiseLog::append(const std::string& line, std::string& problem) {
    std::fseek(file, 0, SEEK_END);
    if (std::fwrite(line.data(), 1, line.size(), file) == line.size() && std::fflush(file) == 0)
        return true;
    problem = "cannot write to the log file '" + path + "' (" + reason() + "); is the disk full?";
    return false;
}
