#ifndef DENOISE_OPTIONS_H
#define DENOISE_OPTIONS_H

#include "denoise_insitu.h"

#include <string>
#include <vector>

/*
 * What the line `fix ID group denoise N FILE keyword values ...` says, in the terms of the C interface.
 * 0 stands for the library's default, as in dn_session_options.
 */
struct DenoiseOptions {
    std::string model_path;
    int nevery = 0;
    int max_iterations = 0;
    int threads = 0;
    double tolerance = 0.0;
    double scale = 0.0;
    int classify = DN_CLASSIFY_AUTO;
    double cna_cutoff = 0.0;
    std::vector<std::string> elements; /* one per atom type, or empty */
    std::string engine;                /* as the library reads it, or empty */
    std::string device;                /* likewise */
    int64_t memory_limit = 0;          /* bytes per rank */
    std::string log_path;              /* of the CSV file, or empty */
    std::string compress_path;         /* of the .dnz file, or empty */
    int compress_every = 0;
    int compress_mode = DN_WRITE_BOUND;
    double compress_bound = 0.0;
    bool keeps_velocities = false;
    double velocity_bound = 0.0;       /* 0: bit for bit */
    bool tells_forces = false;         /* f, to a network that is told forces */
    std::vector<std::string> analyses; /* what follows `with`, one text each */

    /* Reads args = N FILE keyword values ...; false with a sentence on the first mistake in `problem`. */
    bool parse(const std::vector<std::string>& args, int atom_types, std::string& problem);

    /* Whether the network sees atoms of this type, counted from 1. */
    bool sees(int type) const { return elements.empty() || elements[type - 1] != "NULL"; }
};

#endif
