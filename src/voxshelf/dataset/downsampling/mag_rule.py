"""Which coarser mags a layer gets: the anisotropic rule.

Words used here: a mag's *physical size* is ``mag x voxel size``, per axis; its *anisotropy* is the largest
physical size over the smallest; a mag's *maximum* is its largest factor. A pyramid has one mag per maximum.

The rule: from a mag, either all axes are doubled, or only those with the smallest physical size; whichever
gives the smaller anisotropy, the second where both give the same. While the maximum has not grown, go on.
So voxels come nearer to cubes, and stay so. Source of the rule: webKnossos' documentation of downsampling,
https://docs.webknossos.org/webknossos/data/concepts.html#dataset-organization.
"""

from __future__ import annotations

import math
from enum import StrEnum
from typing import TYPE_CHECKING

from voxshelf.errors import OutOfRangeError
from voxshelf.model.geometry import Mag

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from voxshelf.model.geometry import BoundingBox

__all__ = ["Sampling", "coarsest_mag", "mags_to_coarsest", "next_mag"]

_WIDTH_OF_COARSEST = 100
_LEAST_COARSEST = 4


class Sampling(StrEnum):
    """Which axes a step to the next mag halves."""

    ANISOTROPIC = "anisotropic"
    """Those that bring the voxels nearer to cubes; the usual choice."""
    ISOTROPIC = "isotropic"
    """All three, always."""
    CONSTANT_Z = "constant_z"
    """x and y only."""


def next_mag(mag: Mag, voxel_size: Sequence[float], *, sampling: Sampling = Sampling.ANISOTROPIC) -> Mag:
    """The mag one step coarser than ``mag``; its maximum is larger.

    Parameters
    ----------
    mag : Mag
        Where to start.
    voxel_size : sequence of 3 floats
        Physical size of a Mag-1 voxel per axis, in any unit.
    sampling : Sampling
        Which axes may grow.

    Raises
    ------
    OutOfRangeError
        If the voxel size is not three positive numbers.

    Examples
    --------
    >>> next_mag(Mag(1), (11.24, 11.24, 28)), next_mag(Mag("2-2-1"), (11.24, 11.24, 28))
    (Mag(2-2-1), Mag(4-4-2))
    """
    size = _checked(voxel_size)
    if sampling is Sampling.ISOTROPIC:
        return Mag([2 * factor for factor in mag])
    if sampling is Sampling.CONSTANT_Z:
        return _until_larger(mag, lambda now: Mag((2 * now.x, 2 * now.y, now.z)))
    return _until_larger(mag, lambda now: _anisotropic_step(now, size))


def _until_larger(mag: Mag, step: Callable[[Mag], Mag]) -> Mag:
    coarser = step(mag)
    while max(coarser) == max(mag):
        coarser = step(coarser)
    return coarser


def _anisotropic_step(mag: Mag, voxel_size: tuple[float, float, float]) -> Mag:
    physical = [factor * size for factor, size in zip(mag, voxel_size, strict=True)]
    # Sizes like 11.24 and 22.48 / 2 must count as equal, however they were computed.
    is_smallest = [math.isclose(size, min(physical), rel_tol=1e-9) for size in physical]
    all_axes = Mag([2 * factor for factor in mag])
    smallest_axes = Mag([2 * f if small else f for f, small in zip(mag, is_smallest, strict=True)])
    by_all, by_smallest = _anisotropy(all_axes, voxel_size), _anisotropy(smallest_axes, voxel_size)
    if by_all < by_smallest and not math.isclose(by_all, by_smallest, rel_tol=1e-9):
        return all_axes
    return smallest_axes


def _anisotropy(mag: Mag, voxel_size: tuple[float, float, float]) -> float:
    physical = [factor * size for factor, size in zip(mag, voxel_size, strict=True)]
    return max(physical) / min(physical)


def mags_to_coarsest(
    finest: Mag,
    coarsest: Mag,
    voxel_size: Sequence[float],
    *,
    aligned_with: Iterable[Mag] = (),
    sampling: Sampling = Sampling.ANISOTROPIC,
) -> list[Mag]:
    """All mags of a pyramid that are coarser than ``finest``, from fine to coarse.

    Parameters
    ----------
    finest : Mag
        The mag that there is; not in the result.
    coarsest : Mag
        Where to stop: no factor is larger than the one here, and no maximum.
    voxel_size : sequence of 3 floats
        Physical size of a Mag-1 voxel per axis, in any unit.
    aligned_with : iterable of Mag
        Mags of other layers, and those that this layer has: one with the maximum of a computed mag takes its
        place, so that layers line up, if every factor is a multiple of the mag before it.
    sampling : Sampling
        Which axes may grow.

    Raises
    ------
    OutOfRangeError
        If the voxel size is not three positive numbers.

    Examples
    --------
    >>> mags_to_coarsest(Mag(1), Mag(8), (11.24, 11.24, 28))
    [Mag(2-2-1), Mag(4-4-2), Mag(8-8-4)]
    """
    others = sorted(set(aligned_with))
    mags: list[Mag] = []
    present, wanted = finest, finest
    while max(present) < max(coarsest):
        wanted = next_mag(wanted, voxel_size, sampling=sampling)
        candidate = Mag([max(p, _at_most(w, c)) for p, w, c in zip(present, wanted, coarsest, strict=True)])
        if max(candidate) == max(present):
            if all(w >= c for w, c in zip(wanted, coarsest, strict=True)) or sampling is Sampling.CONSTANT_Z:
                break
            continue
        for other in others:
            if max(other) == max(candidate) and _refines(present, other):
                candidate = wanted = other
                break
        mags.append(candidate)
        present = candidate
    return mags


def _at_most(factor: int, limit: int) -> int:
    """``factor``, halved until it is within the limit."""
    while factor > limit and factor > 1:
        factor //= 2
    return factor


def _refines(finer: Mag, coarser: Mag) -> bool:
    """Whether ``coarser`` can be computed from ``finer``: every factor is a multiple."""
    return all(c % f == 0 for f, c in zip(finer, coarser, strict=True))


def coarsest_mag(box: BoundingBox) -> Mag:
    """The mag in which a layer is about 100 voxels wide: ``max(2^ceil(log2(max(x, y) / 100)), 4)``.

    Parameters
    ----------
    box : BoundingBox
        The layer's extent in Mag-1 voxels.

    Examples
    --------
    >>> coarsest_mag(BoundingBox((0, 0, 0), (5000, 3000, 100)))
    Mag(64)
    """
    width = max(box.size[0], box.size[1])
    coarsest = 1
    while coarsest * _WIDTH_OF_COARSEST < width:
        coarsest *= 2
    return Mag(max(coarsest, _LEAST_COARSEST))


def _checked(voxel_size: Sequence[float]) -> tuple[float, float, float]:
    sizes = tuple(float(size) for size in voxel_size)
    if len(sizes) != 3 or not all(math.isfinite(size) and size > 0 for size in sizes):
        raise OutOfRangeError(
            f"{tuple(voxel_size)} is not the size of a voxel.",
            hint="Give three positive numbers x, y, z, for example (11.24, 11.24, 28).",
        )
    x, y, z = sizes
    return (x, y, z)
