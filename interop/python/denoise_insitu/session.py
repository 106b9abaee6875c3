"""A model and what is kept between frames."""

from __future__ import annotations

import ctypes
import os
import re
import weakref
from ctypes import byref
from typing import Any, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from . import _bindings as c
from ._arrays import cell_of, copy_of, periodic_of, pointer, positions_of, rows_of, strings
from ._library import call, library, make, sentences, text
from .errors import ArgumentError
from .models import model_path
from .result import Result, Structure, doubts_of, softmax, timings_of

_CLASSIFY = {
    "auto": c.DN_CLASSIFY_AUTO,
    "acna": c.DN_CLASSIFY_ACNA,
    "model": c.DN_CLASSIFY_MODEL,
    "references": c.DN_CLASSIFY_REFERENCES,
    "none": c.DN_CLASSIFY_NONE,
}
_BY_FILE = ("map:", "reference:")


class Session:
    """Denoises frames and names the structure of their atoms.

    with Session("metals", threads=4) as session:
        result = session.process(positions, cell)

    model: a name of `models()`, or the path of a checkpoint (.pt); None: structures are named and nothing moves.
    iterations: at most so many; 0: the model only names.
    threads: of one call.
    tolerance: an atom rests that moves by less, Å in the model's own lengths; None: what suits the model; 0: none rests.
    scale: factor that brings lengths to those of the training; None: found from the structure of each frame.
    classify: "auto" (the model's names where it has some, else "acna"), "acna", "cna:RC" with a cutoff in lengths of the frame,
        "model", "references", "map:FILE", "reference:FILE", or "none".
    elements: chemical symbol of type t at [t-1], or "NULL": atoms of this type are not seen. Needed for models of several species.
    species: instead of it, the network's species (from 0) of type t at [t-1], or -1: not seen.
    analyses: what else is computed, such as "centro:neighbors=12" (docs/analyses.md), lengths in units of the frame.
    probabilities: whether results have the probability of every class of the model, for each atom.
    length_unit: Å per length of the frames.
    memory_limit: bytes that frames may take; None: what the machine has.
    engine: "auto", "reference" (double precision, slow), "torch", "torch:cuda:N".
    device: "cpu", "auto", "gpu", "gpu:N", "opencl", "opencl:N": what engine "auto" computes on.

    A session is used by one thread at a time; several sessions may run in several threads at once, because Python's global lock is
    not held meanwhile. A process that is forked from one that has used the library cannot use it: start workers with `spawn`.

    Raises ArgumentError, FileError, FormatError, OutOfMemoryError, DeviceError.
    """

    def __init__(
        self,
        model: str | os.PathLike[str] | None = None,
        *,
        iterations: int = 8,
        threads: int = 1,
        tolerance: float | None = None,
        scale: float | None = None,
        classify: str = "auto",
        elements: Sequence[str] | None = None,
        species: Sequence[int] | None = None,
        analyses: Sequence[str] = (),
        probabilities: bool = False,
        length_unit: float = 1.0,
        memory_limit: int | None = None,
        engine: str | None = None,
        device: str | None = None,
    ) -> None:
        options = make(c.dn_session_options)
        options.model_path = None if model is None else os.fsencode(model_path(model))
        options.max_iterations = _whole(iterations, "iterations", zero=-1)
        options.threads = _whole(threads, "threads")
        options.tolerance = 0.0 if tolerance is None else -1.0 if tolerance == 0 else _positive(tolerance, "tolerance")
        options.scale = 0.0 if scale is None else _positive(scale, "scale")
        options.length_unit = _positive(length_unit, "length_unit")
        options.memory_limit = 0 if memory_limit is None else _whole(memory_limit, "memory_limit", most=2**63 - 1)
        options.engine = None if engine is None else engine.encode()
        options.device = None if device is None else device.encode()
        if isinstance(analyses, str):
            analyses = [analyses]
        analyses = _set_classify(options, classify) + list(analyses)
        if elements is not None:
            options.elements, options.species_count = strings(list(elements)), len(elements)
        if species is not None:
            numbers = (ctypes.c_int32 * len(species))(*species)
            options.species, options.species_count = numbers, len(species)

        self._iterates_to_an_end = tolerance != 0
        self._classes: tuple[str, ...] = ()
        if probabilities:
            analyses = analyses + ["classes:logits=all"]
        options.analyses, options.analysis_count = strings(analyses), len(analyses)
        handle = ctypes.c_uint64()
        call("dn_session_create", byref(options), None, byref(handle))
        self._handle = handle.value
        self._close = weakref.finalize(self, _destroy, self._handle)
        self._info = make(c.dn_session_info)
        call("dn_session_get_info", self._handle, byref(self._info))
        if probabilities:
            # Columns have underscores where the model's names have other signs.
            spelt = {re.sub("[-+]", "_", structure.name): structure.name for structure in self.structures}
            self._classes = tuple(spelt.get(name, name) for name in _classes_of([item.name.decode() for item in self._items()]))

    def process(
        self,
        positions: ArrayLike,
        cell: ArrayLike | None = None,
        pbc: bool | Sequence[bool] | ArrayLike | None = None,
        *,
        types: ArrayLike | None = None,
        ids: ArrayLike | None = None,
        selection: ArrayLike | None = None,
        origin: Sequence[float] = (0.0, 0.0, 0.0),
        step: int = 0,
    ) -> Result:
        """Denoises one frame and names its atoms.

        positions: [n, 3]. float64 that is C-contiguous is read where it lies, and not changed; anything else is copied first.
        cell: [3, 3], rows are the edge vectors, or three lengths; None: there is no box.
        pbc: whether the box repeats, one truth value or three; None: it does where there is one.
        types: [n] from 1; None: all 1. ids: [n], for messages and analyses that compare frames; None: 1, 2, ...
        selection: [n], the atoms that are counted and reported; None: all. The others are denoised, too, as surroundings.
        origin: corner of the box. step: for messages.

        Raises InputError (atoms), ArgumentError, OutOfMemoryError, HandleError, DeviceError.
        """
        r = positions_of(positions)
        n = len(r)
        frame = make(c.dn_frame)
        frame.step, frame.n_local = step, n
        # Held in variables of their own: the library reads them where they lie.
        types = rows_of(types, n, np.int32, "types")
        ids = rows_of(ids, n, np.int64, "ids")
        selection = rows_of(selection, n, np.int32, "selection")
        frame.positions, frame.types, frame.ids, frame.selection = pointer(r), pointer(types), pointer(ids), pointer(selection)
        periodic = periodic_of(cell is not None if pbc is None else pbc, cell is not None)
        frame.cell[:] = cell_of(cell).ravel().tolist()
        frame.periodic[:] = frame.cell_periodic[:] = periodic.tolist()
        frame.origin[:] = [float(value) for value in origin]
        frame.has_cell = cell is not None

        moved, lengths = np.empty((n, 3)), np.empty(n)
        named, raw = np.empty(n, np.int32), np.empty(n, np.int32)
        result = make(c.dn_result)
        result.structure_types, result.structure_types_raw = pointer(named), pointer(raw)
        result.positions, result.displacements = pointer(moved), pointer(lengths)
        call("dn_session_process", self._handle, byref(frame), byref(result))

        columns, values = self._columns(n), self._globals()
        probabilities = None
        if self._classes:
            columns, probabilities = _split_probabilities(columns, len(self._classes))
            values = dict(list(values.items())[:-(len(self._classes) + 1)])
        return Result(
            positions=moved, displacement=lengths, structure_type=named, structure_type_raw=raw,
            structures=self.structures, columns=columns, globals=values, probabilities=probabilities, classes=self._classes,
            rms_displacement=result.rms_displacement, scale=result.scale, iterations=result.iterations,
            warnings=doubts_of(result, self._iterates_to_an_end) + sentences("dn_session_get_warning", self._handle),
            seconds=result.seconds, timings=timings_of(result), largest_move=result.largest_move)

    @property
    def structures(self) -> tuple[Structure, ...]:
        """What atoms may be named, with the counts of the last frame."""
        found = []
        for index in range(self._info.structure_count):
            item = make(c.dn_structure)
            call("dn_session_get_structure", self._handle, index, byref(item))
            found.append(Structure(item.name.decode(), item.number, item.count, item.count_raw))
        return tuple(found)

    @property
    def classes(self) -> tuple[str, ...]:
        """Names of the columns of `Result.probabilities`; empty unless they were asked for."""
        return self._classes

    @property
    def cutoff(self) -> float:
        """Of the network, in the model's own Å; 0 without a model."""
        return float(self._info.cutoff)

    @property
    def species_count(self) -> int:
        """Species that the network tells apart; 0 without a model."""
        return int(self._info.species_count)

    @property
    def ovito_names(self) -> dict[str, str]:
        """OVITO's standard property (without blanks) of those analysis columns that are one."""
        return {item.name.decode(): name for item in self._items() if (name := text(item.ovito_name))}

    def close(self) -> None:
        """Frees the model and all memory; a second time does nothing."""
        self._close()
        self._handle = 0

    def __enter__(self) -> Session:
        return self

    def __exit__(self, *_: Any) -> None:
        self.close()

    def _items(self) -> list[Any]:
        items = []
        for index in range(self._info.column_count):
            item = make(c.dn_column)
            call("dn_session_get_column", self._handle, index, byref(item))
            items.append(item)
        return items

    def _columns(self, count: int) -> dict[str, NDArray[Any]]:
        """Copies: the library's own rows are gone with its next call."""
        return {item.name.decode(): column_rows(item, count) for item in self._items()}

    def _globals(self) -> dict[str, int | float]:
        return dict(_globals_of(self._handle, self._info.global_count))


