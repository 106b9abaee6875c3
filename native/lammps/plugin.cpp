/* denoiseplugin.so: the fix and its compute for a LAMMPS with the PLUGIN package, `plugin load denoiseplugin.so`. */

#include "compute_denoise_atom.h"
#include "fix_denoise.h"

#include "lammpsplugin.h"
#include "version.h"

using namespace LAMMPS_NS;

namespace {

void* create_fix(void* lmp, int narg, char** arg) {
    return new FixDenoise(static_cast<LAMMPS*>(lmp), narg, arg);
}

void* create_compute(void* lmp, int narg, char** arg) {
    return new ComputeDenoiseAtom(static_cast<LAMMPS*>(lmp), narg, arg);
}

} // namespace

extern "C" void lammpsplugin_init(void* lmp, void* handle, void* regfunc) {
    lammpsplugin_t plugin = {};
    plugin.version = LAMMPS_VERSION;
    plugin.style = "fix";
    plugin.name = "denoise";
    plugin.info = "fix denoise: removes thermal motion and names crystal structures";
    plugin.author = "the Denoise.InSitu developers";
    plugin.creator.v2 = create_fix;
    plugin.handle = handle;
    const lammpsplugin_regfunc register_style = reinterpret_cast<lammpsplugin_regfunc>(regfunc);
    register_style(&plugin, lmp);

    plugin.style = "compute";
    plugin.name = "denoise/atom";
    plugin.info = "compute denoise/atom: the per-atom values of a fix denoise";
    plugin.creator.v2 = create_compute;
    register_style(&plugin, lmp);
}
