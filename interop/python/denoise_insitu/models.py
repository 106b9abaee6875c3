"""The models that come with the package."""

from __future__ import annotations

import os
from pathlib import Path

from ._library import HERE


def _folder() -> Path:
    """models/ of the wheel, of the unpacked archive, or of the source tree."""
    places = [HERE / "models", HERE.parents[1] / "models", HERE.parents[2] / "models"]
    return next((place for place in places if place.is_dir()), places[0])


def models() -> list[str]:
    """Names of the models that come with the package, such as "metals"; docs of each are in the card beside it (NAME.md)."""
    return sorted(file.stem for file in _folder().glob("*.pt"))


def model_path(model: str | os.PathLike[str]) -> str:
    """The file of a model: a name of `models()`, or else a path of a checkpoint (.pt)."""
    name = os.fspath(model)
    return str(_folder() / f"{name}.pt") if name in models() else name
