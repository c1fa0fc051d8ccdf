"""``compute_largest_segment_id``: every stored voxel counts, and no other."""

from __future__ import annotations

import json
import threading
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from voxshelf.dataset import PROPERTIES_NAME, open_dataset
from voxshelf.errors import DamagedDataError, OperationCancelledError, UnsupportedFormatError

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def folder(build: Any, volume: Any, random_voxels: Any) -> Path:
    path: Path = build(
        volume("cells", random_voxels(140, 40, 30, dtype=np.uint32), (7, 8, 9), category="segmentation"),
        volume("color", random_voxels(8, 8, 8)),
    )
    return path


@pytest.mark.parametrize("place", [(0, 0, 0), (139, 39, 29), (77, 3, 22), (121, 0, 0)])
def test_a_single_voxel_is_found_anywhere(
    build: Any, volume: Any, random_voxels: Any, place: tuple[int, int, int]
) -> None:
    voxels = random_voxels(140, 40, 30, dtype=np.uint64)
    voxels[place] = 2**63 + 5
    folder = build(volume("cells", voxels, (7, 8, 9), category="segmentation"))
    assert open_dataset(folder)["cells"].compute_largest_segment_id() == 2**63 + 5


def test_the_finest_mag_is_asked(folder: Path, volume: Any, random_voxels: Any) -> None:
    volume("cells", random_voxels(20, 20, 20, dtype=np.uint32) + 1000, mag="2").write(folder / "cells" / "2")
    document = json.loads((folder / PROPERTIES_NAME).read_text())
    document["dataLayers"][0]["mags"].insert(0, {"mag": 2})
    (folder / PROPERTIES_NAME).write_text(json.dumps(document))
    assert open_dataset(folder)["cells"].compute_largest_segment_id() == 99


def test_what_lies_outside_of_the_box_does_not_count(folder: Path, volume: Any) -> None:
    volume("cells", np.full((2, 2, 2), 5000, np.uint32)).write(folder / "cells" / "1")
    assert open_dataset(folder)["cells"].compute_largest_segment_id() == 99


def test_a_large_box_with_few_files_takes_no_time(folder: Path) -> None:
    document = json.loads((folder / PROPERTIES_NAME).read_text())
    document["dataLayers"][0]["boundingBox"] |= {"width": 2000, "height": 2000, "depth": 2000}
    (folder / PROPERTIES_NAME).write_text(json.dumps(document))
    assert open_dataset(folder)["cells"].compute_largest_segment_id() == 99


def test_it_is_saved_only_on_request(folder: Path) -> None:
    cells = open_dataset(folder)["cells"]
    cells.compute_largest_segment_id()
    assert open_dataset(folder)["cells"].largest_segment_id is None
    cells.compute_largest_segment_id(save=True)
    assert open_dataset(folder)["cells"].largest_segment_id == 99


def test_progress_grows_to_the_whole_box(folder: Path) -> None:
    told: list[int] = []
    open_dataset(folder)["cells"].compute_largest_segment_id(progress=lambda done, _: told.append(done))
    assert told == sorted(told)
    assert told[-1] == 140 * 40 * 30


def test_it_stops_when_asked(folder: Path) -> None:
    stop = threading.Event()
    stop.set()
    with pytest.raises(OperationCancelledError):
        open_dataset(folder)["cells"].compute_largest_segment_id(cancel=stop)


def test_a_colour_layer_has_no_ids(folder: Path) -> None:
    with pytest.raises(UnsupportedFormatError, match="color layer"):
        open_dataset(folder)["color"].compute_largest_segment_id()


def test_a_damaged_block_is_an_error_because_an_id_could_be_missed(folder: Path) -> None:
    next((folder / "cells" / "1").rglob("x3.wkw")).write_bytes(b"WKW")
    with pytest.raises(DamagedDataError):
        open_dataset(folder)["cells"].compute_largest_segment_id()
