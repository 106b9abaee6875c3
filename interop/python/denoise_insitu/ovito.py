"""Extensions of OVITO: a modifier that denoises and names structures, and a reader of .dnz files.

OVITO Pro finds them by the entry points of the installed package; scripts with the module `ovito` import them from here. They are
written by OVITO's documentation of `ModifierInterface` and `FileReaderInterface` (versions 3.9 and later).
"""

from __future__ import annotations

import functools
import os
import re
import threading
from typing import Any, Callable

import numpy as np
from numpy.typing import NDArray
from ovito.data import DataCollection
from ovito.io import FileReaderInterface
from ovito.pipeline import ModifierInterface
from traits.api import Bool, Enum, Range, Str

from . import _dnz
from .models import models
from .result import Result
from .session import Session
from .trajectory import Frame, Reader

# OVITO's names of its structure types, by which it chooses their colors.
STRUCTURES = {0: "Other", 1: "FCC", 2: "HCP", 3: "BCC", 4: "ICO", 5: "SC", 6: "Cubic diamond", 7: "Hexagonal diamond", 8: "Graphene"}
# OVITO's standard properties, by the names that columns of frames have; those of several components by all of these.
VECTORS = {("vx", "vy", "vz"): "Velocity", ("fx", "fy", "fz"): "Force", ("ix", "iy", "iz"): "Periodic Image"}
SCALARS = {"structure_type": "Structure Type", "displacement": "Displacement Magnitude", "q": "Charge", "mol": "Molecule Identifier",
           "mass": "Mass", "coordination": "Coordination"}
# Those of several components, in OVITO's order; columns name theirs, as in "StrainTensor.XY".
COMPONENTS = {"StrainTensor": "XX YY ZZ XY XZ YZ", "Orientation": "X Y Z W",
              "ElasticDeformationGradient": "XX YX ZX XY YY ZY XZ YZ ZZ"}
OTHER_MODEL = "file"
NO_MODEL = "none"

_lock = threading.Lock()


class DenoiseModifier(ModifierInterface):
    """Takes thermal noise off the positions and names the structure of every particle.

    Properties: Structure Type; with a model that moves atoms also Position, Displacement, Displacement Magnitude and
    "Structure Type (before)"; what `analyses` compute. Attributes: Denoise.counts.NAME, Denoise.counts_before.NAME and others.
    """

    model = Enum([*models(), OTHER_MODEL, NO_MODEL], label="Model")
    model_file = Str("", label="Model file (.pt), of the model 'file'")
    iterations = Range(low=0, high=1000, value=8, label="Iterations (0: only names)")
    move = Bool(True, label="Move particles to denoised positions")
    only_selected = Bool(False, label="Report selected particles only")
    classify = Str("auto", label="Structures by")
    analyses = Str("", label="Further analyses, separated by blanks")
    scale = Range(low=0.0, value=0.0, label="Scale (0: from the structure)")
    threads = Range(low=1, high=256, value=os.cpu_count() or 1, label="Threads")

    def _model_default(self) -> str:
        return "metals" if "metals" in models() else NO_MODEL

    def modify(self, data: DataCollection, *, frame: int = 0, **kwargs: Any) -> None:
        if data.particles is None or data.particles.count == 0:
            return
        positions = np.array(data.particles.positions, dtype=np.float64)
        types, elements = _species(data)
        selection = None
        if self.only_selected:
            if "Selection" not in data.particles:
                raise RuntimeError("nothing is selected, and only selected particles are to be reported: select some, or switch that off.")
            selection = np.asarray(data.particles["Selection"], dtype=np.int32)
        cell, pbc, origin = _box(data)
        with _lock:
            session = _session(self._model(), self.iterations, self.threads, self.scale, self.classify, elements,
                               tuple(self.analyses.split()))
            result = session.process(positions, cell, pbc, types=types, selection=selection, origin=origin, step=frame,
                                     ids=_identifiers(data))
            names = session.ovito_names
        for sentence in result.warnings:
            print(f"Denoise.InSitu: frame {frame}: {sentence}")
        self._deliver(data, positions, result, names)

    def _model(self) -> str | None:
        if self.model == NO_MODEL:
            return None
        return str(self.model_file if self.model == OTHER_MODEL else self.model)

    def _deliver(self, data: DataCollection, before: NDArray[np.float64], result: Result, names: dict[str, str]) -> None:
        particles = data.particles_
        moves = bool(result.iterations)
        if self.classify != "none":
            _add_structures(particles, "Structure Type", result.structure_type, result)
            if moves:
                _add_structures(particles, "Structure Type (before)", result.structure_type_raw, result)
        if moves:
            particles.create_property("Displacement", data=result.positions - before)
            particles.create_property("Displacement Magnitude", data=result.displacement)
            if self.move:
                particles.create_property("Position", data=result.positions)
        add_columns(particles, {name: values for name, values in result.columns.items() if names.get(name) != "StructureType"}, names)
        for structure in result.structures if self.classify != "none" else ():
            data.attributes[f"Denoise.counts.{structure.name}"] = structure.count
            if moves:
                data.attributes[f"Denoise.counts_before.{structure.name}"] = structure.count_raw
        if moves:
            data.attributes["Denoise.rms_displacement"] = result.rms_displacement
            data.attributes["Denoise.scale"] = result.scale
            data.attributes["Denoise.iterations"] = result.iterations
        for name, value in result.globals.items():
            data.attributes[f"Denoise.{name}"] = value


