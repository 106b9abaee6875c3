/*
 * When the fix makes a call.
 *
 *   end of a step that is a multiple of N      as every fix with an N
 *   first step of a run                        before it starts
 *   last step of a run, wherever that is       because LAMMPS prints a thermo line there
 *   whenever the scalar, the vector or the compute is asked for in between (bring_up_to_date)
 *
 * Not where the values are already those of the atoms as they are.
 */

#include "fix_denoise.h"

#include "atom.h"
#include "atom_masks.h"
#include "comm.h"
#include "compute_denoise_atom.h"
#include "domain.h"
#include "group.h"
#include "respa.h"
#include "timer.h"
#include "update.h"
#include "utils.h"

#include <algorithm>

using namespace LAMMPS_NS;

int FixDenoise::setmask() {
    return FixConst::PRE_FORCE | FixConst::PRE_FORCE_RESPA | FixConst::MIN_PRE_FORCE | FixConst::END_OF_STEP |
           FixConst::MIN_POST_FORCE;
}

void FixDenoise::init() {
    print_timings();
    if (domain->dimension != 3)
        succeed_or_stop(DN_ERROR_ARGUMENT, "it needs a simulation in three dimensions");
    say_values_every(options.nevery);
    current_step = ghosts_step = -1;
    print_indices();
    show_values(); /* commands between runs call init, and what computes have counts for nothing then */
}

/* The first moment of a run at which there are ghosts, and before the setup of any other fix, which may ask. */
void FixDenoise::begin_run() {
    require_ghosts_of_all();
    range = ghost_range();
    current_step = -1;
    ghosts_step = update->ntimestep;
}

void FixDenoise::setup_pre_force(int) {
    begin_run();
}

void FixDenoise::setup_pre_force_respa(int, int level) {
    if (level == 0)
        begin_run();
}

/* There are values at the first step of a run, multiple of N or not, and readers may have them. */
void FixDenoise::setup(int) {
    warn_of_no_atoms(); /* dynamic groups have theirs now */
    call();
    say_values_every(1);
    write_frame_if_due();
}

void FixDenoise::min_setup(int) {
    setup(0);
}

/* From here to the end of the step, positions and ghosts are those of the step. */
void FixDenoise::pre_force(int) {
    ghosts_step = update->ntimestep;
    say_values_every(options.nevery);
    /* KOKKOS copies the atoms from the device for every fix that is called, and this one is called in every step. */
    datamask_read = is_due() ? ALL_MASK : EMPTY_MASK;
}

/* The outermost level comes last. */
void FixDenoise::pre_force_respa(int, int level, int) {
    if (level == static_cast<Respa*>(update->integrate)->nlevels - 1)
        pre_force(0);
}

void FixDenoise::min_pre_force(int) {
    pre_force(0);
}

void FixDenoise::end_of_step() {
    if (is_due())
        call();
    if (is_last_step())
        say_values_every(1);
    write_frame_if_due();
}

/* A minimizer calls no end_of_step. Its line search comes here with several positions in one step, and last with those
 * that the step ends with. */
void FixDenoise::min_post_force(int) {
    end_of_step();
}

/* The commands of `run every` and the first line of `run pre no` still ask for the values of the last step, with no
 * call of init in between. The scalar and the vector may stay offered: whoever asks for them in another step makes a
 * call. */
void FixDenoise::post_run() {
    if (writer && update->whichflag == 2)
        write_frame(); /* where the minimization has ended */
    const bool is_multiple = update->ntimestep % options.nevery == 0;
    say_values_every(options.nevery);
    global_freq = is_multiple ? options.nevery : 1;
    datamask_read = ALL_MASK;
    current_step = ghosts_step = -1;
    warned = 0;
    analyses_warned_of.clear();
    const bigint first = update->firststep;
    const std::string title = "Fix " + std::string(style) + " " + id + ", steps " + std::to_string(first) + " to " +
                              std::to_string(update->ntimestep);
    const std::string table = timings.take_table(title, timer->get_wall(Timer::TOTAL), world);
    if (timer->has_normal() && comm->me == 0)
        timings_text += table;
}

/* Not in post_run, because programs that read logs take what stands between the thermo lines and the loop time for
 * thermo lines. */
void FixDenoise::print_timings() {
    if (!timings_text.empty())
        utils::logmesg(lmp, timings_text + "\n");
    timings_text.clear();
}

/* Also where somebody has asked in this step already: the positions may not have been the last. */
bool FixDenoise::is_due() const {
    return update->ntimestep % options.nevery == 0 || update->ntimestep == current_step || is_last_step();
}

/* A minimizer that stops early lowers the number of steps, and computes the forces once more. */
bool FixDenoise::is_last_step() const {
    const bool has_stopped = update->whichflag == 2 && update->firststep + update->nsteps != update->laststep;
    return update->ntimestep == update->laststep || has_stopped;
}

void FixDenoise::call() {
    if (is_current())
        follow_images();
    else
        denoise();
    current_step = update->ntimestep;
    show_values();
}

void FixDenoise::bring_up_to_date() {
    if (ghosts_step == update->ntimestep && current_step != update->ntimestep)
        call();
}

/* What readers ask before they read: whether the step is a multiple of it. */
void FixDenoise::say_values_every(int steps) {
    global_freq = peratom_freq = steps;
}

void FixDenoise::show_values() {
    for (ComputeDenoiseAtom* compute : computes)
        compute->show(array_atom, last_step);
}

void FixDenoise::attach(ComputeDenoiseAtom* compute) {
    computes.push_back(compute);
    compute->show(array_atom, last_step);
}

void FixDenoise::detach(ComputeDenoiseAtom* compute) {
    computes.erase(std::remove(computes.begin(), computes.end(), compute), computes.end());
}
