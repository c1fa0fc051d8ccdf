from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from voxshelf.intake import explore, tighten_boxes
from voxshelf.model import BoundingBox, Origin

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Maker = Callable[..., Any]

PLACE = ("layers", "color", "bounding_box")


def tight_box(folder: Path) -> BoundingBox:
    return tighten_boxes(explore(folder, name="a"), folder).values[PLACE]


@pytest.mark.parametrize("shape", [(70, 33, 5), (3, 70, 33, 5)])
def test_the_box_ends_where_the_values_do(
    tmp_path: Path, make_mag: Maker, noise: Maker, shape: tuple[int, ...]
) -> None:
    make_mag(tmp_path / "color" / "1", noise(shape), (40, 7, 129))
    assert tight_box(tmp_path) == BoundingBox((40, 7, 129), (70, 33, 5))


def test_a_coarse_mag_gives_a_box_in_mag_1(tmp_path: Path, make_mag: Maker, noise: Maker) -> None:
    make_mag(tmp_path / "color" / "2-2-1", noise((10, 10, 10)))
    assert tight_box(tmp_path) == BoundingBox((0, 0, 0), (20, 20, 10))


def test_two_far_corners_are_both_inside(tmp_path: Path, make_mag: Maker) -> None:
    voxels = np.zeros((200, 200, 200), np.uint8)
    voxels[3, 199, 60] = voxels[150, 2, 199] = 1
    make_mag(tmp_path / "color" / "1", voxels)
    assert tight_box(tmp_path) == BoundingBox.from_corners((3, 2, 60), (151, 200, 200))


def test_all_zeros_keep_the_box_of_the_files(tmp_path: Path, make_mag: Maker) -> None:
    make_mag(tmp_path / "color" / "1", np.zeros((8, 8, 8), np.uint8))
    assert tight_box(tmp_path) == BoundingBox((0, 0, 0), (64, 64, 64))


def test_a_damaged_file_keeps_the_box_and_says_why(tmp_path: Path, make_mag: Maker, noise: Maker) -> None:
    make_mag(tmp_path / "color" / "1", noise((8, 8, 8)))
    (cube,) = (tmp_path / "color" / "1").rglob("x0.wkw")
    cube.write_bytes(cube.read_bytes()[:400])
    proposal = tighten_boxes(explore(tmp_path, name="a"), tmp_path)
    (found,) = (finding for finding in proposal.findings if finding.place == PLACE)
    assert found.value == BoundingBox((0, 0, 0), (64, 64, 64))
    assert "could not be tightened" in found.note


def test_a_box_from_the_json_stays(tmp_path: Path, make_mag: Maker, noise: Maker, write_json: Maker) -> None:
    make_mag(tmp_path / "color" / "1", noise((8, 8, 8)))
    box = {"topLeft": [0, 0, 0], "width": 50, "height": 50, "depth": 50}
    layer = {
        "name": "color",
        "category": "color",
        "elementClass": "uint8",
        "boundingBox": box,
        "mags": [{"mag": 1}],
    }
    write_json(tmp_path, {"scale": [1, 1, 1], "dataLayers": [layer]})
    proposal = tighten_boxes(explore(tmp_path, name="a"), tmp_path)
    (found,) = (finding for finding in proposal.findings if finding.place == PLACE)
    assert (found.value.size, found.origin) == ((50, 50, 50), Origin.FILE)


def test_progress_is_told_per_layer(tmp_path: Path, make_mag: Maker, noise: Maker) -> None:
    for name in ("color", "more"):
        make_mag(tmp_path / name / "1", noise((8, 8, 8)))
    shares: list[float] = []
    tighten_boxes(explore(tmp_path, name="a"), tmp_path, progress=shares.append)
    assert shares == [0.5, 1.0]
