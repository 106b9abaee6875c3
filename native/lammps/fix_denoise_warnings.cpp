/* What the fix warns of: each thing once per run, in one sentence. */

#include "fix_denoise.h"

#include "atom.h"
#include "comm.h"
#include "error.h"
#include "group.h"
#include "update.h"

#include <algorithm>
#include <cstdio>

using namespace LAMMPS_NS;

namespace {

/* Beside the bits DN_WARNING_* of the library. */
const int64_t EMPTY_GROUP = int64_t(1) << 32;
const int64_t INVISIBLE_GROUP = int64_t(1) << 33;

std::string of_all(int64_t atoms, const dn_result& result) {
    return std::to_string(atoms) + " of " + std::to_string(result.atoms_seen) + " atoms ";
}

} // namespace

void FixDenoise::warn(const std::string& text) const {
    if (comm->me == 0)
        error->warning(FLERR, "Fix denoise " + std::string(id) + ": " + text);
}

void FixDenoise::warn_once(int64_t what, const std::string& text) {
    if (!(warned & what))
        warn(text);
    warned |= what;
}

/* What the analyses say of the last call: of each kind, by its name before the colon, once per run. */
void FixDenoise::warn_of_analyses() {
    const char* text = nullptr;
    for (int32_t k = 0; library->session_get_warning(session, k, &text) == DN_OK && text; ++k) {
        const std::string said = text;
        const std::string analysis = said.substr(0, said.find(':'));
        if (std::find(analyses_warned_of.begin(), analyses_warned_of.end(), analysis) != analyses_warned_of.end())
            continue;
        analyses_warned_of.push_back(analysis);
        warn("in step " + std::to_string(update->ntimestep) + " " + said);
    }
}

/* A group that is empty, or whose atoms are all invisible, is more likely a mistake than not. */
void FixDenoise::warn_of_no_atoms() {
    bigint mine[2] = {0, 0}, all[2];
    for (int i = 0; i < atom->nlocal; ++i)
        if (atom->mask[i] & groupbit) {
            ++mine[0];
            mine[1] += options.sees(atom->type[i]);
        }
    MPI_Allreduce(mine, all, 2, MPI_LMP_BIGINT, MPI_SUM, world);
    const std::string name = group->names[igroup];
    if (all[0] == 0)
        warn_once(EMPTY_GROUP, "group '" + name + "' has no atoms at the start of this run, so that all counts are 0");
    else if (all[1] == 0)
        warn_once(INVISIBLE_GROUP, "the atoms of group '" + name +
                                       "' are all of types that 'elements' makes invisible with NULL, so that all "
                                       "counts are 0");
}

/* Of the last call; the numbers are the same on all ranks. */
void FixDenoise::warn_of_result() {
    warn_of_analyses();
    const int32_t warnings = result.warnings;
    const std::string step = "in step " + std::to_string(update->ntimestep) + " ";
    if (warnings & DN_WARNING_GHOSTS_SHORT)
        warn_once(DN_WARNING_GHOSTS_SHORT,
                  step + "atoms were moved so far that some which are no ghosts may have mattered." + ghost_advice());
    if (warnings & DN_WARNING_HELD) {
        char most[32];
        std::snprintf(most, sizeof most, "%.3g", result.largest_move);
        warn_once(DN_WARNING_HELD, step + of_all(result.atoms_held, result) +
                                       "were held back where the network would have moved them by more than " + most +
                                       "; the model is not made for a structure like this, and what it says may be "
                                       "wrong");
    }
    if (warnings & DN_WARNING_BEYOND_NOISE)
        warn_once(DN_WARNING_BEYOND_NOISE, step + of_all(result.atoms_beyond_noise, result) +
                                               "seem to vibrate more than those that the model was trained with; their "
                                               "structures may be wrong");
    if (warnings & DN_WARNING_ODD_DENSITY)
        warn_once(DN_WARNING_ODD_DENSITY, step + of_all(result.atoms_odd_density, result) +
                                              "have far fewer or far more neighbors than those that the model was "
                                              "trained with; their structures may be wrong");
    if (warnings & DN_WARNING_ASTRAY)
        warn_once(DN_WARNING_ASTRAY, step + of_all(result.atoms_astray, result) +
                                         "were led to other places than the network first said; the model may not "
                                         "know this structure, and what it names may be wrong");
    /* With `tol 0` the number of iterations was what was wanted. */
    if ((warnings & DN_WARNING_UNSETTLED) && options.tolerance >= 0.0)
        warn_once(DN_WARNING_UNSETTLED, step + of_all(result.atoms_unsettled, result) +
                                            "would still be moved after the last iteration; the model does not know "
                                            "this structure, or needs more 'steps'");
}
