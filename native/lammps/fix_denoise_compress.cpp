/* The keyword `compress`: what the simulation does, kept in a .dnz file while it runs. */

#include "fix_denoise.h"

#include "atom.h"
#include "comm.h"
#include "domain.h"
#include "update.h"

#include <algorithm>
#include <limits>

using namespace LAMMPS_NS;

namespace {

const int64_t LARGEST_PIECE = INT64_C(1) << 30; /* of a message; MPI counts with int */
const int TAG = 20261;

enum { IX, IY, IZ, N_IMAGES };
enum { VX, VY, VZ, N_VELOCITIES };

dn_column column(const char* name, const char* ovito_name, const std::vector<int64_t>& values) {
    dn_column made = {};
    made.struct_size = sizeof made;
    made.name = name;
    made.ovito_name = ovito_name;
    made.integers = values.data();
    made.kind = DN_KIND_INTEGER;
    return made;
}

dn_column column(const char* name, const char* ovito_name, const std::vector<double>& values) {
    dn_column made = {};
    made.struct_size = sizeof made;
    made.name = name;
    made.ovito_name = ovito_name;
    made.reals = values.data();
    made.kind = DN_KIND_REAL;
    return made;
}

} // namespace

void FixDenoise::open_file() {
    if (options.compress_path.empty())
        return;
    const bool is_structure = options.compress_mode == DN_WRITE_STRUCTURE;
    if (!atom->tag_enable)
        succeed_or_stop(DN_ERROR_ARGUMENT,
                        "keyword 'compress' needs atoms with IDs, by which they are followed from frame to "
                        "frame; write 'atom_modify id yes'");
    if (is_structure && (options.model_path == "none" || options.max_iterations < 0))
        succeed_or_stop(DN_ERROR_ARGUMENT,
                        "keyword 'compress' keeps denoised positions with 'structure', and without a model, or "
                        "with 'steps 0', there are none; keep the positions with 'bound'");
    if (is_structure && options.compress_every % options.nevery != 0)
        succeed_or_stop(DN_ERROR_ARGUMENT, "keyword 'compress' keeps denoised positions every " +
                                               std::to_string(options.compress_every) +
                                               " steps, and calls are made every " + std::to_string(options.nevery) +
                                               "; give it a multiple of that");

    const char* bounded[N_VELOCITIES] = {"vx", "vy", "vz"};
    const double bounds[N_VELOCITIES] = {options.velocity_bound, options.velocity_bound, options.velocity_bound};
    dn_writer_options wanted = {};
    wanted.struct_size = sizeof wanted;
    wanted.path = options.compress_path.c_str();
    wanted.bound = options.compress_bound;
    wanted.mode = options.compress_mode;
    wanted.bounded_columns = bounded;
    wanted.column_bounds = bounds;
    wanted.bounded_count = options.velocity_bound > 0.0 ? +N_VELOCITIES : 0;
    const int32_t status = library->writer_create(&wanted, &host, &writer);
    succeed_or_stop(status, status ? library->last_error() : "");
}

void FixDenoise::close_file() {
    if (writer && library->writer_close(writer) != DN_OK)
        warn(std::string("the file of keyword 'compress' has no end: ") + library->last_error());
    writer = 0;
}

/* Not in the steps of a minimization, which come here with several positions each: see post_run. */
void FixDenoise::write_frame_if_due() {
    const bool is_minimization = update->whichflag == 2;
    const bool is_first = update->ntimestep == update->firststep;
    if (writer && update->ntimestep % options.compress_every == 0 && (!is_minimization || is_first))
        write_frame();
}

