"""Denoise.InSitu in Python: takes the thermal motion of atoms off their positions and names their crystal structure.

    from denoise_insitu import Session, denoise

    with Session("metals") as session:                  # arrays
        result = session.process(positions, cell)
    named = denoise(atoms)                              # ASE

The library is one file of machine code, which this package loads through its C interface; nothing but numpy is needed. Functions for
Atoms need ASE. docs/python.md is the manual.
"""

from ._library import library as _library
from .atoms import DenoiseWarning, atoms_of, classify, denoise, elements_of, frame_of
from .errors import (ArgumentError, DenoiseError, DeviceError, FileError, ForkError, FormatError, HandleError, InputError,
                     OutOfMemoryError)
from .models import model_path, models
from .result import Result, Structure
from .session import Session
from .trajectory import Frame, Reader, Writer, read, write

__all__ = [
    "ArgumentError", "DenoiseError", "DenoiseWarning", "DeviceError", "FileError", "ForkError", "Frame", "FormatError", "HandleError",
    "InputError", "OutOfMemoryError", "Reader", "Result", "Session", "Structure", "Writer", "atoms_of", "classify", "denoise", "elements_of",
    "frame_of", "model_path", "models", "read", "version", "write",
]


def version() -> str:
    """The library's version, such as "0.1.0"."""
    return str(_library().dn_version().decode())
