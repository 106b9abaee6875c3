#include "compute_denoise_atom.h"

#include "error.h"
#include "fix_denoise.h"
#include "group.h"
#include "lammps_versions.h"
#include "update.h"

using namespace LAMMPS_NS;

ComputeDenoiseAtom::ComputeDenoiseAtom(LAMMPS* lmp, int narg, char** arg) : Compute(lmp, narg, arg) {
    if (narg != 4)
        stop("the form is: compute ID group denoise/atom FIX, with the ID of a fix denoise");
    fix_id = arg[3];
    peratom_flag = 1;
    dynamic_group_allow = 1;
    find_fix();
}

ComputeDenoiseAtom::~ComputeDenoiseAtom() {
    /* The array belongs to the fix. */
    array_atom = nullptr;
    if (fix)
        fix->detach(this);
}

void ComputeDenoiseAtom::init() {
    find_fix();
}

void ComputeDenoiseAtom::find_fix() {
    if (fix)
        return;
    Fix* found = fix_by_id(modify, fix_id);
    if (!found)
        stop("there is no fix '" + fix_id + "'; write the line of the fix before that of the compute");
    fix = dynamic_cast<FixDenoise*>(found);
    if (!fix)
        stop("fix '" + fix_id + "' is of style " + found->style + "; name a fix of style denoise");
    if (igroup && igroup != fix->igroup) {
        const std::string expected =
            fix->igroup ? std::string(" or '") + group->names[fix->igroup] + "'" : std::string();
        fix = nullptr;
        stop(std::string("its group is '") + group->names[igroup] + "', and the values are those of fix '" + fix_id +
             "'; write 'all'" + expected);
    }
    size_peratom_cols = fix->columns();
    fix->attach(this);
}

void ComputeDenoiseAtom::compute_peratom() {
    find_fix();
    fix->bring_up_to_date();
    const bigint step = fix->step_of_values();
    if (step < 0)
        stop("fix '" + fix_id + "' has not been called yet; add 'run 0' before this line");
    if (update->whichflag == 0 && step != update->ntimestep)
        stop("not computed at a compatible time: the values of fix '" + fix_id + "' are of step " +
             std::to_string(step) + ", and this is step " + std::to_string(update->ntimestep) +
             "; add 'run 0' before this line");
    invoked_peratom = update->ntimestep;
}

void ComputeDenoiseAtom::show(double** rows, bigint step) {
    array_atom = rows;
    invoked_peratom = step == update->ntimestep ? step : -1;
}

void ComputeDenoiseAtom::forget_fix() {
    fix = nullptr;
    array_atom = nullptr;
    invoked_peratom = -1;
    invoked_flag = 0;
}

void ComputeDenoiseAtom::stop(const std::string& problem) {
    error->all(FLERR, "Compute denoise/atom " + std::string(id) + ": " + problem);
}