class DnzFileReader(FileReaderInterface):
    """Reads compressed trajectories (.dnz), frame by frame."""

    def __init__(self, **traits: Any) -> None:
        super().__init__(**traits)
        # Where the file was left, so that frames in order are read once; behind it, frames are passed over.
        self._open: tuple[str, float, int, Reader] | None = None

    @staticmethod
    def detect(filename: str) -> bool:
        return _dnz.is_dnz(filename)

    def scan(self, filename: str, register_frame: Callable[..., None]) -> None:
        steps = _dnz.steps(filename)
        if steps is not None:
            for index, step in enumerate(steps):
                register_frame(frame_info=index, label=step)
            return
        # A file without an index, because its writer was interrupted, is passed over from frame to frame.
        with Reader(filename) as reader:
            index = 0
            while reader.skip():
                register_frame(frame_info=index)
                index += 1

    def parse(self, data: DataCollection, *, filename: str, frame_info: Any = None, **kwargs: Any) -> None:
        frame = self._frame(filename, frame_info or 0)
        assert frame.types is not None and frame.cell is not None  # a reader's frames have them
        particles = data.create_particles(count=len(frame))
        particles.create_property("Position", data=frame.positions)
        particles.create_property("Particle Identifier", data=frame.ids)
        types = particles.create_property("Particle Type", data=frame.types)
        for number in np.unique(frame.types):
            symbol = frame.elements[number - 1] if number <= len(frame.elements) else None
            types.add_type_id(int(number), particles, name=symbol or f"Type {number}")
        add_columns(particles, frame.columns, frame.ovito_names)
        data.create_cell(np.column_stack([frame.cell.T, frame.origin]), pbc=tuple(bool(repeats) for repeats in frame.pbc))
        data.attributes["Timestep"] = frame.step
        if frame.time is not None:
            data.attributes["Time"] = frame.time
        if frame.bound is not None:
            data.attributes["Bound"] = frame.bound

    def _frame(self, filename: str, index: int) -> Frame:
        changed = os.path.getmtime(filename)
        with _lock:
            if self._open is None or self._open[:2] != (filename, changed) or self._open[2] > index:
                if self._open is not None:
                    self._open[3].close()
                self._open = (filename, changed, 0, Reader(filename))
            _, _, at, reader = self._open
            reader.skip(index - at)
            frame = reader.read()
            self._open = (filename, changed, index + 1, reader)
        if frame is None:
            raise RuntimeError(f"{filename}: has no frame {index + 1}; it was cut since it was opened.")
        return frame


