#include "fix_denoise.h"

#include "atom.h"
#include "comm.h"
#include "domain.h"
#include "error.h"
#include "group.h"
#include "lammps_versions.h"
#include "neighbor.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>

using namespace LAMMPS_NS;

namespace {

/* The group of `comm_modify group`, 0 for all; LAMMPS keeps it for the classes that derive from Comm. */
struct GhostGroup : Comm {
    static int of(const Comm* comm) { return comm->*(&GhostGroup::bordergroup); }
};

} // namespace

int32_t FixDenoise::sum_i64(void* context, int64_t* values, int64_t count) noexcept {
    return static_cast<FixDenoise*>(context)->reduce(values, count, MPI_INT64_T, MPI_SUM);
}

int32_t FixDenoise::max_f64(void* context, double* values, int64_t count) noexcept {
    return static_cast<FixDenoise*>(context)->reduce(values, count, MPI_DOUBLE, MPI_MAX);
}

int32_t FixDenoise::min_f64(void* context, double* values, int64_t count) noexcept {
    return static_cast<FixDenoise*>(context)->reduce(values, count, MPI_DOUBLE, MPI_MIN);
}

int32_t FixDenoise::halo_f32(void* context, float* values, int32_t width) noexcept {
    return static_cast<FixDenoise*>(context)->forward(values, width * sizeof(float));
}

int32_t FixDenoise::halo_f64(void* context, double* values, int32_t width) noexcept {
    return static_cast<FixDenoise*>(context)->forward(values, width * sizeof(double));
}

int32_t FixDenoise::reduce(void* values, int64_t count, MPI_Datatype type, MPI_Op operation) noexcept {
    if (count < 0 || count > std::numeric_limits<int>::max())
        return 1;
    return MPI_Allreduce(MPI_IN_PLACE, values, static_cast<int>(count), type, operation, world) != MPI_SUCCESS;
}

/* From 0, among the ranks of `world` that share a machine's memory, and so its graphics cards. */
int FixDenoise::place_on_node() const {
    MPI_Comm node;
    int place = 0;
    if (MPI_Comm_split_type(world, MPI_COMM_TYPE_SHARED, comm->me, MPI_INFO_NULL, &node) != MPI_SUCCESS)
        return 0;
    MPI_Comm_rank(node, &place);
    MPI_Comm_free(&node);
    return place;
}

/* LAMMPS may throw, and no exception may enter the library. */
int32_t FixDenoise::forward(void* values, std::size_t row_bytes) noexcept {
    try {
        halo.set(values, row_bytes);
        if (halo.slots > comm_forward)
            return 1;
        forward_comm(comm, this, halo.slots);
        return 0;
    } catch (...) {
        return 1;
    }
}

int FixDenoise::pack_forward_comm(int n, int* list, double* buffer, int, int*) {
    return halo.pack(n, list, buffer);
}

void FixDenoise::unpack_forward_comm(int n, int first, double* buffer) {
    halo.unpack(n, first, buffer);
}

namespace {

/* `comm_modify mode multi` meant types until 2021 and means collections of types since. Between then and 2026 there was
 * `multi/old` for types. What this LAMMPS has, its members say: of two overloads, the one with `int` goes first where
 * it compiles. */
template <class AnyNeighbor, class AnyComm>
auto shortest_of_collections(const AnyNeighbor* neighbor, const AnyComm* comm, double& cutoff, int)
    -> decltype(neighbor->ncollections == 0) {
    for (int i = 0; i < neighbor->ncollections; ++i) {
        const double user = comm->cutusermulti ? comm->cutusermulti[i] : 0.0;
        cutoff = std::min(cutoff, std::max(user, std::sqrt(neighbor->cutcollectionsq[i][i])));
    }
    return true;
}
template <class AnyNeighbor, class AnyComm>
bool shortest_of_collections(const AnyNeighbor*, const AnyComm*, double&, long) {
    return false;
}

template <class AnyComm> auto cutoffs_of_types(const AnyComm* comm, int) -> decltype(comm->cutusermultiold) {
    return comm->cutusermultiold;
}
template <class AnyComm> double* cutoffs_of_types(const AnyComm* comm, long) {
    return comm->cutusermulti;
}

} // namespace

