"""What a record says in a row."""

from __future__ import annotations

import re
from typing import Any

import pytest

from voxshelf.model import BoundingBox, DatasetStatus, VoxelSize
from voxshelf.widgets.dataset_table.cells import COLUMNS, STATUS_COLORS, extent_text, physical_size
from voxshelf.widgets.dataset_table.grid_looks import STYLE


def texts(record: Any) -> dict[str, str]:
    return {column.name: column.text(record) for column in COLUMNS}


def test_a_row_tells_what_a_person_looks_for(record: Any) -> None:
    row = texts(record("lab/brain", display_name="Mouse brain", tags=("em", "mouse")))
    assert row["name"] == "Mouse brain"
    assert row["organization"] == "lab"
    assert row["voxel_size"] == "11.24 × 11.24 × 28 nm"
    assert row["extent"] == "64 × 48 × 16"
    assert row["layers"] == "color – uint8"
    assert row["tags"] == "em, mouse"
    assert row["status"] == "ready"
    assert row["visibility"] == "private"
    assert row["last_used"] == "–"


def test_what_is_not_imported_offers_it_and_what_is_broken_says_why(record: Any) -> None:
    assert texts(record("lab/a", status=DatasetStatus.NOT_IMPORTED))["status"] == "not imported yet › Import"
    torn = record("lab/a", status=DatasetStatus.BROKEN, status_message="The JSON ends in the middle.")
    assert texts(torn)["status"] == "broken: The JSON ends in the middle."


def test_teams_that_only_the_folder_allows_are_starred(record: Any) -> None:
    shared = record(
        "lab/a", teams=("imaging",), inherited_teams=("imaging", "students"), folder="Cortex/2026"
    )
    assert (texts(shared)["teams"], texts(shared)["folder"]) == ("imaging, students *", "Cortex/2026")


def test_what_is_not_known_is_a_dash_and_never_empty(record: Any) -> None:
    row = texts(record("lab/new", status=DatasetStatus.NOT_IMPORTED))
    assert all(row.values())
    assert row["voxel_size"] == row["layers"] == row["extent"] == row["tags"] == "–"


def test_a_layer_whose_name_says_more_than_its_category_is_named(record: Any) -> None:
    brain = record("lab/brain")
    layer = brain.layers[0].model_copy(update={"name": "em"})
    assert texts(brain.model_copy(update={"layers": (layer,)}))["layers"] == "em (color – uint8)"


def test_large_extents_are_grouped_by_thousands(record: Any) -> None:
    brain = record("lab/brain")
    layer = brain.layers[0].model_copy(update={"bounding_box": BoundingBox((0, 0, 0), (12345, 2000, 10))})
    assert extent_text(brain.model_copy(update={"layers": (layer,)})) == "12,345 × 2,000 × 10"


@pytest.mark.parametrize(
    ("size", "voxel_size", "text"),
    [
        ((512, 512, 256), VoxelSize((11.24, 11.24, 28)), "5.755 × 5.755 × 7.168 µm"),
        ((10, 10, 10), VoxelSize((10, 10, 10)), "100 × 100 × 100 nm"),
        ((100, 100, 100), VoxelSize((1, 1, 1), "millimeter"), "100 × 100 × 100 mm"),
        ((256, 256, 32), VoxelSize((4, 4, 35_000)), "1.024 × 1.024 × 1,120 µm"),
        ((1, 250_000, 250_000), VoxelSize((4, 4, 4)), "4 × 1,000,000 × 1,000,000 nm"),
        ((100, 1000, 1000), VoxelSize((9, 5, 5)), "0.9 × 5 × 5 µm"),
        ((0, 0, 0), VoxelSize((4, 4, 4)), "0 × 0 × 0 nm"),
    ],
)
def test_a_physical_extent_takes_a_unit_that_reads_well(size: Any, voxel_size: VoxelSize, text: str) -> None:
    assert physical_size(size, voxel_size) == text


def luminance(color: tuple[float, ...]) -> float:
    """How bright a colour is, by the formula of the Web Content Accessibility Guidelines."""
    parts = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (channel / 255 for channel in color)
    ]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


@pytest.mark.parametrize("is_selected", [False, True])
@pytest.mark.parametrize(("which", "paper"), [(0, (255, 255, 255)), (1, (17, 17, 17))])
@pytest.mark.parametrize("colors", STATUS_COLORS.values())
def test_a_status_can_be_read_on_light_and_dark_paper_also_in_a_selected_row(
    colors: tuple[str, str], which: int, paper: tuple[float, ...], is_selected: bool
) -> None:
    ink = tuple(int(colors[which][at : at + 2], 16) for at in (1, 3, 5))
    *over, share = (float(part) for part in re.findall(r"[\d.]+", STYLE["selection_fill_color"]))
    if is_selected:
        ink, paper = (
            tuple(own * (1 - share) + top * share for own, top in zip(below, over, strict=True))
            for below in (ink, paper)
        )
    dark, light = sorted((luminance(ink), luminance(paper)))
    assert (light + 0.05) / (dark + 0.05) > 4.2