def add_columns(particles: Any, columns: dict[str, NDArray[Any]], ovito_names: dict[str, str]) -> None:
    """Columns as properties: OVITO's standard one where there is one, `name[1]`, `name[2]`, ... as components of `name`."""
    left = dict(columns)
    for components, name in VECTORS.items():
        if all(component in left for component in components):
            particles.create_property(name, data=np.stack([left.pop(component) for component in components], axis=1))
    column_of = {name: column for column, name in ovito_names.items() if column in left}
    for name, order in COMPONENTS.items():
        wanted = [f"{name}.{component}" for component in order.split()]
        if all(part in column_of for part in wanted):
            particles.create_property(_spaced(name), data=np.stack([left.pop(column_of[part]) for part in wanted], axis=1))
    while left:
        name = next(iter(left))
        stem = name[:-3] if name.endswith("[1]") else None
        parts = [name]
        while stem and f"{stem}[{len(parts) + 1}]" in left:
            parts.append(f"{stem}[{len(parts) + 1}]")
        values = [left.pop(part) for part in parts]
        if len(parts) > 1:
            particles.create_property(stem, data=np.stack(values, axis=1))
        elif name == "structure_type":
            _add_structures(particles, SCALARS[name], values[0].astype(np.int32))
        else:
            particles.create_property(_property(name, ovito_names), data=values[0])


def _property(column: str, ovito_names: dict[str, str]) -> str:
    """OVITO's name, with its blanks, or the column's own."""
    if column in SCALARS:
        return SCALARS[column]
    name = ovito_names.get(column)
    return column if name is None else _spaced(name)


def _spaced(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)


def _add_structures(particles: Any, name: str, numbers: NDArray[np.int32], result: Result | None = None) -> None:
    added = particles.create_property(name, data=numbers)
    named = {structure.number: structure.name for structure in result.structures} if result else {}
    for number in sorted({int(number) for number in np.unique(numbers)} | set(named)):
        added.add_type_id(number, particles, name=STRUCTURES.get(number) or named.get(number) or f"Structure {number}")


def _species(data: DataCollection) -> tuple[NDArray[np.int32] | None, tuple[str, ...] | None]:
    """Types from 1 and their chemical symbols; None where OVITO's types are not named by symbols, and models of one species only fit."""
    if "Particle Type" not in data.particles:
        return None, None
    types = data.particles["Particle Type"]
    numbers, rows = np.unique(np.asarray(types), return_inverse=True)
    names = {kind.id: kind.name for kind in types.types}
    elements = tuple(names.get(int(number)) or "" for number in numbers)
    if not all(re.fullmatch("[A-Z][a-z]?", element) for element in elements):
        return np.asarray(rows + 1, dtype=np.int32), None
    return np.asarray(rows + 1, dtype=np.int32), elements


def _identifiers(data: DataCollection) -> NDArray[np.int64] | None:
    return np.asarray(data.particles["Particle Identifier"], dtype=np.int64) if "Particle Identifier" in data.particles else None


def _box(data: DataCollection) -> tuple[NDArray[np.float64] | None, Any, tuple[float, ...]]:
    """Edges as rows, what repeats, and the corner."""
    if data.cell is None:
        return None, False, (0.0, 0.0, 0.0)
    matrix = np.asarray(data.cell, dtype=np.float64)
    return matrix[:, :3].T, tuple(data.cell.pbc), tuple(matrix[:, 3])


@functools.lru_cache(maxsize=1)
def _session(model: str | None, iterations: int, threads: int, scale: float, classify: str, elements: tuple[str, ...] | None,
             analyses: tuple[str, ...]) -> Session:
    """The session of the frame before, as long as all that it was made for is the same."""
    return Session(model, iterations=iterations, threads=threads, scale=scale or None, classify=classify, elements=elements,
                   analyses=analyses)
