"""numpy arrays on their way to C: as they are where they fit, copied where they do not."""

from __future__ import annotations

import ctypes
from typing import Any, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .errors import ArgumentError

POINTERS: dict[Any, Any] = {
    np.dtype(np.float64): ctypes.POINTER(ctypes.c_double),
    np.dtype(np.int32): ctypes.POINTER(ctypes.c_int32),
    np.dtype(np.int64): ctypes.POINTER(ctypes.c_int64),
}
MOST_ATOMS = 2**31 // 3


def pointer(array: NDArray[Any] | None) -> Any:
    """The address of an array's first element, which the array must outlive; None is NULL."""
    return None if array is None else array.ctypes.data_as(POINTERS[array.dtype])


def copy_of(address: Any, shape: tuple[int, ...], dtype: Any) -> NDArray[Any]:
    """An array of its own with what lies at an address of the library."""
    array = np.empty(shape, dtype)
    if array.nbytes:
        ctypes.memmove(array.ctypes.data, address, array.nbytes)
    return array


def positions_of(positions: ArrayLike) -> NDArray[np.float64]:
    """[n, 3] float64, C-contiguous: the array itself where it is that already."""
    array = np.ascontiguousarray(positions, dtype=np.float64)
    if array.ndim != 2 or array.shape[1] != 3:
        raise ArgumentError(f"positions: has shape {array.shape}; it must be [n, 3].")
    if len(array) >= MOST_ATOMS:
        raise ArgumentError(f"positions: {len(array)} atoms are more than one process can take ({MOST_ATOMS}).")
    return array


def rows_of(values: ArrayLike | None, count: int, dtype: Any, name: str) -> NDArray[Any] | None:
    """[count] integers or reals; None stays None. Whole numbers do not get there from fractions, nor wrap around."""
    if values is None:
        return None
    given = np.asarray(values)
    if given.shape != (count,):
        raise ArgumentError(f"{name}: has shape {given.shape}; it must be [{count}], a value per atom.")
    if np.issubdtype(dtype, np.integer):
        if given.dtype.kind not in "iub":
            raise ArgumentError(f"{name}: holds {given.dtype}, and must hold integers.")
        limits = np.iinfo(dtype)
        if count and (given.min() < limits.min or given.max() > limits.max):
            raise ArgumentError(f"{name}: holds numbers from {given.min()} to {given.max()}, which {np.dtype(dtype)} does not.")
    return np.ascontiguousarray(given, dtype=dtype)


def cell_of(cell: ArrayLike | None) -> NDArray[np.float64]:
    """[3, 3], rows are the edge vectors; three lengths are a box with right angles; None: all 0."""
    if cell is None:
        return np.zeros((3, 3))
    array = np.asarray(cell, dtype=np.float64)
    if array.shape == (3,):
        return np.diag(array)
    if array.size != 9:
        raise ArgumentError(f"cell: has shape {array.shape}; it must be [3, 3], its rows the edge vectors, or three lengths.")
    return np.ascontiguousarray(array.reshape(3, 3))


def periodic_of(pbc: bool | Sequence[bool] | ArrayLike, has_cell: bool) -> NDArray[np.int32]:
    """[3], along which edges the box repeats."""
    array = np.asarray(pbc, dtype=bool)
    if array.shape not in ((), (3,)):
        raise ArgumentError(f"pbc: has shape {array.shape}; it must be one truth value, or three.")
    array = np.broadcast_to(array, 3).astype(np.int32)
    if array.any() and not has_cell:
        raise ArgumentError("pbc: the box is periodic, and there is no cell; give it, or pbc=False.")
    return array


def strings(values: Sequence[str]) -> Any:
    """An array of UTF-8 strings."""
    return (ctypes.c_char_p * len(values))(*(value.encode() for value in values))
