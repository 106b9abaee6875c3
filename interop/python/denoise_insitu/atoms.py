"""ASE's Atoms: denoised, named, and from and to frames."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from .errors import ArgumentError
from .result import Result
from .session import Session
from .trajectory import Frame

if TYPE_CHECKING:
    import ase


class DenoiseWarning(UserWarning):
    """What makes a result doubtful."""


def denoise(atoms: ase.Atoms, model: Any = "metals", *, session: Session | None = None, **options: Any) -> ase.Atoms:
    """Takes the thermal noise off the positions and names the structure of every atom.

    Returns new Atoms with the denoised positions, and in `arrays`:
        structure_type        [n] int32, OVITO's numbers (0 other, 1 fcc, 2 hcp, 3 bcc, 4 icosahedral), by name in `info["structures"]`
        structure_type_raw    [n] int32, of the positions as they were
        displacement          [n] float64, Å, from the atom to its denoised position
        class_probabilities   [n, classes] float64, with probabilities=True; `info["classes"]` names the classes
        NAME                  what was asked for by `analyses`
    What else there was, constraints and cell included, is kept; the calculator is not, because it belongs to the positions that were.
    `atoms` is not changed.

    model, options: as of `Session`; the elements of the atoms are handed over. session: one that is used again instead, whose
    elements must be those of `elements_of(atoms)`.

    Raises what Session does; what makes the result doubtful is a `DenoiseWarning`.
    """
    result = _process(atoms, model, session, options)
    made = _with_results(atoms, result)
    made.set_positions(result.positions, apply_constraint=False)
    made.arrays["structure_type_raw"] = result.structure_type_raw
    made.arrays["displacement"] = result.displacement
    return made


def classify(atoms: ase.Atoms, model: Any = None, *, session: Session | None = None, **options: Any) -> ase.Atoms:
    """Names the structure of every atom where it is: by adaptive common neighbor analysis without a model, by a model that names
    atoms, or by `classify="cna:3.1"` and the other methods of `Session`.

    Returns new Atoms as `denoise` does, with the positions as they are, and without `displacement` and `structure_type_raw`.
    """
    if session is None and model is not None:
        options = {"iterations": 0, **options}
    return _with_results(atoms, _process(atoms, model, session, options))


def elements_of(atoms: ase.Atoms) -> list[str]:
    """The symbols of the atoms in the order in which they come: of type t at [t-1], as `denoise` hands them over."""
    return list(dict.fromkeys(atoms.get_chemical_symbols()))


def types_of(atoms: ase.Atoms, elements: list[str]) -> NDArray[np.int32]:
    """[n], the type of every atom, from 1. Raises ArgumentError where its symbol is not among the elements."""
    numbers = {symbol: t + 1 for t, symbol in enumerate(elements)}
    try:
        return np.array([numbers[symbol] for symbol in atoms.get_chemical_symbols()], dtype=np.int32)
    except KeyError as missing:
        raise ArgumentError(f"elements: {missing.args[0]} is not among {', '.join(elements)}.") from None


def frame_of(atoms: ase.Atoms, step: int = 0) -> Frame:
    """Atoms as a frame: positions, cell, elements, the array `id`, and every other array of one number per atom as a column."""
    elements = elements_of(atoms)
    columns = {name: values.copy() for name, values in atoms.arrays.items()
               if name not in ("numbers", "positions") and values.ndim == 1 and values.dtype.kind in "iubf"}
    return Frame(positions=atoms.positions.copy(), cell=np.array(atoms.cell.complete()) if atoms.cell.rank > 0 else None,
                 pbc=np.array(atoms.pbc), types=types_of(atoms, elements), ids=columns.pop("id", None), step=step,
                 elements=tuple(elements), columns=columns)


def atoms_of(frame: Frame) -> ase.Atoms:
    """A frame as Atoms: columns are arrays, `info` has step, time and bound. Positions are moved so that the box begins at 0.

    Raises ArgumentError where the frame does not say which element an atom is: set `frame.elements`.
    """
    from ase import Atoms

    types = np.ones(len(frame), np.int32) if frame.types is None else frame.types
    unknown = next((int(t) for t in np.unique(types) if not 0 < t <= len(frame.elements) or frame.elements[t - 1] is None), None)
    if unknown is not None:
        raise ArgumentError(f"elements: the frame does not say which element atom type {unknown} is; set frame.elements first.")
    symbols = [frame.elements[t - 1] for t in types]
    atoms = Atoms(symbols, positions=frame.positions - frame.origin, cell=frame.cell, pbc=frame.pbc)
    if frame.ids is not None:
        atoms.new_array("id", frame.ids)
    for name, values in frame.columns.items():
        atoms.new_array(name, values)
    atoms.info.update({key: value for key, value in (("step", frame.step), ("time", frame.time), ("bound", frame.bound))
                       if value is not None})
    return atoms


def _process(atoms: ase.Atoms, model: Any, session: Session | None, options: dict[str, Any]) -> Result:
    elements = list(options.pop("elements", None) or elements_of(atoms))
    types = types_of(atoms, elements)
    if session is not None and options:
        raise ArgumentError(f"{', '.join(options)}: is of the session, which was made before; give it there.")
    used = session or Session(model, elements=elements, **options)
    try:
        # ASE leaves edges at 0 along which nothing repeats.
        cell = np.array(atoms.cell.complete()) if atoms.cell.rank > 0 else None
        result = used.process(atoms.positions, cell, atoms.pbc & np.any(atoms.cell[:], axis=1), types=types)
    finally:
        if session is None:
            used.close()
    for sentence in result.warnings:
        warnings.warn(sentence, DenoiseWarning, stacklevel=3)
    return result


def _with_results(atoms: ase.Atoms, result: Result) -> ase.Atoms:
    made = atoms.copy()
    made.arrays["structure_type"] = result.structure_type
    made.info["structures"] = {structure.name: structure.number for structure in result.structures}
    if result.probabilities is not None:
        made.arrays["class_probabilities"] = result.probabilities
        made.info["classes"] = list(result.classes)
    for name, values in result.columns.items():
        made.arrays[name] = values
    return made
