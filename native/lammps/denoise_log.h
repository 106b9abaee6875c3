#ifndef DENOISE_LOG_H
#define DENOISE_LOG_H

#include "denoise_insitu.h"

#include <cstdint>
#include <cstdio>
#include <string>

/* The CSV file of `fix denoise ... file F`: a header, then one line per call. Held by one rank. */
class DenoiseLog {
  public:
    DenoiseLog() = default;
    ~DenoiseLog();
    DenoiseLog(const DenoiseLog&) = delete;
    DenoiseLog& operator=(const DenoiseLog&) = delete;

    /* Opens the file to append, and writes the header where there is none. A file with other contents is refused:
     * false, with the reason in `problem`. */
    bool open(const std::string& path, std::string& problem);

    /* Writes and flushes one line; `seconds` is the longest time over the ranks. Nothing where no file is open. */
    bool write(std::int64_t step, const dn_result& result, double seconds, std::string& problem);

  private:
    bool append(const std::string& line, std::string& problem);

    std::FILE* file = nullptr;
    std::string path;
};

#endif
