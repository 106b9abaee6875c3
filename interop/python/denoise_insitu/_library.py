"""Finds and loads libdenoise_insitu.so, and calls it.

ctypes lets go of Python's global lock for the length of every call, so that other threads run meanwhile.
"""

from __future__ import annotations

import ctypes
import functools
import os
import platform
from pathlib import Path
from typing import Any, Iterator

from . import _bindings as c
from .errors import DenoiseError, of_status

FILE = "libdenoise_insitu.so"
HERE = Path(__file__).resolve().parent

# Where the dynamic loader looks first on a CPU of the level x86-64-v4, and what that level asks for.
AVX512_FOLDER = Path("glibc-hwcaps", "x86-64-v4")
AVX512 = {"avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"}
AVX2 = {"avx2", "fma", "bmi1", "bmi2"}


def cpu_flags() -> set[str]:
    """What the CPU and the system can, by Linux's words; empty where that is not known."""
    try:
        with open("/proc/cpuinfo", encoding="ascii", errors="replace") as file:
            for line in file:
                if line.startswith("flags"):
                    return set(line.partition(":")[2].split())
    except OSError:
        pass
    return set()


def folders() -> Iterator[Path]:
    """Where the library may be: in the wheel, in the unpacked archive, in a built source tree."""
    yield HERE / "lib"
    yield HERE.parents[1] / "lib"
    yield HERE.parents[2] / "build" / "lib"


def candidates() -> Iterator[Path]:
    """Files in the order in which they are tried; DENOISE_INSITU_LIB names one, or a folder, and then no other is tried."""
    named = os.environ.get("DENOISE_INSITU_LIB")
    if named and not os.path.isdir(named):
        yield Path(named)
        return
    has_avx512 = AVX512 <= cpu_flags()
    for folder in [Path(named)] if named else folders():
        if has_avx512:
            yield folder / AVX512_FOLDER / FILE
        yield folder / FILE


@functools.lru_cache(maxsize=None)
def library() -> ctypes.CDLL:
    """The library, loaded once.

    Raises DenoiseError where it is not there, cannot be loaded, or is of another interface than this package.
    """
    if platform.machine() not in ("x86_64", "AMD64"):
        raise DenoiseError(f"{FILE} exists for x86-64 only, and this is {platform.machine()}; use a machine with Intel or AMD CPUs.")
    flags = cpu_flags()
    if flags and not AVX2 <= flags:
        raise DenoiseError("this CPU has no AVX2, FMA and BMI, for which libdenoise_insitu is compiled; use a machine of 2013 (Intel), "
                           "2015 (AMD) or later.")
    path = next((path for path in candidates() if path.is_file()), None)
    if path is None:
        raise DenoiseError(f"{FILE} is in none of {', '.join(str(path.parent) for path in candidates())}; install the wheel, build it "
                           "(./build.sh build), or let the environment variable DENOISE_INSITU_LIB name it or its folder.")
    try:
        loaded = ctypes.CDLL(str(path))
    except OSError as problem:
        raise DenoiseError(f"{path}: cannot be loaded: {problem}") from None
    for name, (result, arguments) in c.FUNCTIONS.items():
        try:
            function = getattr(loaded, name)
        except AttributeError:
            raise DenoiseError(f"{path}: has no function {name}; install the package and the library from one build.") from None
        function.restype, function.argtypes = result, arguments
    version = loaded.dn_abi_version()
    if version // 1000 != c.DN_ABI_MAJOR or version % 1000 < c.DN_ABI_MINOR:
        raise DenoiseError(f"{path}: has interface {version // 1000}.{version % 1000}, and this package is for "
                           f"{c.DN_ABI_MAJOR}.{c.DN_ABI_MINOR}; install both from one build.")
    return loaded


def call(name: str, *arguments: Any) -> None:
    """Calls a function that returns a status; raises what it says."""
    loaded = library()
    status = getattr(loaded, name)(*arguments)
    if status != c.DN_OK:
        raise of_status(status, loaded.dn_last_error().decode())


def make(kind: type[ctypes.Structure]) -> Any:
    """A struct of zeros that says its size."""
    return kind(ctypes.sizeof(kind))


def text(value: bytes | None) -> str | None:
    """A string of the library's, or None."""
    return None if value is None else value.decode()


def sentences(name: str, handle: Any) -> list[str]:
    """What dn_session_get_warning or dn_reader_get_warning has to say."""
    found: list[str] = []
    said = ctypes.c_char_p()
    while True:
        call(name, handle, len(found), ctypes.byref(said))
        if said.value is None:
            return found
        found.append(said.value.decode())
