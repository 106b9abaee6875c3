# From denoise_insitu.h by interop/generator; do not edit, run interop/generate.sh.
# pylint: disable=invalid-name,missing-class-docstring,too-few-public-methods,line-too-long
from ctypes import CFUNCTYPE, POINTER, Structure, c_char_p, c_double, c_float, c_int32, c_int64, c_size_t, c_uint64, c_void_p

DN_ABI_MAJOR = 1
DN_ABI_MINOR = 8
DN_CLASSIFY_ACNA = 0
DN_CLASSIFY_ANALYSIS = 5
DN_CLASSIFY_AUTO = 4
DN_CLASSIFY_CNA = 1
DN_CLASSIFY_MODEL = 3
DN_CLASSIFY_NONE = 2
DN_CLASSIFY_REFERENCES = 6
DN_ERROR_ARGUMENT = 1
DN_ERROR_CALLBACK = 8
DN_ERROR_COMMUNICATION = 7
DN_ERROR_DEVICE = 12
DN_ERROR_FORK = 11
DN_ERROR_FORMAT = 4
DN_ERROR_HANDLE = 2
DN_ERROR_INPUT = 5
DN_ERROR_INTERNAL = 10
DN_ERROR_IO = 3
DN_ERROR_MEMORY = 6
DN_ERROR_OTHER_RANK = 9
DN_KIND_INTEGER = 0
DN_KIND_REAL = 1
DN_OK = 0
DN_STRUCTURE_BCC = 3
DN_STRUCTURE_COUNT = 8
DN_STRUCTURE_FCC = 1
DN_STRUCTURE_HCP = 2
DN_STRUCTURE_ICOSAHEDRAL = 4
DN_STRUCTURE_OTHER = 0
DN_WARNING_ASTRAY = 32
DN_WARNING_BEYOND_NOISE = 4
DN_WARNING_GHOSTS_SHORT = 1
DN_WARNING_HELD = 2
DN_WARNING_NOTHING_SEEN = 64
DN_WARNING_ODD_DENSITY = 8
DN_WARNING_UNSETTLED = 16
DN_WRITE_BOUND = 0
DN_WRITE_LOSSLESS = 2
DN_WRITE_STRUCTURE = 1


class dn_host(Structure):
    _fields_ = [
        ("struct_size", c_size_t),
        ("context", c_void_p),
        ("rank", c_int32),
        ("size", c_int32),
        ("allreduce_sum_i64", CFUNCTYPE(c_int32, c_void_p, POINTER(c_int64), c_int64)),
        ("allreduce_max_f64", CFUNCTYPE(c_int32, c_void_p, POINTER(c_double), c_int64)),
        ("allreduce_min_f64", CFUNCTYPE(c_int32, c_void_p, POINTER(c_double), c_int64)),
        ("halo_forward_f32", CFUNCTYPE(c_int32, c_void_p, POINTER(c_float), c_int32)),
        ("halo_forward_f64", CFUNCTYPE(c_int32, c_void_p, POINTER(c_double), c_int32)),
        ("exchange", CFUNCTYPE(c_int32, c_void_p, POINTER(c_void_p), POINTER(c_int64), POINTER(c_void_p), POINTER(c_int64))),
    ]


class dn_session_options(Structure):
    _fields_ = [
        ("struct_size", c_size_t),
        ("model_path", c_char_p),
        ("max_iterations", c_int32),
        ("threads", c_int32),
        ("tolerance", c_double),
        ("scale", c_double),
        ("classify", c_int32),
        ("species_count", c_int32),
        ("species", POINTER(c_int32)),
        ("elements", POINTER(c_char_p)),
        ("cna_cutoff", c_double),
        ("length_unit", c_double),
        ("memory_limit", c_int64),
        ("analyses", POINTER(c_char_p)),
        ("analysis_count", c_int32),
        ("reserved", c_int32),
        ("engine", c_char_p),
        ("device", c_char_p),
        ("place_on_node", c_int32),
        ("reserved_2", c_int32),
    ]


class dn_session_info(Structure):
    _fields_ = [
        ("struct_size", c_size_t),
        ("cutoff", c_double),
        ("halo_width_f32", c_int32),
        ("halo_width_f64", c_int32),
        ("species_count", c_int32),
        ("reserved", c_int32),
        ("ghost_cutoff_needed", c_double),
        ("column_count", c_int32),
        ("global_count", c_int32),
        ("structure_count", c_int32),
        ("classify", c_int32),
    ]


class dn_column(Structure):
    _fields_ = [
        ("struct_size", c_size_t),
        ("name", c_char_p),
        ("ovito_name", c_char_p),
        ("integers", POINTER(c_int64)),
        ("reals", POINTER(c_double)),
        ("kind", c_int32),
        ("reserved", c_int32),
    ]


class dn_global(Structure):
    _fields_ = [
        ("struct_size", c_size_t),
        ("name", c_char_p),
        ("value", c_double),
        ("kind", c_int32),
        ("reserved", c_int32),
    ]


