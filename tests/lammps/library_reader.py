"""What a program that embeds LAMMPS gets of a fix through the C library interface.

Called by LAMMPS's command `python` (which lmp-denoise has), or as a program of its own with a liblammps.so and a script to run.
"""

import ctypes
import json
import sys

GLOBAL, PERATOM = 0, 1
SCALAR, VECTOR, ARRAY = 0, 1, 2


def read(lib, handle):
    """Gathers from all ranks, extracts on this one, and writes what it got to library.RANK.json."""
    handle = ctypes.c_void_p(handle)
    lib.lammps_get_natoms.restype = ctypes.c_double
    lib.lammps_extract_fix.restype = ctypes.c_void_p
    lib.lammps_extract_compute.restype = ctypes.c_void_p
    atoms = int(lib.lammps_get_natoms(handle))
    local = lib.lammps_extract_setting(handle, b"nlocal")

    def gather(name, kind, columns, element):
        values = (element * (columns * atoms))()
        lib.lammps_gather_concat(handle, name, kind, columns, values)
        return [list(values[columns * i:columns * i + columns]) for i in range(atoms)]

    def rows(pointer):
        array = ctypes.cast(pointer, ctypes.POINTER(ctypes.POINTER(ctypes.c_double)))
        return [list(array[i][0:5]) for i in range(local)]

    def value(kind, i):
        return ctypes.cast(lib.lammps_extract_fix(handle, b"dn", GLOBAL, kind, i, 0), ctypes.POINTER(ctypes.c_double))[0]

    found = {
        "ids": [row[0] for row in gather(b"id", 0, 1, ctypes.c_int)],
        "gathered fix": gather(b"f_dn", 1, 5, ctypes.c_double),
        "gathered compute": gather(b"c_s", 1, 5, ctypes.c_double),
        "own rows of the fix": rows(lib.lammps_extract_fix(handle, b"dn", PERATOM, ARRAY, 0, 0)),
        "own rows of the compute": rows(lib.lammps_extract_compute(handle, b"s", PERATOM, ARRAY)),
        "scalar": value(SCALAR, 0),
        "vector": [value(VECTOR, i) for i in range(14)],
    }
    rank = lib.lammps_extract_setting(handle, b"world_rank")
    with open(f"library.{rank}.json", "w") as file:
        json.dump(found, file)


def read_in_lammps(handle):
    """`python read_in_lammps input 1 SELF format p file library_reader.py`; the library is in the process already."""
    pointer = ctypes.pythonapi.PyCapsule_GetPointer
    pointer.restype, pointer.argtypes = ctypes.c_void_p, [ctypes.py_object, ctypes.c_char_p]
    read(ctypes.CDLL("liblammps.so.0"), pointer(handle, None))


def main(library, script):
    lib = ctypes.CDLL(library, ctypes.RTLD_GLOBAL)
    lib.lammps_open_no_mpi.restype = ctypes.c_void_p
    words = [b"lmp", b"-log", b"none"]
    handle = lib.lammps_open_no_mpi(len(words), (ctypes.c_char_p * len(words))(*words), None)
    lib.lammps_file(ctypes.c_void_p(handle), script.encode())
    read(lib, handle)
    lib.lammps_close(ctypes.c_void_p(handle))
    lib.lammps_mpi_finalize()


if __name__ == "__main__" and len(sys.argv) == 3:
    main(sys.argv[1], sys.argv[2])
