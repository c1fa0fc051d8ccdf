from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import wkw

from voxshelf.dataset import read_properties
from voxshelf.errors import NameTakenError, OutOfRangeError
from voxshelf.intake import explore
from voxshelf.intake.samples import TISSUE_VOXEL_SIZE, make_tissue_sample
from voxshelf.model import Origin

if TYPE_CHECKING:
    from pathlib import Path

    from voxshelf.dataset import Dataset

SIZE = (128, 96, 64)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("samples") / "tissue"


@pytest.fixture(scope="module")
def shares() -> list[float]:
    return []


@pytest.fixture(scope="module")
def tissue(folder: Path, shares: list[float]) -> Dataset:
    return make_tissue_sample(folder, size=SIZE, progress=shares.append)


@pytest.fixture(scope="module")
def image(tissue: Dataset) -> np.ndarray[Any, Any]:
    return tissue["color"][:, :, :]


@pytest.fixture(scope="module")
def ids(tissue: Dataset) -> np.ndarray[Any, Any]:
    return tissue["segmentation"][:, :, :]


def test_it_has_the_size_asked_for(tissue: Dataset) -> None:
    assert tissue.bounding_box.size == SIZE
    assert tissue.voxel_size is not None
    assert tissue.voxel_size.factor == TISSUE_VOXEL_SIZE


def test_both_layers_have_three_mags(tissue: Dataset) -> None:
    mags = {name: [str(mag) for mag in layer.mags] for name, layer in tissue.layers.items()}
    assert mags == {"color": ["1", "2-2-1", "4-4-2"], "segmentation": ["1", "2-2-1", "4-4-2"]}


def test_the_largest_segment_id_is_right(tissue: Dataset, ids: np.ndarray[Any, Any]) -> None:
    assert tissue["segmentation"].largest_segment_id == ids.max()


def test_it_opens_in_the_middle(tissue: Dataset) -> None:
    configuration = tissue.default_view_configuration
    assert configuration is not None
    assert configuration["position"] == [64, 48, 32]


def test_its_json_has_no_problem(tissue: Dataset, folder: Path) -> None:
    assert read_properties(folder).reading.problems == ()


def test_exploring_it_finds_what_its_json_says(tissue: Dataset, folder: Path) -> None:
    proposal = explore(folder, name="samples/tissue")
    assert proposal.problems == ()
    assert {finding.origin for finding in proposal.findings} <= {Origin.FILE, Origin.HEADER}


def test_the_wkw_package_reads_the_same_voxels(folder: Path, image: np.ndarray[Any, Any]) -> None:
    with wkw.Dataset.open(str(folder / "color" / "1")) as dataset:
        np.testing.assert_array_equal(dataset.read((0, 0, 0), SIZE)[0], image)


def test_membranes_are_dark_and_cells_are_bright(
    image: np.ndarray[Any, Any], ids: np.ndarray[Any, Any]
) -> None:
    assert image[ids == 0].mean() < image[ids > 0].mean() - 40


def test_neighbouring_cells_are_parted_by_membrane(ids: np.ndarray[Any, Any]) -> None:
    left, right = ids[:-1], ids[1:]
    touching = (left != right) & (left > 0) & (right > 0)
    assert touching.mean() < 0.002


def test_there_are_many_cells(ids: np.ndarray[Any, Any]) -> None:
    assert len(np.unique(ids)) > 20


def test_the_same_size_gives_the_same_voxels(
    tmp_path: Path, image: np.ndarray[Any, Any], ids: np.ndarray[Any, Any]
) -> None:
    again = make_tissue_sample(tmp_path / "again", size=SIZE)
    np.testing.assert_array_equal(again["color"][:, :, :], image)
    np.testing.assert_array_equal(again["segmentation"][:, :, :], ids)


def test_progress_grows_to_one(tissue: Dataset, shares: list[float]) -> None:
    assert shares == sorted(shares)
    assert shares[-1] == 1.0


def test_nothing_but_the_sample_is_left_behind(tissue: Dataset, folder: Path) -> None:
    assert [entry.name for entry in folder.parent.iterdir()] == ["tissue"]


def test_an_existing_folder_is_not_touched(tissue: Dataset, folder: Path) -> None:
    with pytest.raises(NameTakenError):
        make_tissue_sample(folder, size=SIZE)


@pytest.mark.parametrize("size", [(100, 96, 64), (0, 32, 32), (32, 32)])
def test_an_impossible_size_is_refused(tmp_path: Path, size: Any) -> None:
    with pytest.raises(OutOfRangeError):
        make_tissue_sample(tmp_path / "tissue", size=size)


def test_a_failure_leaves_no_half_made_dataset(tmp_path: Path) -> None:
    def fail(share: float) -> None:
        if share > 0.5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        make_tissue_sample(tmp_path / "tissue", size=(32, 32, 32), progress=fail)
    assert list(tmp_path.iterdir()) == []
