"""What a session found in a frame."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from . import _bindings as c


@dataclass(frozen=True)
class Structure:
    """A structure that atoms may be named."""

    name: str
    #: In `Result.structure_type`: OVITO's number, or one from 101 for what OVITO has none for.
    number: int
    #: Atoms of the last frame, after denoising and before.
    count: int = 0
    count_raw: int = 0


@dataclass(frozen=True)
class Result:
    """One frame. Arrays are the caller's own and stay as they are; lengths are in the units of the frame.

    Atoms that were not selected, or are not seen, have type 0, their own position and displacement 0.
    """

    #: [n, 3] float64, denoised, near the atom's own periodic image; those of the frame where no model moves atoms.
    positions: NDArray[np.float64]
    #: [n] float64, distance from the atom to its denoised position.
    displacement: NDArray[np.float64]
    #: [n] int32, after denoising and before; numbers of `structures`.
    structure_type: NDArray[np.int32]
    structure_type_raw: NDArray[np.int32]
    #: What may be named, with how many atoms are; "other" is the first.
    structures: tuple[Structure, ...]
    #: [n] int64 or float64 per analysis column, by its name (docs/analyses.md).
    columns: dict[str, NDArray[Any]]
    #: Numbers of the frame by the analyses, by their names.
    globals: dict[str, int | float]
    #: [n, len(classes)] float64, rows sum to 1; None unless the session was asked for `probabilities`.
    probabilities: NDArray[np.float64] | None
    #: Names of the columns of `probabilities`.
    classes: tuple[str, ...]
    #: Root mean square of the displacement over selected atoms.
    rms_displacement: float
    #: Factor on lengths before the network saw them.
    scale: float
    #: Iterations that were done.
    iterations: int
    #: Sentences about what makes the result doubtful, of the model and of the analyses; empty: nothing does.
    warnings: list[str]
    #: Duration of the call in seconds, and its parts, which do not overlap.
    seconds: float
    timings: dict[str, float] = field(repr=False)
    #: No atom was moved farther than this.
    largest_move: float = 0.0

    @property
    def counts(self) -> dict[str, int]:
        """Atoms by the name of their structure, after denoising."""
        return {structure.name: structure.count for structure in self.structures}

    @property
    def counts_raw(self) -> dict[str, int]:
        """The same before denoising."""
        return {structure.name: structure.count_raw for structure in self.structures}


def softmax(logits: NDArray[np.float64]) -> NDArray[np.float64]:
    """Probabilities exp(l) / sum exp(l) along the last axis."""
    weights: NDArray[np.float64] = np.exp(logits - logits.max(axis=-1, keepdims=True, initial=-np.inf))
    weights /= weights.sum(axis=-1, keepdims=True)
    return weights


def timings_of(result: Any) -> dict[str, float]:
    """dn_result.seconds_* by the last part of their names."""
    return {name[len("seconds_"):]: getattr(result, name) for name, _ in c.dn_result._fields_ if name.startswith("seconds_")}


def doubts_of(result: Any, iterates_to_an_end: bool) -> list[str]:
    """dn_result.warnings as sentences."""

    def share(atoms: int) -> str:
        return f"{atoms} of {result.atoms_seen} atoms"

    texts = {
        c.DN_WARNING_HELD: f"{share(result.atoms_held)} were held back where the model would have moved them by more than "
                           f"{result.largest_move:.3g}: atoms overlap, or the frame is far from what the model was trained for.",
        c.DN_WARNING_BEYOND_NOISE: f"{share(result.atoms_beyond_noise)} seem to vibrate more than those that the model was trained "
                                   "with; their structures may be wrong.",
        c.DN_WARNING_ODD_DENSITY: f"{share(result.atoms_odd_density)} have far fewer or far more neighbors than those that the model "
                                  "was trained with: the density, or the scale, is not the model's.",
        c.DN_WARNING_ASTRAY: f"{share(result.atoms_astray)} were led to other places than first predicted; the model may not know "
                             "this structure, or it is a liquid.",
        c.DN_WARNING_NOTHING_SEEN: "no atom is both seen and selected, so that all counts are 0.",
    }
    if iterates_to_an_end:
        texts[c.DN_WARNING_UNSETTLED] = (f"{share(result.atoms_unsettled)} would still be moved after the last iteration; the model "
                                         "does not know this structure, or needs more iterations.")
    return [sentence for bit, sentence in texts.items() if result.warnings & bit]