def column_rows(column: Any, count: int) -> NDArray[Any]:
    """A copy of the rows of a dn_column, [count] int64 or float64."""
    if column.kind == c.DN_KIND_INTEGER:
        return copy_of(column.integers, (count,), np.int64)
    return copy_of(column.reals, (count,), np.float64)


def _classes_of(columns: list[str]) -> tuple[str, ...]:
    """What the last analysis has logits of: `class`, three more columns, and the logits; all end alike where there is another."""
    first = max(k for k, name in enumerate(columns) if name == "class" or name.startswith("class_") and name[len("class_"):].isdigit())
    ending = columns[first][len("class"):]
    return tuple(name[len("logit_"):len(name) - len(ending)] for name in columns[first + 4:])


def _split_probabilities(columns: dict[str, NDArray[Any]], classes: int) -> tuple[dict[str, NDArray[Any]], NDArray[np.float64]]:
    """Takes the columns of the analysis that the session added, which are the last: four, then the logits."""
    names = list(columns)
    logits = np.stack([columns[name] for name in names[len(names) - classes:]], axis=1)
    return {name: columns[name] for name in names[:len(names) - classes - 4]}, softmax(logits)


def _globals_of(handle: Any, count: int) -> list[tuple[str, int | float]]:
    found: list[tuple[str, int | float]] = []
    for index in range(count):
        item = make(c.dn_global)
        call("dn_session_get_global", handle, index, byref(item))
        found.append((item.name.decode(), int(item.value) if item.kind == c.DN_KIND_INTEGER else item.value))
    return found


