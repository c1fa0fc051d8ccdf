from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import wkw

from voxshelf.errors import InvalidDataSourceError
from voxshelf.intake import explore
from voxshelf.model import (
    BoundingBox,
    Category,
    ElementClass,
    Finding,
    Mag,
    Origin,
    Proposal,
    Severity,
    VoxelSize,
)

if TYPE_CHECKING:
    from pathlib import Path

Maker = Callable[..., Any]
BOX = {"topLeft": [0, 0, 0], "width": 64, "height": 64, "depth": 64}


def finding(proposal: Proposal, *place: str) -> Finding:
    (found,) = (entry for entry in proposal.findings if entry.place == place)
    return found


def messages(proposal: Proposal) -> str:
    return "\n".join(str(problem) for problem in proposal.problems)


@pytest.fixture
def folder(tmp_path: Path, make_mag: Maker, noise: Maker) -> Path:
    """An image and a segmentation without JSON."""
    make_mag(tmp_path / "color" / "1", noise())
    make_mag(tmp_path / "segmentation" / "1", noise(dtype="uint32"))
    return tmp_path


def document(**layer: Any) -> dict[str, Any]:
    base = {
        "name": "color",
        "category": "color",
        "elementClass": "uint8",
        "dataFormat": "wkw",
        "boundingBox": BOX,
    }
    mags = {"mags": [{"mag": [1, 1, 1], "cubeLength": 64}]}
    return {"id": {"name": "a", "team": "t"}, "scale": [4, 4, 40], "dataLayers": [{**base, **mags, **layer}]}


def test_layers_are_found_without_any_json(folder: Path) -> None:
    assert explore(folder, name="lab/a").layer_names == ("color", "segmentation")


def test_type_and_channels_come_from_the_header(tmp_path: Path, make_mag: Maker, noise: Maker) -> None:
    make_mag(tmp_path / "rgb" / "1", noise((3, 32, 32, 32)))
    proposal = explore(tmp_path, name="lab/a")
    found = finding(proposal, "layers", "rgb", "element_class")
    assert (found.value, found.origin) == (ElementClass.UINT24, Origin.HEADER)
    assert finding(proposal, "layers", "rgb", "num_channels").value == 3


def test_voxel_size_and_largest_segment_id_need_a_person(folder: Path) -> None:
    needed = [entry.place for entry in explore(folder, name="lab/a").needs_you]
    assert needed == [("voxel_size",), ("layers", "segmentation", "largest_segment_id")]


def test_what_needs_a_person_says_how_to_find_it_out(folder: Path) -> None:
    assert all(entry.note for entry in explore(folder, name="lab/a").needs_you)


def test_with_the_voxel_size_the_proposal_can_be_imported(folder: Path) -> None:
    proposal = explore(folder, name="lab/a").with_value(("voxel_size",), VoxelSize((4, 4, 40)))
    data_source = proposal.data_source()
    assert [layer.category for layer in data_source.layers] == [Category.COLOR, Category.SEGMENTATION]
    assert (data_source.id.team, data_source.id.name) == ("lab", "a")


def test_without_the_voxel_size_it_cannot(folder: Path) -> None:
    with pytest.raises(InvalidDataSourceError, match="voxel size"):
        explore(folder, name="lab/a").data_source()


def test_every_spelling_of_mag_folders_is_read_and_sorted(
    tmp_path: Path, make_mag: Maker, noise: Maker
) -> None:
    for name in ("4-4-2", "1-1-1", "2-2-1", "16", "8"):
        make_mag(tmp_path / "color" / name, noise((8, 8, 8)), file_len=1, block_len=32)
    mags = finding(explore(tmp_path, name="a"), "layers", "color", "mags").value
    assert [str(entry.mag) for entry in mags] == ["1", "2-2-1", "4-4-2", "8", "16"]
    assert {entry.cube_length for entry in mags} == {32}


def test_the_box_spans_all_cubes_of_ragged_folders(tmp_path: Path, make_mag: Maker, noise: Maker) -> None:
    voxels = noise((8, 8, 8))
    for topleft in ((64, 64, 0), (0, 192, 128), (320, 64, 128), (64, 0, 256)):
        make_mag(tmp_path / "color" / "1", voxels, topleft) if topleft == (64, 64, 0) else _write(
            tmp_path / "color" / "1", voxels, topleft
        )
    found = finding(explore(tmp_path, name="a"), "layers", "color", "bounding_box")
    assert found.value == BoundingBox((0, 0, 0), (384, 256, 320))


def _write(folder: Path, voxels: Any, topleft: tuple[int, int, int]) -> None:

    with wkw.Dataset.open(str(folder)) as dataset:
        dataset.write(topleft, voxels)


