#include "fix_denoise.h"

#include "comm.h"
#include "domain.h"
#include "utils.h"

#include <algorithm>

using namespace LAMMPS_NS;

/* What the session names, and what its analyses compute; the names stay as long as it does. */
void FixDenoise::find_values() {
    dn_session_info info = {};
    info.struct_size = sizeof info;
    int32_t status = library->session_get_info(session, &info);
    structures.resize(status ? 0 : info.structure_count);
    classify = info.classify;
    analysis_columns.resize(status ? 0 : info.column_count);
    analysis_globals.resize(status ? 0 : info.global_count);
    succeed_or_stop(status, status ? library->last_error() : "");
    read_values();
}

/* The rows and numbers of the last call. */
void FixDenoise::read_values() {
    int32_t status = DN_OK;
    for (std::size_t k = 0; k < structures.size() && !status; ++k) {
        structures[k].struct_size = sizeof(dn_structure);
        status = library->session_get_structure(session, static_cast<int32_t>(k), &structures[k]);
    }
    for (std::size_t k = 0; k < analysis_columns.size() && !status; ++k) {
        analysis_columns[k].struct_size = sizeof(dn_column);
        status = library->session_get_column(session, static_cast<int32_t>(k), &analysis_columns[k]);
    }
    for (std::size_t k = 0; k < analysis_globals.size() && !status; ++k) {
        analysis_globals[k].struct_size = sizeof(dn_global);
        status = library->session_get_global(session, static_cast<int32_t>(k), &analysis_globals[k]);
    }
    succeed_or_stop(status, status ? library->last_error() : "");
}

/* Once, where it does not follow from the manual: what index holds what. */
void FixDenoise::print_indices() {
    const bool by_model = classify == DN_CLASSIFY_MODEL;
    const bool by_references = classify == DN_CLASSIFY_REFERENCES;
    const bool are_named = by_model || by_references || classify == DN_CLASSIFY_ANALYSIS;
    if (printed || (options.analyses.empty() && !are_named))
        return;
    printed = true;
    if (comm->me != 0)
        return;
    std::string text = std::string("Fix denoise ") + id + ": values of its analyses\n";
    if (are_named) {
        text = std::string("Fix denoise ") + id + ": structures are named by " +
               (by_model        ? std::string("the model")
                : by_references ? std::string("the references in the model")
                                : options.analyses.front()) +
               "\n";
        const int n = static_cast<int>(structures.size());
        for (int k = 0; k < n; ++k)
            text += std::string("  f_") + id + "[" + std::to_string(k + 1) + "], before denoising f_" + id + "[" +
                    std::to_string(n + k + 1) + "]  " + structures[k].name + ", structure type " +
                    std::to_string(structures[k].number) + "\n";
    }
    const int first = size_vector - static_cast<int>(analysis_globals.size()) + 1;
    for (std::size_t k = 0; k < analysis_globals.size(); ++k)
        text += std::string("  f_") + id + "[" + std::to_string(first + k) + "]  " + analysis_globals[k].name + "\n";
    for (std::size_t k = 0; k < analysis_columns.size(); ++k)
        text += std::string("  f_") + id + "[" + std::to_string(N_FIXED + 1 + k) + "] per atom  " +
                analysis_columns[k].name + "\n";
    utils::logmesg(lmp, text);
}

/* The cell of the whole system, which analyses may need. */
void FixDenoise::describe_cell(dn_frame& frame) const {
    const double cell[9] = {domain->xprd, 0.0,        0.0,        domain->xy,  domain->yprd,
                            0.0,          domain->xz, domain->yz, domain->zprd};
    std::copy_n(cell, 9, frame.cell);
    std::copy_n(domain->boxlo, 3, frame.origin);
    frame.cell_periodic[0] = domain->xperiodic;
    frame.cell_periodic[1] = domain->yperiodic;
    frame.cell_periodic[2] = domain->zperiodic;
    frame.has_cell = 1;
}