class dn_structure(Structure):
    _fields_ = [
        ("struct_size", c_size_t),
        ("name", c_char_p),
        ("count", c_int64),
        ("count_raw", c_int64),
        ("number", c_int32),
        ("reserved", c_int32),
    ]


class dn_frame(Structure):
    _fields_ = [
        ("struct_size", c_size_t),
        ("step", c_int64),
        ("n_local", c_int32),
        ("n_ghost", c_int32),
        ("positions", POINTER(c_double)),
        ("types", POINTER(c_int32)),
        ("ids", POINTER(c_int64)),
        ("selection", POINTER(c_int32)),
        ("cell", c_double * 9),
        ("origin", c_double * 3),
        ("periodic", c_int32 * 3),
        ("reserved", c_int32),
        ("ghost_cutoff", c_double),
        ("cell_periodic", c_int32 * 3),
        ("has_cell", c_int32),
        ("forces", POINTER(c_double)),
    ]


class dn_result(Structure):
    _fields_ = [
        ("struct_size", c_size_t),
        ("structure_types", POINTER(c_int32)),
        ("structure_types_raw", POINTER(c_int32)),
        ("positions", POINTER(c_double)),
        ("displacements", POINTER(c_double)),
        ("counts", c_int64 * 8),
        ("counts_raw", c_int64 * 8),
        ("rms_displacement", c_double),
        ("scale", c_double),
        ("largest_prediction", c_double),
        ("iterations", c_int32),
        ("warnings", c_int32),
        ("seconds", c_double),
        ("seconds_scale", c_double),
        ("seconds_graph", c_double),
        ("seconds_network", c_double),
        ("seconds_halo", c_double),
        ("seconds_identify", c_double),
        ("seconds_output", c_double),
        ("atoms_seen", c_int64),
        ("atoms_held", c_int64),
        ("atoms_beyond_noise", c_int64),
        ("atoms_odd_density", c_int64),
        ("atoms_unsettled", c_int64),
        ("atoms_astray", c_int64),
        ("largest_move", c_double),
    ]


class dn_writer_options(Structure):
    _fields_ = [
        ("struct_size", c_size_t),
        ("path", c_char_p),
        ("bound", c_double),
        ("mode", c_int32),
        ("key_every", c_int32),
        ("bounded_columns", POINTER(c_char_p)),
        ("column_bounds", POINTER(c_double)),
        ("bounded_count", c_int32),
        ("reserved", c_int32),
    ]


class dn_snapshot(Structure):
    _fields_ = [
        ("struct_size", c_size_t),
        ("step", c_int64),
        ("time", c_double),
        ("has_time", c_int32),
        ("n_atoms", c_int32),
        ("positions", POINTER(c_double)),
        ("ids", POINTER(c_int64)),
        ("types", POINTER(c_int32)),
        ("cell", c_double * 9),
        ("origin", c_double * 3),
        ("periodic", c_int32 * 3),
        ("unwrapped", c_int32),
        ("units", c_char_p),
        ("elements", POINTER(c_char_p)),
        ("element_count", c_int32),
        ("column_count", c_int32),
        ("columns", POINTER(POINTER(dn_column))),
        ("bound", c_double),
    ]


class dn_block(Structure):
    _fields_ = [
        ("struct_size", c_size_t),
        ("frames", c_int64),
        ("atoms", c_int64),
        ("bound", c_double),
        ("is_single", c_int32),
        ("reserved", c_int32),
    ]


# What is returned and what is taken, of every function.
FUNCTIONS = {
    "dn_abi_version": (c_int32, []),
    "dn_version": (c_char_p, []),
    "dn_last_error": (c_char_p, []),
    "dn_session_create": (c_int32, [POINTER(dn_session_options), POINTER(dn_host), POINTER(c_uint64)]),
    "dn_session_get_info": (c_int32, [c_uint64, POINTER(dn_session_info)]),
    "dn_session_get_column": (c_int32, [c_uint64, c_int32, POINTER(dn_column)]),
    "dn_session_get_global": (c_int32, [c_uint64, c_int32, POINTER(dn_global)]),
    "dn_session_get_structure": (c_int32, [c_uint64, c_int32, POINTER(dn_structure)]),
    "dn_session_get_warning": (c_int32, [c_uint64, c_int32, POINTER(c_char_p)]),
    "dn_session_process": (c_int32, [c_uint64, POINTER(dn_frame), POINTER(dn_result)]),
    "dn_session_destroy": (c_int32, [c_uint64]),
    "dn_writer_create": (c_int32, [POINTER(dn_writer_options), POINTER(dn_host), POINTER(c_uint64)]),
    "dn_writer_write": (c_int32, [c_uint64, POINTER(dn_snapshot)]),
    "dn_writer_close": (c_int32, [c_uint64]),
    "dn_reader_open": (c_int32, [c_char_p, POINTER(c_uint64)]),
    "dn_reader_read": (c_int32, [c_uint64, POINTER(dn_snapshot), POINTER(c_int32)]),
    "dn_reader_skip": (c_int32, [c_uint64, POINTER(c_int32)]),
    "dn_reader_get_warning": (c_int32, [c_uint64, c_int32, POINTER(c_char_p)]),
    "dn_reader_close": (c_int32, [c_uint64]),
    "dn_block_pack": (c_int32, [POINTER(dn_block), c_void_p, POINTER(c_void_p), POINTER(c_int64)]),
    "dn_block_unpack": (c_int32, [POINTER(dn_block), c_void_p, c_int64, c_void_p]),
    "dn_shutdown": (c_int32, []),
}

