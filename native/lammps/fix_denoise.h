#ifdef FIX_CLASS
// clang-format off
FixStyle(denoise,FixDenoise);
// clang-format on
#else

#ifndef LMP_FIX_DENOISE_H
#define LMP_FIX_DENOISE_H

#include "denoise_library.h"
#include "denoise_log.h"
#include "denoise_options.h"
#include "denoise_timings.h"
#include "fix.h"
#include "halo_rows.h"

#include <array>
#include <cstdint>
#include <vector>

namespace LAMMPS_NS {

class ComputeDenoiseAtom;

/*
 * fix ID group denoise N FILE keyword values ...
 *
 * Every N steps, and at the first and the last step of a run or a minimization, hands the coordinates of owned and
 * ghost atoms to libdenoise_insitu.so, which removes their thermal motion and names their crystal structure. It changes
 * nothing in the simulation.
 *
 *   scalar       fraction of the group that was identified
 *   vector       atoms that are other, fcc, hcp, bcc, icosahedral, or what the model names; the same before denoising;
 *                rms displacement; iterations; scale; seconds; then the numbers of the analyses that follow `with`
 *   per atom     structure type, denoised x, y, z, displacement; then the columns of the analyses
 */
class FixDenoise : public Fix {
  public:
    FixDenoise(class LAMMPS*, int, char**);
    ~FixDenoise() override;

    /* fix_denoise_times.cpp: when it is called. */
    int setmask() override;
    void init() override;
    void setup_pre_force(int) override;
    void setup_pre_force_respa(int, int) override;
    void setup(int) override;
    void min_setup(int) override;
    void pre_force(int) override;
    void pre_force_respa(int, int, int) override;
    void min_pre_force(int) override;
    void end_of_step() override;
    void min_post_force(int) override;
    void post_run() override;

    /* Collective. A call, where LAMMPS asks for values in a step of a run that has none yet and the ghosts are those of
     * the step; else nothing, and the values are those of the last call. */
    void bring_up_to_date();

    /* Of the last call, -1 before the first. */
    bigint step_of_values() const { return last_step; }

    /* Computes that show the per-atom array as theirs. */
    void attach(ComputeDenoiseAtom*);
    void detach(ComputeDenoiseAtom*);

    /* Columns of the per-atom array, before those of the analyses. */
    enum { TYPE, X, Y, Z, DISPLACEMENT, N_FIXED };

    int columns() const { return n_reported; }

    double compute_scalar() override;
    double compute_vector(int) override;
    double memory_usage() override;

    void grow_arrays(int) override;
    void copy_arrays(int, int, int) override;
    void set_arrays(int) override;
    int pack_exchange(int, double*) override;
    int unpack_exchange(int, double*) override;

    int pack_forward_comm(int, int*, double*, int, int*) override;
    void unpack_forward_comm(int, int, double*) override;

  private:
    /* Columns of the second array: to what atom, and where, a row of the first belongs. LAMMPS finds its way through
     * the first by size_peratom_cols, so these cannot be further columns of it. */
    enum { AT_X, AT_Y, AT_Z, AT_IMAGE, AT_KEY, N_ORIGIN };

    void create_session();
    void denoise();
    void print_timings();

    /* fix_denoise_times.cpp */
    void begin_run();
    void call();
    bool is_due() const;
    bool is_last_step() const;
    void say_values_every(int steps);
    void show_values();

    /* fix_denoise_analyses.cpp: what the model names, and what `with` adds. */
    void find_values();
    void print_indices();
    void read_values();
    void describe_cell(dn_frame& frame) const;

    /* fix_denoise_compress.cpp: the .dnz file of the run. */
    void open_file();
    void close_file();
    void write_frame_if_due();
    void write_frame();

    /* fix_denoise_rows.cpp: the rows of the atoms. */
    void store_rows();
    bool is_current() const;
    bool same_atoms() const;
    void follow_images();
    double row_key(int i) const;
    std::array<double, 9> box() const;

    /* fix_denoise_host.cpp: what a rank shares with the others. */
    double ghost_range() const;
    void require_ghosts_of_all() const;
    std::string ghost_advice() const;
    int place_on_node() const;
    void succeed_or_stop(int32_t status, std::string text) const;

    /* fix_denoise_warnings.cpp */
    void warn_of_no_atoms();
    void warn_of_result();
    void warn(const std::string& text) const;
    void warn_once(int64_t what, const std::string& text);
    void warn_of_analyses();

    /* What the library calls; `context` is the fix. */
    static int32_t sum_i64(void* context, int64_t* values, int64_t count) noexcept;
    static int32_t max_f64(void* context, double* values, int64_t count) noexcept;
    static int32_t min_f64(void* context, double* values, int64_t count) noexcept;
    static int32_t halo_f32(void* context, float* rows, int32_t width) noexcept;
    static int32_t halo_f64(void* context, double* rows, int32_t width) noexcept;
    static int32_t exchange(void* context, const void* const* outgoing, const int64_t* outgoing_bytes,
                            void* const* incoming, const int64_t* incoming_bytes) noexcept;
    int32_t reduce(void* values, int64_t count, MPI_Datatype type, MPI_Op operation) noexcept;
    int32_t forward(void* rows, std::size_t row_bytes) noexcept;

    DenoiseOptions options;
    const DenoiseLibrary* library = nullptr;
    dn_host host;
    dn_session session = 0;
    dn_writer writer = 0;     /* of the keyword compress; 0: none */
    bigint written_step = -1; /* the last in its file */
    HaloRows halo;
    DenoiseLog log;
    DenoiseTimings timings;
    std::string timings_text; /* of runs that have ended, on the rank that prints */

    std::vector<dn_structure> structures;    /* that atoms may be named; their counts are those of the last call */
    int32_t classify = DN_CLASSIFY_ACNA;     /* as it is done */
    std::vector<dn_column> analysis_columns; /* their rows are those of the last call */
    std::vector<dn_global> analysis_globals;
    int n_reported = N_FIXED; /* columns of array_atom */
    bool printed = false;     /* what index holds what */

    dn_result result; /* of the last call */
    double seconds = 0.0;
    double range = 0.0;                          /* of the ghosts in this run */
    int64_t warned = 0;                          /* of what, in this run; bits */
    std::vector<std::string> analyses_warned_of; /* in this run */

    double** origin = nullptr; /* [nmax][N_ORIGIN], moves with the atoms as array_atom does */
    bigint last_step = -1;     /* of the last call */
    bigint last_natoms = -1;
    bigint current_step = -1; /* the step of this run in which the values were last seen to be those of the atoms */
    bigint ghosts_step = -1;  /* the step of this run whose ghosts are there */
    std::vector<ComputeDenoiseAtom*> computes;
    std::array<double, 9> last_box;

    /* Buffers of one call, [nlocal] or [nlocal + nghost]. */
    std::vector<int32_t> types, selection;
    std::vector<int64_t> ids;
    std::vector<double> positions, displacements, forces;
};

} // namespace LAMMPS_NS

#endif
#endif
