#include "fix_denoise.h"

#include "atom.h"
#include "atom_masks.h"
#include "comm.h"
#include "compute_denoise_atom.h"
#include "domain.h"
#include "error.h"
#include "group.h"
#include "memory.h"
#include "modify.h"
#include "neighbor.h"
#include "timer.h"
#include "update.h"
#include "utils.h"

#include <algorithm>

using namespace LAMMPS_NS;

namespace {

/* Of the vector: beside those of structures and analyses. */
enum { N_REST = 4 };

/* Å per length unit; lj has none, where 1 is as good as any because `scale auto` takes it out. */
double angstrom_per_unit(const std::string& style) {
    if (style == "si")
        return 1e10;
    if (style == "cgs")
        return 1e8;
    if (style == "micro")
        return 1e4;
    if (style == "nano")
        return 10.0;
    if (style == "electron")
        return 0.529177210903; // Bohr radius, CODATA 2018
    return 1.0;
}

/* eV/Å per force unit; 0 of lj, whose forces have no scale. */
double ev_per_angstrom(const std::string& style) {
    const double newton = 1e-10 / 1.602176634e-19;
    if (style == "real")
        return 4184.0 / (6.02214076e23 * 1.602176634e-19);
    if (style == "electron")
        return 27.211386245988 / 0.529177210903;
    if (style == "si")
        return newton;
    if (style == "cgs")
        return 1e-5 * newton;
    if (style == "micro")
        return 1e-9 * newton;
    if (style == "nano")
        return 1e-12 * newton;
    return style == "metal" ? 1.0 : 0.0;
}

} // namespace

FixDenoise::FixDenoise(LAMMPS* lmp, int narg, char** arg) : Fix(lmp, narg, arg), host(), result(), last_box() {
    std::string problem;
    const std::vector<std::string> words(arg + 3, arg + narg);
    if (!domain->box_exist)
        succeed_or_stop(DN_ERROR_ARGUMENT, "there are no atom types yet; create or read the box first");
    if (domain->dimension != 3)
        succeed_or_stop(DN_ERROR_ARGUMENT, "it needs a simulation in three dimensions");
    if (!options.parse(words, atom->ntypes, problem))
        succeed_or_stop(DN_ERROR_ARGUMENT, problem);

    nevery = 1; /* see is_due */
    dynamic_group_allow = 1;
    scalar_flag = 1;
    vector_flag = 1;
    extscalar = 0;
    extvector = 0;
    extarray = 0; /* there is none, and fix vector of 2021 reads this all the same */
    peratom_flag = 1;
    say_values_every(options.nevery);
    create_attribute = 1;
    datamask_modify = EMPTY_MASK; /* for KOKKOS: it changes nothing of the atoms */

    if (options.tells_forces)
        succeed_or_stop(ev_per_angstrom(update->unit_style) > 0.0 ? DN_OK : DN_ERROR_ARGUMENT,
                        "keyword 'forces' needs units in which forces have a scale, and these are '" +
                            std::string(update->unit_style) + "'; write 'forces no'");
    create_session();
    find_values();
    n_reported = N_FIXED + static_cast<int>(analysis_columns.size());
    size_vector = static_cast<int>(2 * structures.size() + N_REST + analysis_globals.size());
    size_peratom_cols = n_reported;
    maxexchange = n_reported + N_ORIGIN;
    const bool opened =
        options.log_path.empty() || comm->me != 0 || log.open(options.log_path, structures, analysis_globals, problem);
    succeed_or_stop(opened ? DN_OK : DN_ERROR_IO, problem);

    open_file();

    grow_arrays(atom->nmax);
    for (int i = 0; i < atom->nlocal; ++i)
        set_arrays(i);
    atom->add_callback(Atom::GROW);
}

FixDenoise::~FixDenoise() {
    if (copymode)
        return;
    print_timings();
    close_file();
    if (array_atom) {
        atom->delete_callback(id, Atom::GROW);
        memory->destroy(array_atom);
        memory->destroy(origin);
    }
    for (ComputeDenoiseAtom* compute : computes)
        compute->forget_fix();
    if (session)
        library->session_destroy(session);
}

