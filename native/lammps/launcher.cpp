/*
 * lmp-denoise: the system's LAMMPS with fix denoise and compute denoise/atom in it, for a LAMMPS without the PLUGIN
 * package. It takes the arguments of lmp and does what lmp does.
 */

#include "compute_denoise_atom.h"
#include "fix_denoise.h"

#include "exceptions.h"
#include "input.h"
#include "lammps.h"
#include "library.h"
#include "modify.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <dlfcn.h>
#include <exception>
#include <mpi.h>

using namespace LAMMPS_NS;

namespace {

Fix* create_fix(LAMMPS* lmp, int narg, char** arg) {
    return new FixDenoise(lmp, narg, arg);
}

Compute* create_compute(LAMMPS* lmp, int narg, char** arg) {
    return new ComputeDenoiseAtom(lmp, narg, arg);
}

void register_styles(LAMMPS* lmp) {
    (*lmp->modify->fix_map)["denoise"] = create_fix;
    (*lmp->modify->compute_map)["denoise/atom"] = create_compute;
}

bool asks_for_help(int argc, char** argv) {
    for (int i = 1; i < argc; ++i)
        if (!std::strcmp(argv[i], "-h") || !std::strcmp(argv[i], "-help"))
            return true;
    return false;
}

void print_help() {
    std::puts("\nlmp-denoise is LAMMPS with a fix and a compute more; all else is as in lmp:\n\n"
              "    fix ID group denoise N FILE [steps S] [tol D] [scale auto|F] [elements E1 E2 ...]\n"
              "                                [classify acna|cna Rc|map FILE|reference FILE|model|none]\n"
              "                                [threads T] [file F]\n"
              "    compute ID all denoise/atom FIX-ID\n");
    std::fflush(stdout);
}

int run(int argc, char** argv) {
    LAMMPS* lmp = new LAMMPS(argc, argv, MPI_COMM_WORLD);
    register_styles(lmp);
    lmp->input->file();
    delete lmp;
    return 0;
}

void finalize_packages() {
#if LAMMPS_VERSION_NUMBER >= 20210929
    lammps_kokkos_finalize();
    lammps_python_finalize();
#endif
}

} // namespace

/*
 * The command `clear` makes new tables of styles, and LAMMPS has no hook for it. It then calls this function, of the
 * shared library; the program's own of the same name goes before the library's, does what that does, and adds ours
 * again.
 */
void LAMMPS::post_create() {
    using PostCreate = void (*)(LAMMPS*);
    static const PostCreate original =
        reinterpret_cast<PostCreate>(dlsym(RTLD_NEXT, "_ZN9LAMMPS_NS6LAMMPS11post_createEv"));
    if (original)
        original(this);
    register_styles(this);
}

int main(int argc, char** argv) {
    /* Line by line: where LAMMPS stops with an error, mpirun may kill the rank that holds the message before it is
     * written. */
    std::setvbuf(stdout, nullptr, _IOLBF, BUFSIZ);
    MPI_Init(&argc, &argv);
    int rank = 0;
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    if (rank == 0 && asks_for_help(argc, argv))
        print_help();

    int code = 1;
    try {
        code = run(argc, argv);
    } catch (LAMMPSAbortException&) {
        finalize_packages();
        MPI_Abort(MPI_COMM_WORLD, 1);
    } catch (LAMMPSException&) {
        // the message is in the log; every rank is here
    } catch (std::exception& problem) {
        std::fprintf(stderr, "lmp-denoise: %s\n", problem.what());
        finalize_packages();
        MPI_Abort(MPI_COMM_WORLD, 1);
    }
    finalize_packages();
    MPI_Barrier(MPI_COMM_WORLD);
    MPI_Finalize();
    return code;
}
