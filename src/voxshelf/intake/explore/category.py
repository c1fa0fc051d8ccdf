"""Is a layer an image or a segmentation? By its type, its name, its voxels, in this order of certainty."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from voxshelf.errors import VoxshelfError
from voxshelf.intake.explore.cubes import cube_positions
from voxshelf.model import Category, Confidence, ElementClass, Finding, Origin, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from voxshelf.intake.explore.layer_data import LayerData, MagData
    from voxshelf.model import Place

__all__ = ["propose_category"]

_SEGMENTATION_WORDS = ("segment", "label", "mask", "annotation", "supervoxel", "agglomerat")
_COLOR_WORDS = ("color", "colour", "raw", "image", "gray", "grey", "intensity", "fluo")
_SHORT_SEGMENTATION_WORDS = {"seg", "ids", "cells", "nuclei", "instances"}
_SHORT_COLOR_WORDS = {"em", "mri", "ct", "dapi", "gfp", "img", "mprage", "t1", "t2"}
_USUAL_IDS = {ElementClass.UINT16, ElementClass.UINT32, ElementClass.UINT64, ElementClass.INT64}

_SAMPLES = 20
_SAMPLE_SIDE = 16
_MOST_DISTINCT = 1 / 200


def propose_category(data: LayerData, element_class: ElementClass) -> Finding:
    """The category of a layer whose JSON does not name it."""
    place: Place = ("layers", data.name, "category")
    if not element_class.may_be(Category.SEGMENTATION) or data.header.num_channels > 1:
        kind = "Several channels" if data.header.num_channels > 1 else f"{element_class} voxels"
        return Finding(
            place=place,
            value=Category.COLOR,
            origin=Origin.HEADER,
            note=f"{kind} cannot be segment ids.",
        )
    named = _by_name(data.name)
    if named is not None:
        return Finding(
            place=place,
            value=named,
            origin=Origin.FOLDER_NAME,
            confidence=Confidence.LIKELY,
            note=f"The folder is named {data.name!r}.",
        )
    return _by_voxels(data, place) or _by_type(element_class, place)


def _by_name(name: str) -> Category | None:
    plain = name.lower()
    words = set("".join(letter if letter.isalnum() else " " for letter in plain).split())
    if any(word in plain for word in _SEGMENTATION_WORDS) or words & _SHORT_SEGMENTATION_WORDS:
        return Category.SEGMENTATION
    if any(word in plain for word in _COLOR_WORDS) or words & _SHORT_COLOR_WORDS:
        return Category.COLOR
    return None


def _by_voxels(data: LayerData, place: Place) -> Finding | None:
    """Few distinct values in small cubes: segment ids.

    The rule is that of other converters for WKW: in 20 cubes of 16³ voxels, more than one distinct value per 200
    voxels means an image. Cubes without any value tell nothing and are passed over.
    """
    ratios = [len(np.unique(cube)) / cube.size for cube in _sample(data.mags[0]) if cube.any()]
    if not ratios:
        return None
    mean = sum(ratios) / len(ratios)
    is_segmentation = mean <= _MOST_DISTINCT
    per_cube = mean * _SAMPLE_SIDE**3
    return Finding(
        place=place,
        value=Category.SEGMENTATION if is_segmentation else Category.COLOR,
        origin=Origin.HEURISTIC,
        confidence=Confidence.LIKELY,
        note=f"{len(ratios)} sampled cubes of 16³ voxels hold {per_cube:.0f} distinct values on average; "
        f"up to {_SAMPLE_SIDE**3 * _MOST_DISTINCT:.0f} speak for segment ids.",
    )


def _by_type(element_class: ElementClass, place: Place) -> Finding:
    category = Category.SEGMENTATION if element_class in _USUAL_IDS else Category.COLOR
    return Finding(
        place=place,
        value=category,
        origin=Origin.HEURISTIC,
        confidence=Confidence.GUESS,
        note=f"Neither name nor voxels tell; {element_class} is most often {category}. Please check.",
    )


def _sample(entry: MagData) -> Iterator[NDArray[np.generic]]:
    """Small cubes of voxels, spread over the mag; unreadable ones are passed over."""
    from voxshelf.formats.wkw import WkwArray  # noqa: PLC0415 - loads the compiler, only needed here

    unlisted: list[Problem] = []
    cubes = list(cube_positions(entry.path, unlisted))
    if not cubes:
        return
    side = entry.header.cube_len
    try:
        array = WkwArray.open(entry.path)
    except VoxshelfError:
        return
    # Steps by the golden ratio spread evenly, however many there are, and are the same in every run.
    spread = np.modf(np.outer(np.arange(_SAMPLES) + 0.5, (0.618034, 0.754878, 0.569840)))[0]
    for index, fraction in enumerate(spread):
        cube = cubes[index * len(cubes) // _SAMPLES]
        # Data mostly starts in its cubes' first corner and may end soon: look there more closely.
        room = max(1, (side >> index % 6) - _SAMPLE_SIDE)
        topleft = [corner * side + int(part * room) for corner, part in zip(cube, fraction, strict=True)]
        try:
            yield array.read(topleft, (_SAMPLE_SIDE,) * 3)
        except VoxshelfError:
            continue
