"""The index of a .dnz file (docs/dnz.md), which says how many frames there are and their steps without reading them."""

from __future__ import annotations

import os
import struct
from typing import BinaryIO

MAGIC = b"\x89DNZ\r\n\x1a\n"
_END = b"DNZINDEX"
_HEAD = struct.Struct("<3sBIIII")


def is_dnz(path: str | os.PathLike[str]) -> bool:
    """Whether a file begins as a .dnz file does."""
    try:
        with open(path, "rb") as file:
            return file.read(len(MAGIC)) == MAGIC
    except OSError:
        return False


def steps(path: str | os.PathLike[str]) -> list[int] | None:
    """The step of every frame; None: the file has no index, because its writer was interrupted or something is wrong with it."""
    try:
        with open(path, "rb") as file:
            return _steps(file)
    except (OSError, IndexError, struct.error):
        return None


def _steps(file: BinaryIO) -> list[int] | None:
    length = file.seek(0, os.SEEK_END)
    if length < len(MAGIC) + 16:
        return None
    file.seek(length - 16)
    (offset,), ending = struct.unpack("<Q", file.read(8)), file.read(8)
    if ending != _END or offset >= length:
        return None
    file.seek(offset)
    _, kind, size, _, _, _ = _HEAD.unpack(file.read(_HEAD.size))
    if kind != ord("I") or size > length:
        return None
    payload = file.read(size)
    frames, at = _whole(payload, 0)
    found, step = [], 0
    for _ in range(min(frames, size)):
        _, at = _whole(payload, at)
        difference, at = _whole(payload, at)
        _, at = _whole(payload, at)
        step += (difference >> 1) ^ -(difference & 1)
        found.append(step)
    return found if len(found) == frames else None


def _whole(data: bytes, at: int) -> tuple[int, int]:
    """An unsigned number in groups of 7 bits, and where the next begins."""
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80 or shift >= 70:
            return value, at
