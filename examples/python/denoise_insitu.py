"""The C interface of Denoise.InSitu (denoise_insitu.h) through ctypes: what one process with a periodic box needs.

    with Session("build/lib/libdenoise_insitu.so", model_path="model.pt") as session:
        result = session.process(positions, cell)
"""
import ctypes
from ctypes import POINTER, byref, c_char_p, c_double, c_int32, c_int64, c_size_t, c_uint64, c_void_p

ABI_MAJOR = 1
STRUCTURES = ("other", "fcc", "hcp", "bcc", "ico")


class Options(ctypes.Structure):
    _fields_ = [
        ("struct_size", c_size_t), ("model_path", c_char_p), ("max_iterations", c_int32), ("threads", c_int32),
        ("tolerance", c_double), ("scale", c_double), ("classify", c_int32), ("species_count", c_int32),
        ("species", POINTER(c_int32)), ("elements", POINTER(c_char_p)), ("cna_cutoff", c_double), ("length_unit", c_double),
    ]


class Frame(ctypes.Structure):
    _fields_ = [
        ("struct_size", c_size_t), ("step", c_int64), ("n_local", c_int32), ("n_ghost", c_int32),
        ("positions", POINTER(c_double)), ("types", POINTER(c_int32)), ("ids", POINTER(c_int64)), ("selection", POINTER(c_int32)),
        ("cell", c_double * 9), ("origin", c_double * 3), ("periodic", c_int32 * 3), ("reserved", c_int32),
        ("ghost_cutoff", c_double),
    ]


class Result(ctypes.Structure):
    _fields_ = [
        ("struct_size", c_size_t), ("structure_types", POINTER(c_int32)), ("structure_types_raw", POINTER(c_int32)),
        ("positions", POINTER(c_double)), ("displacements", POINTER(c_double)),
        ("counts", c_int64 * 8), ("counts_raw", c_int64 * 8),
        ("rms_displacement", c_double), ("scale", c_double), ("largest_prediction", c_double),
        ("iterations", c_int32), ("warnings", c_int32), ("seconds", c_double),
    ]


class Error(Exception):
    """A call failed; the text is the library's, the status one of DN_ERROR_*."""

    def __init__(self, status, text):
        super().__init__(text)
        self.status = status


class Session:
    """A model and what is kept between frames."""

    def __init__(self, library, model_path=None, **options):
        self._library = ctypes.CDLL(library)
        for function, arguments in (
            ("dn_session_create", [POINTER(Options), c_void_p, POINTER(c_uint64)]),
            ("dn_session_process", [c_uint64, POINTER(Frame), POINTER(Result)]),
            ("dn_session_destroy", [c_uint64]),
        ):
            getattr(self._library, function).argtypes = arguments
        self._library.dn_last_error.restype = c_char_p
        if self._library.dn_abi_version() // 1000 != ABI_MAJOR:
            raise Error(0, f"{library} has another ABI than this module")
        self._session = c_uint64()
        given = Options(ctypes.sizeof(Options), model_path.encode() if model_path else None, **options)
        self._check(self._library.dn_session_create(byref(given), None, byref(self._session)))

    def process(self, positions, cell, step=0):
        """positions: flat x y z of every atom; cell: nine numbers, the three edges. All directions are periodic.

        Returns the Result with structure_types (int32 [n]) and positions (double [3 n]) as ctypes arrays in `types`, `denoised`.
        """
        count = len(positions) // 3
        coordinates = (c_double * (3 * count))(*positions)
        result = Result(ctypes.sizeof(Result))
        result.types, result.denoised = (c_int32 * count)(), (c_double * (3 * count))()
        result.structure_types = ctypes.cast(result.types, POINTER(c_int32))
        result.positions = ctypes.cast(result.denoised, POINTER(c_double))
        frame = Frame(ctypes.sizeof(Frame), step, count, 0, ctypes.cast(coordinates, POINTER(c_double)))
        frame.cell[:], frame.periodic[:] = cell, (1, 1, 1)
        self._check(self._library.dn_session_process(self._session, byref(frame), byref(result)))
        return result

    def close(self):
        self._library.dn_session_destroy(self._session)
        self._session = c_uint64()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def _check(self, status):
        if status != 0:
            raise Error(status, self._library.dn_last_error().decode())