def test_the_box_begins_at_the_first_cube_not_at_the_origin(
    tmp_path: Path, make_mag: Maker, noise: Maker
) -> None:
    make_mag(tmp_path / "color" / "1", noise((64, 64, 64)), (640, 128, 64))
    found = finding(explore(tmp_path, name="a"), "layers", "color", "bounding_box")
    assert found.value == BoundingBox((640, 128, 64), (64, 64, 64))


def test_a_coarse_mag_widens_the_box_only_beyond_the_rounding_of_its_cubes(
    tmp_path: Path, make_mag: Maker, noise: Maker
) -> None:
    make_mag(tmp_path / "color" / "1", noise((64, 64, 64)))
    make_mag(tmp_path / "color" / "4", noise((16, 16, 16)))
    assert finding(explore(tmp_path, name="a"), "layers", "color", "bounding_box").value.size == (64, 64, 64)
    _write(tmp_path / "color" / "4", noise((8, 8, 8)), (64, 0, 0))
    assert finding(explore(tmp_path, name="a"), "layers", "color", "bounding_box").value.size == (
        512,
        256,
        256,
    )


def test_a_layer_with_only_a_coarse_mag_has_a_box_in_mag_1(
    tmp_path: Path, make_mag: Maker, noise: Maker
) -> None:
    make_mag(tmp_path / "color" / "4-4-2", noise((8, 8, 8)), (64, 64, 0))
    found = finding(explore(tmp_path, name="a"), "layers", "color", "bounding_box")
    assert found.value == BoundingBox((256, 256, 0), (256, 256, 128))


def test_mags_of_different_type_are_a_problem_that_names_both(
    tmp_path: Path, make_mag: Maker, noise: Maker
) -> None:
    make_mag(tmp_path / "color" / "1", noise((8, 8, 8)))
    make_mag(tmp_path / "color" / "2", noise((8, 8, 8), "uint16"))
    proposal = explore(tmp_path, name="a")
    assert "uint16 with 1 channel" in messages(proposal)
    assert "uint8 with 1 channel" in messages(proposal)
    assert [entry.mag for entry in finding(proposal, "layers", "color", "mags").value] == [Mag(1)]


def test_mags_with_other_channels_are_a_problem_too(tmp_path: Path, make_mag: Maker, noise: Maker) -> None:
    make_mag(tmp_path / "color" / "1", noise((3, 8, 8, 8)))
    make_mag(tmp_path / "color" / "2", noise((8, 8, 8)))
    assert "3 channels" in messages(explore(tmp_path, name="a"))


def test_one_damaged_header_leaves_the_other_mags(tmp_path: Path, make_mag: Maker, noise: Maker) -> None:
    make_mag(tmp_path / "color" / "1", noise((8, 8, 8)))
    (tmp_path / "color" / "2").mkdir()
    (tmp_path / "color" / "2" / "header.wkw").write_bytes(b"WKW")
    (tmp_path / "color" / "4").mkdir()
    proposal = explore(tmp_path, name="a")
    assert len(finding(proposal, "layers", "color", "mags").value) == 1
    assert "Mag 2 is left out" in messages(proposal)
    assert "Mag 4 is left out" in messages(proposal)


def test_another_block_side_is_only_worth_knowing(tmp_path: Path, make_mag: Maker, noise: Maker) -> None:
    make_mag(tmp_path / "color" / "1", noise((8, 8, 8)), block_len=16)
    (problem,) = explore(tmp_path, name="a").problems
    assert problem.severity is Severity.INFO


def test_linked_layers_and_mags_are_followed(tmp_path: Path, make_mag: Maker, noise: Maker) -> None:
    make_mag(tmp_path / "elsewhere" / "color" / "1", noise((8, 8, 8)))
    mag = make_mag(tmp_path / "elsewhere" / "2", noise((8, 8, 8)))
    (tmp_path / "elsewhere" / "color" / "2").symlink_to(mag)
    (tmp_path / "dataset").mkdir()
    (tmp_path / "dataset" / "color").symlink_to(tmp_path / "elsewhere" / "color")
    mags = finding(explore(tmp_path / "dataset", name="a"), "layers", "color", "mags").value
    assert [str(entry.mag) for entry in mags] == ["1", "2"]


def test_a_layer_link_that_leads_nowhere_is_told(folder: Path) -> None:
    (folder / "extra").symlink_to("/cluster/extra")
    assert "/cluster/extra" in messages(explore(folder, name="a"))


def test_mappings_are_listed_by_their_files(folder: Path) -> None:
    (folder / "segmentation" / "mappings").mkdir()
    (folder / "segmentation" / "mappings" / "axons.json").write_text("{}")
    other = finding(explore(folder, name="a"), "layers", "segmentation", "other").value
    assert other == {"mappings": ["axons"]}


