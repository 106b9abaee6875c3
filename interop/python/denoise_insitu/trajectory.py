"""Trajectories that are read, in every format that the library knows, and written as .dnz."""

from __future__ import annotations

import ctypes
import os
import weakref
from ctypes import byref
from dataclasses import dataclass, field
from typing import Any, Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from . import _bindings as c
from ._arrays import cell_of, copy_of, periodic_of, pointer, positions_of, rows_of, strings
from ._library import call, library, make, sentences, text
from .errors import ArgumentError
from .session import column_rows

_MODES = {"bound": c.DN_WRITE_BOUND, "structure": c.DN_WRITE_STRUCTURE, "lossless": c.DN_WRITE_LOSSLESS}


@dataclass
class Frame:
    """Atoms at one step. Arrays are the caller's own."""

    #: [n, 3] float64.
    positions: NDArray[np.float64]
    #: [3, 3] float64, rows are the edge vectors. Files without a box have one around their atoms, which repeats along no edge; so does
    #: a writer make one where this is None or all 0.
    cell: NDArray[np.float64] | None
    #: [3], along which edges the box repeats.
    pbc: NDArray[np.bool_]
    #: [3] float64, corner of the box.
    origin: NDArray[np.float64] = field(default_factory=lambda: np.zeros(3))
    #: [n] int32 from 1, and [n] int64; None, to a writer: all 1, and 1, 2, ...
    types: NDArray[np.int32] | None = None
    ids: NDArray[np.int64] | None = None
    step: int = 0
    #: None: not known.
    time: float | None = None
    #: LAMMPS's name of the units, such as "metal"; None: not known.
    units: str | None = None
    #: Chemical symbol of type t at [t-1]; None: not known, as of further types.
    elements: tuple[str | None, ...] = ()
    #: Further values per atom by name, [n] int64 or float64.
    columns: dict[str, NDArray[Any]] = field(default_factory=dict)
    #: OVITO's standard property, without blanks, of those columns that are one.
    ovito_names: dict[str, str] = field(default_factory=dict)
    #: Whether positions follow atoms across periodic boundaries.
    unwrapped: bool = False
    #: No coordinate is farther from the original than this, as .dnz files promise; None: not known, or they are equal.
    bound: float | None = None

    def __len__(self) -> int:
        return len(self.positions)


