#include "fix_denoise.h"

#include "atom.h"
#include "comm.h"
#include "domain.h"
#include "memory.h"
#include "update.h"

#include <algorithm>
#include <cmath>
#include <cstring>

using namespace LAMMPS_NS;

namespace {

/* An image flag, 32 or 64 bits, in a column of doubles. */
double as_double(imageint image) {
    static_assert(sizeof image <= sizeof(double), "an image flag fits a column");
    double value = 0.0;
    std::memcpy(&value, &image, sizeof image);
    return value;
}

imageint as_image(double value) {
    imageint image;
    std::memcpy(&image, &value, sizeof image);
    return image;
}

} // namespace

/* Never without a row: LAMMPS takes the address of the first one even where there are no atoms. */
void FixDenoise::grow_arrays(int nmax) {
    memory->grow(array_atom, std::max(nmax, 1), n_reported, "denoise:array_atom");
    memory->grow(origin, std::max(nmax, 1), N_ORIGIN, "denoise:origin");
    show_values();
}

void FixDenoise::copy_arrays(int i, int j, int) {
    std::copy_n(array_atom[i], n_reported, array_atom[j]);
    std::copy_n(origin[i], +N_ORIGIN, origin[j]);
}

void FixDenoise::set_arrays(int i) {
    std::fill_n(array_atom[i], n_reported, 0.0);
    std::fill_n(origin[i], +N_ORIGIN, 0.0);
}

int FixDenoise::pack_exchange(int i, double* buffer) {
    std::copy_n(origin[i], +N_ORIGIN, std::copy_n(array_atom[i], n_reported, buffer));
    return maxexchange;
}

int FixDenoise::unpack_exchange(int i, double* buffer) {
    std::copy_n(buffer, n_reported, array_atom[i]);
    std::copy_n(buffer + n_reported, +N_ORIGIN, origin[i]);
    return maxexchange;
}

/* Type and membership of an atom; never 0, which marks a row without results. */
double FixDenoise::row_key(int i) const {
    return 2.0 * atom->type[i] + ((atom->mask[i] & groupbit) ? 1.0 : 0.0);
}

std::array<double, 9> FixDenoise::box() const {
    return {{domain->boxlo[0], domain->boxlo[1], domain->boxlo[2], domain->boxhi[0], domain->boxhi[1], domain->boxhi[2],
             domain->xy, domain->xz, domain->yz}};
}

void FixDenoise::store_rows() {
    for (int i = 0; i < atom->nlocal; ++i) {
        double* row = array_atom[i];
        row[TYPE] = types[i];
        std::copy_n(&positions[3 * static_cast<std::size_t>(i)], 3, row + X);
        row[DISPLACEMENT] = displacements[i];
        for (std::size_t k = 0; k < analysis_columns.size(); ++k) {
            const dn_column& column = analysis_columns[k];
            row[N_FIXED + k] = column.integers ? static_cast<double>(column.integers[i]) : column.reals[i];
        }
        std::copy_n(atom->x[i], 3, origin[i] + AT_X);
        origin[i][AT_IMAGE] = as_double(atom->image[i]);
        origin[i][AT_KEY] = row_key(i);
    }
    last_step = update->ntimestep;
    last_natoms = atom->natoms;
    last_box = box();
}

/* Whether the results are those of the atoms as they are: a run that starts where the last one ended needs no new call,
 * unless something was changed in between. */
bool FixDenoise::is_current() const {
    if (last_step != update->ntimestep || last_natoms != atom->natoms)
        return false;
    const int mine = last_box == box() && same_atoms();
    int all = 0;
    MPI_Allreduce(&mine, &all, 1, MPI_INT, MPI_MIN, world);
    return all != 0;
}

bool FixDenoise::same_atoms() const {
    /* Wrapping an atom into the box rounds its coordinates. */
    const double tolerance = 1e-10 * std::max(domain->xprd, std::max(domain->yprd, domain->zprd));
    for (int i = 0; i < atom->nlocal; ++i) {
        if (origin[i][AT_KEY] != row_key(i))
            return false;
        double now[3], then[3];
        domain->unmap(atom->x[i], atom->image[i], now);
        domain->unmap(origin[i] + AT_X, as_image(origin[i][AT_IMAGE]), then);
        for (int d = 0; d < 3; ++d)
            if (!(std::fabs(now[d] - then[d]) <= tolerance))
                return false;
    }
    return true;
}

/* The start of a run wraps atoms into the box; their denoised positions go with them. */
void FixDenoise::follow_images() {
    for (int i = 0; i < atom->nlocal; ++i) {
        for (int d = 0; d < 3; ++d) {
            array_atom[i][X + d] += atom->x[i][d] - origin[i][AT_X + d];
            origin[i][AT_X + d] = atom->x[i][d];
        }
        origin[i][AT_IMAGE] = as_double(atom->image[i]);
    }
}