# -- with a JSON -------------------------------------------------------------------------------


def test_values_of_a_valid_json_are_kept_with_their_origin(folder: Path, write_json: Maker) -> None:
    write_json(folder, document(category="segmentation", boundingBox={**BOX, "width": 50}))
    proposal = explore(folder, name="lab/a")
    for noun in ("category", "bounding_box", "element_class"):
        assert finding(proposal, "layers", "color", noun).origin is Origin.FILE
    assert finding(proposal, "layers", "color", "bounding_box").value.size == (50, 64, 64)
    assert finding(proposal, "voxel_size").value == VoxelSize((4, 4, 40))


def test_a_difference_to_the_data_is_a_warning_with_both_values(folder: Path, write_json: Maker) -> None:
    write_json(folder, document(elementClass="uint16"))
    proposal = explore(folder, name="lab/a")
    assert finding(proposal, "layers", "color", "element_class").value is ElementClass.UINT16
    (problem,) = (p for p in proposal.problems if p.place == ("layers", "color", "element_class"))
    assert problem.severity is Severity.WARNING
    assert "uint16" in problem.message
    assert "uint8" in problem.message


@pytest.mark.parametrize("size", [32, 500])
def test_a_box_that_differs_by_more_than_a_cube_is_told(
    tmp_path: Path, make_mag: Maker, noise: Maker, write_json: Maker, size: int
) -> None:
    make_mag(tmp_path / "color" / "1", noise((128, 64, 64)))
    write_json(tmp_path, document(boundingBox={**BOX, "width": size}))
    proposal = explore(tmp_path, name="lab/a")
    assert finding(proposal, "layers", "color", "bounding_box").value.size[0] == size
    assert "0,0,0,128,64,64" in messages(proposal)


def test_a_box_that_is_tighter_than_its_cubes_is_fine(folder: Path, write_json: Maker) -> None:
    write_json(folder, document(boundingBox={**BOX, "width": 63}))
    assert not [p for p in explore(folder, name="lab/a").problems if "bounding_box" in p.place]


def test_a_missing_cube_length_is_taken_from_the_header(folder: Path, write_json: Maker) -> None:
    write_json(folder, document(mags=[{"mag": 1}]))
    (entry,) = finding(explore(folder, name="lab/a"), "layers", "color", "mags").value
    assert entry.cube_length == 64


def test_mags_that_differ_from_the_disk_are_told(
    folder: Path, write_json: Maker, make_mag: Maker, noise: Maker
) -> None:
    make_mag(folder / "color" / "8", noise((8, 8, 8)))
    write_json(folder, document(mags=[{"mag": 1}, {"mag": 4}]))
    proposal = explore(folder, name="lab/a")
    assert "mag 4" in messages(proposal)
    assert "mag 8" in messages(proposal)
    assert len(finding(proposal, "layers", "color", "mags").value) == 2


def test_a_half_broken_json_keeps_its_good_half(folder: Path, write_json: Maker) -> None:
    broken = document(category="colour", largestSegmentId=7)
    broken["scale"] = [0, 4, 40]
    write_json(folder, broken)
    proposal = explore(folder, name="lab/a")
    assert finding(proposal, "voxel_size").origin is Origin.NEEDS_YOU
    assert finding(proposal, "layers", "color", "category").origin is Origin.FOLDER_NAME
    assert finding(proposal, "layers", "color", "largest_segment_id").value == 7
    assert "scale" in messages(proposal)


def test_text_that_is_no_json_is_told_and_the_data_still_explored(folder: Path, write_json: Maker) -> None:
    write_json(folder, '{"id": ')
    proposal = explore(folder, name="lab/a")
    assert proposal.layer_names == ("color", "segmentation")
    assert any(problem.severity is Severity.ERROR for problem in proposal.problems)


def test_unknown_keys_survive(folder: Path, write_json: Maker) -> None:
    write_json(folder, {**document(myLab=1, coordinateTransformations=[]), "extra": True})
    data_source = explore(folder, name="lab/a").data_source()
    assert data_source.other["extra"] is True
    assert data_source.layer("color").other["myLab"] == 1


def test_unknown_keys_survive_in_a_broken_json_too(folder: Path, write_json: Maker) -> None:
    write_json(folder, {**document(elementClass="uint9", myLab=1), "extra": True})
    data_source = explore(folder, name="lab/a").data_source()
    assert data_source.other["extra"] is True
    assert data_source.layer("color").other["myLab"] == 1