void FixDenoise::create_session() {
    std::string problem;
    library = DenoiseLibrary::open(problem);
    succeed_or_stop(library ? DN_OK : DN_ERROR_IO, problem);

    host.struct_size = sizeof host;
    host.context = this;
    host.rank = comm->me;
    host.size = comm->nprocs;
    host.allreduce_sum_i64 = sum_i64;
    host.allreduce_max_f64 = max_f64;
    host.allreduce_min_f64 = min_f64;
    host.halo_forward_f32 = halo_f32;
    host.halo_forward_f64 = halo_f64;
    host.exchange = exchange;

    std::vector<const char*> elements, analyses;
    for (const std::string& element : options.elements)
        elements.push_back(element.c_str());
    for (const std::string& analysis : options.analyses)
        analyses.push_back(analysis.c_str());
    const std::string style = update->unit_style;
    dn_session_options wanted = {};
    wanted.struct_size = sizeof wanted;
    wanted.model_path = options.model_path == "none" ? nullptr : options.model_path.c_str();
    wanted.max_iterations = options.max_iterations;
    wanted.threads = options.threads;
    wanted.tolerance = options.tolerance;
    wanted.scale = options.scale;
    wanted.classify = options.classify;
    wanted.cna_cutoff = options.cna_cutoff;
    wanted.engine = options.engine.empty() ? nullptr : options.engine.c_str();
    wanted.device = options.device.empty() ? nullptr : options.device.c_str();
    wanted.place_on_node = 1 + place_on_node();
    wanted.memory_limit = options.memory_limit;
    wanted.length_unit = angstrom_per_unit(style);
    wanted.species_count = static_cast<int32_t>(elements.size());
    wanted.elements = elements.empty() ? nullptr : elements.data();
    wanted.analysis_count = static_cast<int32_t>(analyses.size());
    wanted.analyses = analyses.empty() ? nullptr : analyses.data();
    int32_t status = library->session_create(&wanted, &host, &session);
    succeed_or_stop(status, status ? library->last_error() : "");

    dn_session_info info = {};
    info.struct_size = sizeof info;
    status = library->session_get_info(session, &info);
    succeed_or_stop(status, status ? library->last_error() : "");
    comm_forward = std::max(HaloRows::slots_for(info.halo_width_f32 * sizeof(float)),
                            HaloRows::slots_for(info.halo_width_f64 * sizeof(double)));
}

void FixDenoise::denoise() {
    const double began = MPI_Wtime();
    /* Fixes that change the box at the end of a step move the owned atoms; let their ghosts follow. */
    if (domain->box_change)
        comm->forward_comm();

    const int nlocal = atom->nlocal;
    const int nall = nlocal + atom->nghost;
    types.resize(nlocal);
    positions.resize(3 * static_cast<std::size_t>(nlocal));
    displacements.resize(nlocal);
    selection.clear();
    if (igroup)
        for (int i = 0; i < nlocal; ++i)
            selection.push_back((atom->mask[i] & groupbit) != 0);
    ids.clear();
    if (atom->tag_enable)
        ids.assign(atom->tag, atom->tag + nall);

    dn_frame frame = {};
    frame.struct_size = sizeof frame;
    frame.step = update->ntimestep;
    frame.n_local = nlocal;
    frame.n_ghost = atom->nghost;
    frame.positions = nall ? atom->x[0] : nullptr;
    frame.types = nall ? atom->type : nullptr;
    frame.ids = ids.empty() ? nullptr : ids.data();
    frame.selection = selection.empty() ? nullptr : selection.data();
    frame.ghost_cutoff = range;
    if (options.tells_forces) {
        const double unit = ev_per_angstrom(update->unit_style);
        forces.resize(3 * static_cast<std::size_t>(nlocal));
        for (std::size_t k = 0; k < forces.size(); ++k)
            forces[k] = unit * atom->f[k / 3][k % 3];
        frame.forces = forces.data();
    }
    if (!options.analyses.empty())
        describe_cell(frame);

    dn_result wanted = {};
    wanted.struct_size = sizeof wanted;
    wanted.structure_types = types.data();
    wanted.positions = positions.data();
    wanted.displacements = displacements.data();
    const double called = MPI_Wtime();
    const int32_t status = library->session_process(session, &frame, &wanted);
    std::string problem = status ? library->last_error() : "";
    if (status == DN_ERROR_COMMUNICATION)
        problem += ghost_advice();
    succeed_or_stop(status, problem);

    result = wanted;
    MPI_Allreduce(&wanted.seconds, &seconds, 1, MPI_DOUBLE, MPI_MAX, world);
    warn_of_result();
    read_values();
    store_rows();

    const bool written = log.write(update->ntimestep, result, structures, analysis_globals, seconds, problem);
    succeed_or_stop(written ? DN_OK : DN_ERROR_IO, problem);
    timings.add(result, static_cast<double>(atom->natoms), began, called, MPI_Wtime());
}

double FixDenoise::compute_scalar() {
    bring_up_to_date();
    int64_t all = 0;
    for (const dn_structure& structure : structures)
        all += structure.count;
    return all ? static_cast<double>(all - structures[0].count) / all : 0.0;
}

double FixDenoise::compute_vector(int i) {
    bring_up_to_date();
    const int n = static_cast<int>(structures.size());
    if (i < n)
        return static_cast<double>(structures[i].count);
    if (i < 2 * n)
        return static_cast<double>(structures[i - n].count_raw);
    if (i >= 2 * n + N_REST)
        return analysis_globals[i - 2 * n - N_REST].value;
    const double rest[N_REST] = {result.rms_displacement, static_cast<double>(result.iterations), result.scale,
                                 seconds};
    return rest[i - 2 * n];
}

double FixDenoise::memory_usage() {
    return static_cast<double>(atom->nmax) * maxexchange * sizeof(double) +
           static_cast<double>(types.capacity() + selection.capacity()) * sizeof(int32_t) +
           static_cast<double>(ids.capacity()) * sizeof(int64_t) +
           static_cast<double>(positions.capacity() + displacements.capacity() + forces.capacity()) * sizeof(double);
}
