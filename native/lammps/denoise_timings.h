#ifndef DENOISE_TIMINGS_H
#define DENOISE_TIMINGS_H

#include "denoise_insitu.h"

#include <mpi.h>
#include <string>

/* Where the calls of one run spent their time, as a table in the manner of LAMMPS's task timing breakdown. */
class DenoiseTimings {
  public:
    /* One call: the times (MPI_Wtime) when the fix began, when it called the library, and when the results were
     * stored. */
    void add(const dn_result& result, double atoms, double began, double called, double stored);

    /* The table of the calls since the last one, the same on all ranks, and forgets them; empty where there were none.
     * Collective, right after the run's loop, which took `loop` seconds. */
    std::string take_table(const std::string& title, double loop, MPI_Comm world);

  private:
    enum { SCALE, GRAPH, NETWORK, HALO, IDENTIFY, OUTPUT, OTHER, N_SECTIONS };

    double sections[N_SECTIONS] = {}; /* seconds of this rank */
    double atom_iterations = 0.0;     /* atoms of all ranks times iterations */
    int calls = 0;
    int iterations = 0;
    double first_began = 0.0; /* the first call, */
    double first_ended = 0.0; /* which may have been before the loop */
};

#endif
