#include "denoise_timings.h"

#include <algorithm>
#include <cstdio>

namespace {

const char* const NAMES[] = {"Scale", "Graph", "Network", "Halo", "Identify", "Output", "Other"};

double percent(double part, double whole) {
    return whole > 0.0 ? 100.0 * part / whole : 0.0;
}

} // namespace

void DenoiseTimings::add(const dn_result& result, double atoms, double began, double called, double stored) {
    const double within[] = {result.seconds_scale, result.seconds_graph,    result.seconds_network,
                             result.seconds_halo,  result.seconds_identify, result.seconds_output};
    double rest = stored - began;
    for (int s = SCALE; s <= OUTPUT; ++s) {
        sections[s] += within[s];
        rest -= within[s];
    }
    /* The library copies its rows into ours after its own clock has stopped; then they are stored and written. */
    const double output = (stored - called) - result.seconds;
    sections[OUTPUT] += output;
    sections[OTHER] += rest - output;

    atom_iterations += atoms * result.iterations;
    iterations += result.iterations;
    if (calls++ == 0) {
        first_began = began;
        first_ended = stored;
    }
}

std::string DenoiseTimings::take_table(const std::string& title, double loop, MPI_Comm world) {
    const DenoiseTimings taken = *this;
    *this = DenoiseTimings();
    if (taken.calls == 0)
        return std::string();

    /* The sections, their total, the part of it within the loop, and the loop. */
    enum { TOTAL = N_SECTIONS, WITHIN, LOOP, N_SUMS };
    double mine[N_SUMS] = {}, least[N_SUMS], mean[N_SUMS], most[N_SUMS];
    for (int s = 0; s < N_SECTIONS; ++s) {
        mine[s] = taken.sections[s];
        mine[TOTAL] += taken.sections[s];
    }
    /* The call at the start of a run is before the loop; that of a rerun is within it. */
    const bool first_is_within = 0.5 * (taken.first_began + taken.first_ended) > MPI_Wtime() - loop;
    mine[WITHIN] = mine[TOTAL] - (first_is_within ? 0.0 : taken.first_ended - taken.first_began);
    mine[LOOP] = loop;
    int ranks = 1;
    MPI_Comm_size(world, &ranks);
    MPI_Allreduce(mine, least, N_SUMS, MPI_DOUBLE, MPI_MIN, world);
    MPI_Allreduce(mine, most, N_SUMS, MPI_DOUBLE, MPI_MAX, world);
    MPI_Allreduce(mine, mean, N_SUMS, MPI_DOUBLE, MPI_SUM, world);
    for (double& sum : mean)
        sum /= ranks;

    char line[256];
    std::snprintf(line, sizeof line, ": %d call%s, %d iteration%s, %.4g s, %.3g atoms/s per iteration\n", taken.calls,
                  taken.calls == 1 ? "" : "s", taken.iterations, taken.iterations == 1 ? "" : "s", mean[TOTAL],
                  mean[TOTAL] > 0.0 ? taken.atom_iterations / mean[TOTAL] : 0.0);
    std::string text = "\n" + title + line;
    const int within = taken.calls - (first_is_within ? 0 : 1);
    if (within > 0) {
        std::snprintf(line, sizeof line, "%d of the calls within the loop, %.2f%% of its time\n", within,
                      percent(mean[WITHIN], mean[LOOP]));
        text += line;
    }
    text += "Section |  min time  |  avg time  |  max time  |%varavg| %total\n"
            "---------------------------------------------------------------\n";
    for (int s = 0; s < N_SECTIONS; ++s) {
        /* By how much the fastest or the slowest rank differs from the average. */
        const double spread = percent(std::max(most[s] - mean[s], mean[s] - least[s]), mean[s]);
        std::snprintf(line, sizeof line, "%-8s| %-11.5g| %-11.5g| %-11.5g|%6.1f |%6.2f\n", NAMES[s], least[s], mean[s],
                      most[s], spread, percent(mean[s], mean[TOTAL]));
        text += line;
    }
    return text;
}
