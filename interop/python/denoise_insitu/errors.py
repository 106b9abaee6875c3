"""What a failed call raises: the sentence is the library's, and names the place, the problem and the remedy."""

from __future__ import annotations

from . import _bindings as c


class DenoiseError(Exception):
    """A call into the library failed.

    status: one of DN_ERROR_* of denoise_insitu.h; 0 where the library itself could not be used.
    """

    status: int = 0


class ArgumentError(DenoiseError, ValueError):
    """An option or an argument is wrong."""

    status = c.DN_ERROR_ARGUMENT


class HandleError(DenoiseError):
    """The session or file was closed, or is in a call of another thread."""

    status = c.DN_ERROR_HANDLE


class FileError(DenoiseError, OSError):
    """A file could not be opened, read or written."""

    status = c.DN_ERROR_IO


class FormatError(DenoiseError, ValueError):
    """A file was read and is not what it should be."""

    status = c.DN_ERROR_FORMAT


class InputError(DenoiseError, ValueError):
    """The atoms of a frame are wrong: not finite, two in one place, of an unknown species."""

    status = c.DN_ERROR_INPUT


class OutOfMemoryError(DenoiseError, MemoryError):
    """The frame needs more memory than there is, or than `memory_limit`."""

    status = c.DN_ERROR_MEMORY


class ForkError(DenoiseError):
    """This process was forked from one that had used the library, whose threads it lacks: start workers with `spawn`."""

    status = c.DN_ERROR_FORK


class DeviceError(DenoiseError):
    """A graphics card, or other device, cannot be used or failed."""

    status = c.DN_ERROR_DEVICE


_KINDS = {kind.status: kind for kind in (
    ArgumentError, HandleError, FileError, FormatError, InputError, OutOfMemoryError, ForkError, DeviceError)}


def of_status(status: int, sentence: str) -> DenoiseError:
    """The exception for what a call returned."""
    error = _KINDS.get(status, DenoiseError)(sentence)
    error.status = status
    return error
