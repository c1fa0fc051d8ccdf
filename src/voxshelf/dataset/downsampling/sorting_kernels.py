"""Sorting a cell of voxels inside compiled kernels; importing this module loads numba."""

from __future__ import annotations

from typing import Any

from voxshelf.formats.compiled import kernel

__all__ = ["sort_in_place"]

_FEW = 24


@kernel()
def sort_in_place(values: Any, count: int) -> None:
    """Sort the first ``count`` values: by insertion where they are few, as a heap where they are many."""
    if count > _FEW:
        _sort_as_heap(values, count)
        return
    for i in range(1, count):
        value = values[i]
        k = i
        while k > 0 and value < values[k - 1]:
            values[k] = values[k - 1]
            k -= 1
        values[k] = value


@kernel()
def _sort_as_heap(values: Any, count: int) -> None:
    for start in range(count // 2 - 1, -1, -1):
        _sift_down(values, start, count)
    for end in range(count - 1, 0, -1):
        values[0], values[end] = values[end], values[0]
        _sift_down(values, 0, end)


@kernel()
def _sift_down(values: Any, start: int, end: int) -> None:
    value = values[start]
    parent = start
    while 2 * parent + 1 < end:
        child = 2 * parent + 1
        if child + 1 < end and values[child] < values[child + 1]:
            child += 1
        if not value < values[child]:
            break
        values[parent] = values[child]
        parent = child
    values[parent] = value