def _destroy(handle: int) -> None:
    # Without looking at what it returns: a forked process cannot, and one that ends need not.
    library().dn_session_destroy(handle)


def _set_classify(options: Any, classify: str) -> list[str]:
    """Sets options.classify; returns the analyses that it takes."""
    if classify in _CLASSIFY:
        options.classify = _CLASSIFY[classify]
        return []
    if classify.startswith(_BY_FILE):
        options.classify = c.DN_CLASSIFY_ANALYSIS
        return [classify]
    if classify.startswith("cna:"):
        try:
            options.cna_cutoff = _positive(float(classify[len("cna:"):]), "classify")
        except ValueError:
            raise ArgumentError(f"classify: '{classify}' has no cutoff; write it as in 'cna:3.08', in lengths of the frame.") from None
        options.classify = c.DN_CLASSIFY_CNA
        return []
    raise ArgumentError(f"classify: '{classify}' is unknown; it is {', '.join(_CLASSIFY)}, cna:RC, map:FILE or reference:FILE.")


def _positive(value: float, name: str) -> float:
    if not 0 < value < float("inf"):
        raise ArgumentError(f"{name}: is {value}; it must be above 0.")
    return float(value)


def _whole(value: int, name: str, zero: int | None = None, most: int = 2**31 - 1) -> int:
    """A number above 0; or, where 0 has a meaning, what it is for C."""
    if value == 0 and zero is not None:
        return zero
    if not 0 < value <= most:
        raise ArgumentError(f"{name}: is {value}; it must be from {'0' if zero is not None else '1'} to {most}.")
    return int(value)