# Sizes and offsets in bytes as the C compiler says; ctypes works them out anew.
LAYOUT = {
    dn_host: (72, {
        "struct_size": 0,
        "context": 8,
        "rank": 16,
        "size": 20,
        "allreduce_sum_i64": 24,
        "allreduce_max_f64": 32,
        "allreduce_min_f64": 40,
        "halo_forward_f32": 48,
        "halo_forward_f64": 56,
        "exchange": 64,
    }),
    dn_session_options: (128, {
        "struct_size": 0,
        "model_path": 8,
        "max_iterations": 16,
        "threads": 20,
        "tolerance": 24,
        "scale": 32,
        "classify": 40,
        "species_count": 44,
        "species": 48,
        "elements": 56,
        "cna_cutoff": 64,
        "length_unit": 72,
        "memory_limit": 80,
        "analyses": 88,
        "analysis_count": 96,
        "reserved": 100,
        "engine": 104,
        "device": 112,
        "place_on_node": 120,
        "reserved_2": 124,
    }),
    dn_session_info: (56, {
        "struct_size": 0,
        "cutoff": 8,
        "halo_width_f32": 16,
        "halo_width_f64": 20,
        "species_count": 24,
        "reserved": 28,
        "ghost_cutoff_needed": 32,
        "column_count": 40,
        "global_count": 44,
        "structure_count": 48,
        "classify": 52,
    }),
    dn_column: (48, {
        "struct_size": 0,
        "name": 8,
        "ovito_name": 16,
        "integers": 24,
        "reals": 32,
        "kind": 40,
        "reserved": 44,
    }),
    dn_global: (32, {
        "struct_size": 0,
        "name": 8,
        "value": 16,
        "kind": 24,
        "reserved": 28,
    }),
    dn_structure: (40, {
        "struct_size": 0,
        "name": 8,
        "count": 16,
        "count_raw": 24,
        "number": 32,
        "reserved": 36,
    }),
    dn_frame: (200, {
        "struct_size": 0,
        "step": 8,
        "n_local": 16,
        "n_ghost": 20,
        "positions": 24,
        "types": 32,
        "ids": 40,
        "selection": 48,
        "cell": 56,
        "origin": 128,
        "periodic": 152,
        "reserved": 164,
        "ghost_cutoff": 168,
        "cell_periodic": 176,
        "has_cell": 188,
        "forces": 192,
    }),
    dn_result: (312, {
        "struct_size": 0,
        "structure_types": 8,
        "structure_types_raw": 16,
        "positions": 24,
        "displacements": 32,
        "counts": 40,
        "counts_raw": 104,
        "rms_displacement": 168,
        "scale": 176,
        "largest_prediction": 184,
        "iterations": 192,
        "warnings": 196,
        "seconds": 200,
        "seconds_scale": 208,
        "seconds_graph": 216,
        "seconds_network": 224,
        "seconds_halo": 232,
        "seconds_identify": 240,
        "seconds_output": 248,
        "atoms_seen": 256,
        "atoms_held": 264,
        "atoms_beyond_noise": 272,
        "atoms_odd_density": 280,
        "atoms_unsettled": 288,
        "atoms_astray": 296,
        "largest_move": 304,
    }),
    dn_writer_options: (56, {
        "struct_size": 0,
        "path": 8,
        "bound": 16,
        "mode": 24,
        "key_every": 28,
        "bounded_columns": 32,
        "column_bounds": 40,
        "bounded_count": 48,
        "reserved": 52,
    }),
    dn_snapshot: (208, {
        "struct_size": 0,
        "step": 8,
        "time": 16,
        "has_time": 24,
        "n_atoms": 28,
        "positions": 32,
        "ids": 40,
        "types": 48,
        "cell": 56,
        "origin": 128,
        "periodic": 152,
        "unwrapped": 164,
        "units": 168,
        "elements": 176,
        "element_count": 184,
        "column_count": 188,
        "columns": 192,
        "bound": 200,
    }),
    dn_block: (40, {
        "struct_size": 0,
        "frames": 8,
        "atoms": 16,
        "bound": 24,
        "is_single": 32,
        "reserved": 36,
    }),
}
