#ifndef LAMMPS_VERSIONS_H
#define LAMMPS_VERSIONS_H

#include "comm.h"
#include "fix.h"
#include "modify.h"

#include <string>

/* What LAMMPS calls differently from one version to the next; LAMMPS_VERSION_NUMBER comes from the headers' version.h.
 */

namespace LAMMPS_NS {

/* The fix with this ID, or NULL. LAMMPS of November 2026 has no find_fix any more. */
inline Fix* fix_by_id(Modify* modify, const std::string& id) {
#if LAMMPS_VERSION_NUMBER >= 20220324
    return modify->get_fix_by_id(id);
#else
    const int at = modify->find_fix(id);
    return at < 0 ? nullptr : modify->fix[at];
#endif
}

inline void forward_comm(Comm* comm, Fix* fix, int size) {
#if LAMMPS_VERSION_NUMBER >= 20220324
    comm->forward_comm(fix, size);
#else
    comm->forward_comm_fix(fix, size);
#endif
}

} // namespace LAMMPS_NS

#endif