void FixDenoise::write_frame() {
    if (update->ntimestep == written_step)
        return;
    written_step = update->ntimestep;
    const bool is_structure = options.compress_mode == DN_WRITE_STRUCTURE;
    const int nlocal = atom->nlocal;
    std::vector<double> x, velocities[N_VELOCITIES], moved;
    std::vector<int64_t> tags, images[N_IMAGES], structure_types;
    std::vector<int32_t> kinds;
    for (int i = 0; i < nlocal; ++i) {
        if (!(atom->mask[i] & groupbit))
            continue;
        double r[3];
        std::copy_n(is_structure ? array_atom[i] + X : atom->x[i], 3, r);
        imageint image = atom->image[i];
        domain->remap(r, image);
        x.insert(x.end(), r, r + 3);
        tags.push_back(atom->tag[i]);
        kinds.push_back(atom->type[i]);
        if (is_structure) {
            structure_types.push_back(static_cast<int64_t>(array_atom[i][TYPE]));
            moved.push_back(array_atom[i][DISPLACEMENT]);
            continue;
        }
        images[IX].push_back((image & IMGMASK) - IMGMAX);
        images[IY].push_back((image >> IMGBITS & IMGMASK) - IMGMAX);
        images[IZ].push_back((image >> IMG2BITS) - IMGMAX);
        for (int d = 0; d < N_VELOCITIES && options.keeps_velocities; ++d)
            velocities[d].push_back(atom->v[i][d]);
    }

    std::vector<dn_column> columns;
    if (is_structure) {
        columns = {column("structure_type", "StructureType", structure_types), column("displacement", nullptr, moved)};
    } else {
        columns = {column("ix", nullptr, images[IX]), column("iy", nullptr, images[IY]),
                   column("iz", nullptr, images[IZ])};
        if (options.keeps_velocities)
            columns.insert(columns.end(), {column("vx", nullptr, velocities[VX]), column("vy", nullptr, velocities[VY]),
                                           column("vz", nullptr, velocities[VZ])});
    }
    std::vector<const dn_column*> pointers;
    for (const dn_column& kept : columns)
        pointers.push_back(&kept);
    std::vector<const char*> elements;
    for (const std::string& element : options.elements)
        elements.push_back(element == "NULL" ? nullptr : element.c_str());

    dn_frame cell = {};
    describe_cell(cell);
    dn_snapshot snapshot = {};
    snapshot.struct_size = sizeof snapshot;
    snapshot.step = update->ntimestep;
    snapshot.time = update->atime + (update->ntimestep - update->atimestep) * update->dt;
    snapshot.has_time = 1;
    snapshot.n_atoms = static_cast<int32_t>(tags.size());
    snapshot.positions = x.data();
    snapshot.ids = tags.data();
    snapshot.types = kinds.data();
    std::copy_n(cell.cell, 9, snapshot.cell);
    std::copy_n(cell.origin, 3, snapshot.origin);
    std::copy_n(cell.cell_periodic, 3, snapshot.periodic);
    snapshot.units = update->unit_style;
    snapshot.elements = elements.data();
    snapshot.element_count = static_cast<int32_t>(elements.size());
    snapshot.columns = pointers.data();
    snapshot.column_count = static_cast<int32_t>(pointers.size());
    const int32_t status = library->writer_write(writer, &snapshot);
    succeed_or_stop(status, status ? library->last_error() : "");
}

int32_t FixDenoise::exchange(void* context, const void* const* outgoing, const int64_t* outgoing_bytes,
                             void* const* incoming, const int64_t* incoming_bytes) noexcept {
    try {
        FixDenoise* fix = static_cast<FixDenoise*>(context);
        std::vector<MPI_Request> requests;
        int failures = 0;
        for (int rank = 0; rank < fix->host.size; ++rank)
            for (int64_t done = 0; done < incoming_bytes[rank]; done += LARGEST_PIECE) {
                requests.emplace_back();
                const int bytes = static_cast<int>(std::min(LARGEST_PIECE, incoming_bytes[rank] - done));
                failures |= MPI_Irecv(static_cast<char*>(incoming[rank]) + done, bytes, MPI_BYTE, rank, TAG, fix->world,
                                      &requests.back());
            }
        for (int rank = 0; rank < fix->host.size; ++rank)
            for (int64_t done = 0; done < outgoing_bytes[rank]; done += LARGEST_PIECE) {
                requests.emplace_back();
                const int bytes = static_cast<int>(std::min(LARGEST_PIECE, outgoing_bytes[rank] - done));
                /* MPI before 3.0 takes no pointer to const. */
                char* from = static_cast<char*>(const_cast<void*>(outgoing[rank])) + done;
                failures |= MPI_Isend(from, bytes, MPI_BYTE, rank, TAG, fix->world, &requests.back());
            }
        failures |= MPI_Waitall(static_cast<int>(requests.size()), requests.data(), MPI_STATUSES_IGNORE);
        return failures != MPI_SUCCESS;
    } catch (...) {
        return 1;
    }
}
