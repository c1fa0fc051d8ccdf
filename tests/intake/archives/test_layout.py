"""Where a dataset lies in an archive."""

from __future__ import annotations

import pytest

from voxshelf.intake.archives.layout import find_layout


def _place_all(*names: str) -> dict[str, str]:
    files = [tuple(name.split("/")) for name in names]
    layout = find_layout(files)
    placed = {"/".join(parts): layout.place(parts) for parts in files}
    return {name: "/".join(place) for name, place in placed.items() if place is not None}


@pytest.mark.parametrize(
    ("packed", "expected"),
    [
        ("color/1/header.wkw", "color/1/header.wkw"),
        ("great/color/1/header.wkw", "color/1/header.wkw"),
        ("a/b/great/em/2-2-1/header.wkw", "em/2-2-1/header.wkw"),
        ("em/1/header.wkw", "em/1/header.wkw"),
        ("1/header.wkw", "color/1/header.wkw"),
        ("header.wkw", "color/1/header.wkw"),
        ("somewhere/header.wkw", "color/1/header.wkw"),
        ("z0/y0/x0.wkw", "color/1/z0/y0/x0.wkw"),
        ("great/color/1/z0/y0/x0.wkw", "color/1/z0/y0/x0.wkw"),
    ],
)
def test_wkw_files_reach_layer_and_mag_however_they_were_packed(packed: str, expected: str) -> None:
    assert _place_all(packed) == {packed: expected}


def test_a_layers_name_is_never_stripped_even_if_it_is_the_only_one() -> None:
    assert _place_all("em/1/header.wkw", "em/1/z0/y0/x0.wkw")["em/1/header.wkw"] == "em/1/header.wkw"


def test_the_folder_of_the_json_is_the_dataset_and_what_lies_beside_it_is_left_out_with_a_note() -> None:
    files = [
        ("top", "ds", "datasource-properties.json"),
        ("top", "ds", "color", "1", "header.wkw"),
        ("top", "readme.txt"),
    ]
    layout = find_layout(files)
    assert layout.place(files[2]) is None
    assert layout.place(files[1]) == ("color", "1", "header.wkw")
    assert any("1 file(s) beside" in note for note in layout.notes)


def test_moving_files_is_said_in_a_note() -> None:
    assert find_layout([("header.wkw",)]).notes == (
        "There was no layer and mag folder: the files were put into color/1.",
    )


@pytest.mark.parametrize(
    "files",
    [
        ["a/color/1/header.wkw", "b/color/1/header.wkw"],
        ["a/datasource-properties.json", "b/datasource-properties.json"],
    ],
)
def test_two_datasets_in_one_archive_are_refused_by_name(files: list[str]) -> None:
    with pytest.raises(ValueError, match=r"several datasets \(a, b\)"):
        _place_all(*files)


def test_zarr_loses_its_wrapping_folders_but_not_a_layer_called_color() -> None:
    assert _place_all("w/color/.zarray", "w/color/0.0.0")["w/color/.zarray"] == "color/.zarray"


def test_an_archive_of_pictures_is_refused_saying_what_was_found() -> None:
    with pytest.raises(ValueError, match=r"only files ending in \.tif"):
        _place_all("stack/0001.tif", "stack/0002.tif")


def test_folders_of_images_beside_wkw_layers_are_refused_by_name() -> None:
    with pytest.raises(ValueError, match=r"holds images \(ds/em_stack\) beside WKW data"):
        _place_all("ds/color/1/header.wkw", "ds/em_stack/0001.TIF")


def test_a_picture_at_the_datasets_top_is_taken_along() -> None:
    assert _place_all("ds/color/1/header.wkw", "ds/preview.png")["ds/preview.png"] == "preview.png"


def test_images_in_a_dataset_with_its_own_json_are_its_own_business() -> None:
    placed = _place_all("ds/datasource-properties.json", "ds/color/1/header.wkw", "ds/figures/1.png")
    assert "ds/figures/1.png" in placed