/*
 * The distance around every owned atom within which all atoms are owned or ghosts until the next reneighboring.
 *
 * Ghosts are collected out to the communication cutoff when the neighbor lists are built. From then on, two atoms may
 * approach each other by up to the skin: each moves by half of it before LAMMPS collects again.
 *
 * With `comm_modify mode multi` every kind of atom has its own cutoff, and the shortest one counts.
 *
 * One rank without periodic boundaries owns everything, however far. It is told the same distance as several ranks
 * would be, so that the results are the same.
 */
double FixDenoise::ghost_range() const {
    double cutoff = std::numeric_limits<double>::max();
    if (comm->mode == Comm::SINGLE) {
        /* In a triclinic box, LAMMPS keeps it in fractions of the box. */
        cutoff = domain->triclinic ? comm->cutghost[2] / domain->h_inv[2] : comm->cutghost[2];
    } else if (comm->mode != Comm::MULTI || !shortest_of_collections(neighbor, comm, cutoff, 0)) {
        const double* users = cutoffs_of_types(comm, 0);
        for (int type = 1; type <= atom->ntypes; ++type) {
            const double user = users ? users[type] : 0.0;
            cutoff = std::min(cutoff, std::max(user, neighbor->cuttype[type]));
        }
    }
    /* 0 would mean that no atom has a ghost. */
    return std::max(cutoff - neighbor->skin, 1e-30);
}

/* The network sees every atom that has an element, so LAMMPS must not limit ghosts to some of them. */
void FixDenoise::require_ghosts_of_all() const {
    const int ghosts = GhostGroup::of(comm);
    if (!ghosts)
        return;
    const int bit = group->bitmask[ghosts];
    int missing = 0;
    for (int i = 0; i < atom->nlocal; ++i)
        missing |= !(atom->mask[i] & bit) && options.sees(atom->type[i]);
    int any = 0;
    MPI_Allreduce(&missing, &any, 1, MPI_INT, MPI_MAX, world);
    const std::string name = group->names[ghosts];
    succeed_or_stop(any ? DN_ERROR_COMMUNICATION : DN_OK,
                    "'comm_modify group " + name + "' keeps no ghosts of the atoms outside of group " + name +
                        ", and the network sees all atoms; write 'comm_modify group all', or make the types outside of "
                        "the group invisible with 'elements'");
}

/* The line to add to the input script where the ghosts do not reach far enough; empty where the library does not say
 * how far. */
std::string FixDenoise::ghost_advice() const {
    dn_session_info info = {};
    info.struct_size = sizeof info;
    if (library->session_get_info(session, &info) != DN_OK || !(info.ghost_cutoff_needed > 0.0))
        return std::string();

    /* 2 % more, because `scale auto` follows the density, which changes during a run; rounded up to three digits. */
    const double needed = 1.02 * info.ghost_cutoff_needed + neighbor->skin;
    const double unit = std::pow(10.0, std::floor(std::log10(needed)) - 2.0);
    /* Before the first run, LAMMPS knows no kinds of atoms whose cutoffs could be set one by one. */
    const char* keyword = comm->mode == Comm::SINGLE ? "cutoff" : "mode single cutoff";
    char line[80];
    std::snprintf(line, sizeof line, "comm_modify %s %.3g", keyword, unit * std::ceil(needed / unit - 1e-9));
    return std::string(" Add this line before the run: ") + line;
}

/*
 * Collective. Returns where all ranks report success, and otherwise stops LAMMPS on all of them with the text of the
 * lowest rank that failed by itself.
 */
void FixDenoise::succeed_or_stop(int32_t status, std::string text) const {
    const int none = comm->nprocs;
    const int mine[2] = {status != DN_OK && status != DN_ERROR_OTHER_RANK ? comm->me : none,
                         status != DN_OK ? comm->me : none};
    int lowest[2];
    MPI_Allreduce(mine, lowest, 2, MPI_INT, MPI_MIN, world);
    const int speaker = lowest[0] < none ? lowest[0] : lowest[1];
    if (speaker == none)
        return;

    /* The name of the C function in front of the sentence means nothing in an input script. */
    if (text.compare(0, 3, "dn_") == 0 && text.find(": ") != std::string::npos)
        text.erase(0, text.find(": ") + 2);
    int length = static_cast<int>(text.size());
    MPI_Bcast(&length, 1, MPI_INT, speaker, world);
    text.resize(length);
    MPI_Bcast(&text[0], length, MPI_CHAR, speaker, world);
    try {
        error->all(FLERR, "Fix denoise " + std::string(id) + ": " + text);
    } catch (...) {
        /* mpirun may kill this rank, because another one has ended, before the message is written. */
        if (screen)
            std::fflush(screen);
        throw;
    }
}
