#ifdef COMPUTE_CLASS
// clang-format off
ComputeStyle(denoise/atom,ComputeDenoiseAtom);
// clang-format on
#else

#ifndef LMP_COMPUTE_DENOISE_ATOM_H
#define LMP_COMPUTE_DENOISE_ATOM_H

#include "compute.h"

#include <string>

namespace LAMMPS_NS {

class FixDenoise;

/*
 * compute ID group denoise/atom FIX
 *
 * The per-atom array of a fix denoise, for readers that cannot take it from the fix: in an atom-style variable of
 * LAMMPS before 2022 f_ID[i] is the fix's global vector. A fix has its values when LAMMPS calls it; a compute may be
 * asked at any time, and lets the fix make a call where a step has none yet.
 *
 * The array is the fix's own, so that it moves with the atoms.
 */
class ComputeDenoiseAtom : public Compute {
  public:
    ComputeDenoiseAtom(class LAMMPS*, int, char**);
    ~ComputeDenoiseAtom() override;

    void init() override;
    void compute_peratom() override;

    /* Called by the fix: where its rows are now, and of which step. */
    void show(double** rows, bigint step);

    /* Called by the fix when it goes, which may be after all else of LAMMPS has gone. */
    void forget_fix();

  private:
    void find_fix();
    [[noreturn]] void stop(const std::string& problem);

    std::string fix_id;
    FixDenoise* fix = nullptr;
};

} // namespace LAMMPS_NS

#endif
#endif
