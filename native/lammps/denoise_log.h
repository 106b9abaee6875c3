#ifndef DENOISE_LOG_H
#define DENOISE_LOG_H

#include "denoise_insitu.h"

#include <cstdint>
#include <string>
#include <vector>

/*
 * The CSV file of `fix denoise ... file F`: a header, then one line per call. Held by one rank.
 *
 * There are only whole lines in it: each is appended with one write, so that several fixes and programs may share the
 * file; what a full disk leaves of a line is taken back, and what a killed run has left is removed by the next.
 */
class DenoiseLog {
  public:
    DenoiseLog() = default;
    ~DenoiseLog();
    DenoiseLog(const DenoiseLog&) = delete;
    DenoiseLog& operator=(const DenoiseLog&) = delete;

    /* Opens the file to append, and writes the header, with a column for every structure, before and after, and for
     * every number of the analyses, where there is none. A file with other contents is refused: false, with the reason
     * in `problem`. */
    bool open(const std::string& path, const std::vector<dn_structure>& structures,
              const std::vector<dn_global>& analyses, std::string& problem);

    /* Appends one line; `seconds` is the longest time over the ranks. Nothing where no file is open. */
    bool write(std::int64_t step, const dn_result& result, const std::vector<dn_structure>& structures,
               const std::vector<dn_global>& analyses, double seconds, std::string& problem);

  private:
    bool remove_half_line(std::int64_t size, std::string& problem);
    bool append(const std::string& line, std::string& problem);
    bool fail(const std::string& what, const std::string& remedy, std::string& problem) const;

    int file = -1; /* file descriptor */
    std::string path;
};

#endif