def test_a_layer_that_only_stands_in_the_json_is_kept_and_told(folder: Path, write_json: Maker) -> None:
    write_json(folder, document(name="gone"))
    proposal = explore(folder, name="lab/a")
    assert proposal.layer_names == ("gone", "color", "segmentation")
    assert "no folder with mags on disk" in messages(proposal)


def test_a_layer_that_only_lies_on_disk_is_proposed_and_told(folder: Path, write_json: Maker) -> None:
    write_json(folder, document())
    assert "'segmentation' lies on disk" in messages(explore(folder, name="lab/a"))


# -- weird folders -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        (["a.tif", "b.tif"], "convert them to WKW"),
        (["data.zip"], "Unpack the archive"),
        (["color/1.tiff"], "convert them to WKW"),
        (["header.wkw", "z0/y0/x0.wkw"], "color/1"),
        (["color/header.wkw", "color/z0/y0/x0.wkw"], "color/1"),
        (["1/header.wkw"], "color/1"),
        (["unpacked/color/1/header.wkw"], "one level too deep"),
        (["color/.zarray"], "Zarr"),
        (["mag1/x0000/data.raw", "a.raw"], "KNOSSOS"),
        (["readme.md"], "1 .md file"),
        ([], "nothing"),
    ],
)
def test_a_folder_without_layers_says_what_is_there_and_what_would_mend_it(
    tmp_path: Path, files: list[str], expected: str
) -> None:
    for name in files:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"x")
    proposal = explore(tmp_path, name="a")
    assert expected in messages(proposal)
    assert proposal.layer_names == ()


def test_a_folder_that_is_not_there_is_a_problem_not_an_exception(tmp_path: Path) -> None:
    assert explore(tmp_path / "nowhere", name="a").problems


def test_a_file_instead_of_a_folder_is_a_problem_not_an_exception(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    assert explore(tmp_path / "file", name="a").problems


def test_all_problems_are_told_at_once(tmp_path: Path, make_mag: Maker, noise: Maker) -> None:
    make_mag(tmp_path / "good" / "1", noise((8, 8, 8)))
    for layer in ("bad", "worse"):
        (tmp_path / layer / "1").mkdir(parents=True)
    text = messages(explore(tmp_path, name="a"))
    assert "'bad' is left out" in text
    assert "'worse' is left out" in text


# -- category ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "category"),
    [
        ("color", Category.COLOR),
        ("raw_em", Category.COLOR),
        ("segmentation_v2", Category.SEGMENTATION),
        ("nuclei-labels", Category.SEGMENTATION),
        ("seg", Category.SEGMENTATION),
    ],
)
def test_names_tell_the_category(
    tmp_path: Path, make_mag: Maker, noise: Maker, name: str, category: Category
) -> None:
    make_mag(tmp_path / name / "1", noise((8, 8, 8), "uint16"))
    found = finding(explore(tmp_path, name="a"), "layers", name, "category")
    assert (found.value, found.origin) == (category, Origin.FOLDER_NAME)


def test_floats_are_images_whatever_their_name(tmp_path: Path, make_mag: Maker, noise: Maker) -> None:
    make_mag(tmp_path / "segmentation" / "1", noise((8, 8, 8), "float32"))
    found = finding(explore(tmp_path, name="a"), "layers", "segmentation", "category")
    assert (found.value, found.origin) == (Category.COLOR, Origin.HEADER)


@pytest.mark.parametrize(
    ("dtype", "category"), [("uint32", Category.SEGMENTATION), ("uint8", Category.COLOR)]
)
def test_many_distinct_values_mean_an_image(
    tmp_path: Path, make_mag: Maker, dtype: str, category: Category
) -> None:
    rng = np.random.default_rng(1)
    coarse = rng.integers(1, 250, (4, 4, 4)).astype(dtype)
    voxels = coarse.repeat(16, 0).repeat(16, 1).repeat(16, 2)
    if category is Category.COLOR:
        voxels = rng.integers(1, 250, voxels.shape).astype(dtype)
    make_mag(tmp_path / "layer" / "1", voxels)
    found = finding(explore(tmp_path, name="a"), "layers", "layer", "category")
    assert (found.value, found.origin) == (category, Origin.HEURISTIC)
    assert "distinct values" in found.note


def test_voxels_that_tell_nothing_leave_a_guess_and_a_warning(tmp_path: Path, make_mag: Maker) -> None:
    make_mag(tmp_path / "layer" / "1", np.zeros((8, 8, 8), "uint32"))
    proposal = explore(tmp_path, name="a")
    assert finding(proposal, "layers", "layer", "category").value is Category.SEGMENTATION
    assert any(p.place == ("layers", "layer", "category") for p in proposal.problems)