class Reader:
    """The frames of a file one after the other; what its format is, its content says. Files may end in .gz or .zst.

    for frame in Reader("run.dnz"):
        print(frame.step, len(frame))

    Raises FileError, FormatError; frames before the one that is wrong are good.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        handle = ctypes.c_uint64()
        call("dn_reader_open", os.fsencode(path), byref(handle))
        self._handle = handle.value
        self._close = weakref.finalize(self, _close_reader, self._handle)

    def read(self) -> Frame | None:
        """The next frame, or None at the end."""
        snapshot, is_there = make(c.dn_snapshot), ctypes.c_int32()
        call("dn_reader_read", self._handle, byref(snapshot), byref(is_there))
        return _frame_of(snapshot) if is_there.value else None

    def skip(self, frames: int = 1) -> int:
        """Passes over frames, in most formats without looking at their atoms; returns over how many there were."""
        is_there = ctypes.c_int32()
        for passed in range(frames):
            call("dn_reader_skip", self._handle, byref(is_there))
            if not is_there.value:
                return passed
        return frames

    @property
    def warnings(self) -> list[str]:
        """What is odd in the file so far."""
        return sentences("dn_reader_get_warning", self._handle)

    def close(self) -> None:
        """Closes the file; a second time does nothing."""
        self._close()
        self._handle = 0

    def __iter__(self) -> Iterator[Frame]:
        while (frame := self.read()) is not None:
            yield frame

    def __enter__(self) -> Reader:
        return self

    def __exit__(self, *_: Any) -> None:
        self.close()


class Writer:
    """A compressed trajectory (.dnz, docs/dnz.md). It has its index when it is closed; whatever happens before, frames that were
    written stay.

    with Writer("run.dnz", bound=0.01) as writer:
        writer.write(frame)

    path: replaced where it exists.
    bound: largest error of a coordinate, in the lengths of the positions; None: 0.01. Not of "lossless".
    mode: "bound", every coordinate within the bound; "structure", denoised positions within the bound, `structure_type`, and of
        `displacement` its root mean square in each block; "lossless", every bit.
    column_bounds: largest errors of columns of reals by their names; other columns are kept bit for bit.
    key_every: frames from one that needs no other to the next; None: 64.

    Raises ArgumentError, FileError, OutOfMemoryError.
    """

    def __init__(
        self,
        path: str | os.PathLike[str],
        *,
        bound: float | None = None,
        mode: str = "bound",
        column_bounds: Mapping[str, float] | None = None,
        key_every: int | None = None,
    ) -> None:
        if mode not in _MODES:
            raise ArgumentError(f"mode: '{mode}' is unknown; it is {', '.join(_MODES)}.")
        if bound is not None and not bound > 0:
            raise ArgumentError(f"bound: is {bound}; it must be above 0.")
        if key_every is not None and not 0 < key_every < 2**31:
            raise ArgumentError(f"key_every: is {key_every}; it must be above 0, and fit into 32 bits.")
        options = make(c.dn_writer_options)
        options.path = os.fsencode(path)
        options.bound, options.mode, options.key_every = bound or 0.0, _MODES[mode], key_every or 0
        bounded = dict(column_bounds or {})
        options.bounded_columns, options.bounded_count = strings(list(bounded)), len(bounded)
        options.column_bounds = (ctypes.c_double * len(bounded))(*bounded.values())
        handle = ctypes.c_uint64()
        call("dn_writer_create", byref(options), None, byref(handle))
        self._handle = handle.value
        self._abandon = weakref.finalize(self, _close_writer, self._handle)

    def write(self, frame: Frame) -> None:
        """Writes a frame. Raises InputError (the file is as before), ArgumentError, FileError."""
        r = positions_of(frame.positions)
        n = len(r)
        types, ids = rows_of(frame.types, n, np.int32, "types"), rows_of(frame.ids, n, np.int64, "ids")
        columns = [_Column(name, values, n, frame.ovito_names.get(name)) for name, values in frame.columns.items()]
        snapshot = make(c.dn_snapshot)
        snapshot.step, snapshot.n_atoms = frame.step, n
        snapshot.has_time, snapshot.time = frame.time is not None, frame.time or 0.0
        snapshot.positions, snapshot.types, snapshot.ids = pointer(r), pointer(types), pointer(ids)
        cell, origin = cell_of(frame.cell), np.asarray(frame.origin, dtype=np.float64)
        snapshot.periodic[:] = periodic_of(frame.pbc, bool(cell.any())).tolist()
        if not cell.any():
            cell, origin = _box_around(r)
        snapshot.cell[:], snapshot.origin[:] = cell.ravel().tolist(), origin.tolist()
        snapshot.unwrapped = frame.unwrapped
        snapshot.units = None if frame.units is None else frame.units.encode()
        names = [None if symbol is None else symbol.encode() for symbol in frame.elements]
        snapshot.elements, snapshot.element_count = (ctypes.c_char_p * len(names))(*names), len(names)
        pointers = [ctypes.pointer(column.struct) for column in columns]
        snapshot.columns, snapshot.column_count = (ctypes.POINTER(c.dn_column) * len(pointers))(*pointers), len(pointers)
        call("dn_writer_write", self._handle, byref(snapshot))

    def close(self) -> None:
        """Ends the file with its index; a second time does nothing. Raises FileError."""
        if self._abandon.detach():
            handle, self._handle = self._handle, 0
            call("dn_writer_close", handle)

    def __enter__(self) -> Writer:
        return self

    def __exit__(self, *_: Any) -> None:
        self.close()


def read(path: str | os.PathLike[str]) -> list[Frame]:
    """All frames of a file, in memory; `Reader` has them one by one."""
    with Reader(path) as reader:
        return list(reader)


def write(path: str | os.PathLike[str], frames: Sequence[Frame], **options: Any) -> None:
    """Writes frames as a .dnz file; options are those of `Writer`."""
    with Writer(path, **options) as writer:
        for frame in frames:
            writer.write(frame)


class _Column:
    """A dn_column and what it points to."""

    def __init__(self, name: str, values: ArrayLike, count: int, ovito_name: str | None) -> None:
        given = np.asarray(values)
        if given.dtype.kind not in "iubf":
            raise ArgumentError(f"columns: {name} holds {given.dtype}; columns hold integers or reals.")
        is_real = given.dtype.kind == "f"
        self.rows = rows_of(given, count, np.float64 if is_real else np.int64, f"columns: {name}")
        self.struct = make(c.dn_column)
        self.struct.name = name.encode()
        self.struct.ovito_name = None if ovito_name is None else ovito_name.encode()
        self.struct.kind = c.DN_KIND_REAL if is_real else c.DN_KIND_INTEGER
        if is_real:
            self.struct.reals = pointer(self.rows)
        else:
            self.struct.integers = pointer(self.rows)


def _box_around(positions: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Edges and corner."""
    if len(positions) == 0:
        return np.eye(3), np.zeros(3)
    low, high = positions.min(axis=0), positions.max(axis=0)
    return np.diag(np.where(high > low, high - low, 1.0)), low


def _frame_of(snapshot: Any) -> Frame:
    """Copies: the library's own memory is filled anew by its next call."""
    n = snapshot.n_atoms
    columns = [snapshot.columns[k].contents for k in range(snapshot.column_count)]
    return Frame(
        positions=copy_of(snapshot.positions, (n, 3), np.float64),
        cell=np.array(snapshot.cell).reshape(3, 3),
        pbc=np.array(snapshot.periodic, dtype=bool),
        origin=np.array(snapshot.origin),
        types=copy_of(snapshot.types, (n,), np.int32),
        ids=copy_of(snapshot.ids, (n,), np.int64),
        step=snapshot.step,
        time=snapshot.time if snapshot.has_time else None,
        units=text(snapshot.units),
        elements=tuple(text(snapshot.elements[t]) for t in range(snapshot.element_count)),
        columns={column.name.decode(): column_rows(column, n) for column in columns},
        ovito_names={column.name.decode(): name for column in columns if (name := text(column.ovito_name))},
        unwrapped=bool(snapshot.unwrapped),
        bound=snapshot.bound or None,
    )


def _close_reader(handle: int) -> None:
    library().dn_reader_close(handle)


def _close_writer(handle: int) -> None:
    library().dn_writer_close(handle)
