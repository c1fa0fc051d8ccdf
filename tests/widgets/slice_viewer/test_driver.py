from __future__ import annotations

import re
from typing import Any

import lz4.block
import numpy as np
import pytest

from voxshelf.widgets import SliceViewer
from voxshelf.widgets.slice_viewer.driver import joined_script


@pytest.fixture
def viewer(tissue: Any) -> SliceViewer:
    return SliceViewer(tissue)


def test_a_request_is_answered_with_the_layers_own_values(viewer: Any, front_end: Any, gray: Any) -> None:
    head, (buffer,) = front_end(viewer.driver).ask()
    assert (head["k"], head["from"], head["seq"], head["depths"]) == ("picture", "me", 7, [8, 9])
    (layer,) = head["layers"]
    assert layer["shape"] == [1, 48, 64]
    assert layer["rect"] == [0, 0, 64, 48]
    np.testing.assert_array_equal(np.frombuffer(buffer, np.uint8).reshape(48, 64), gray[:, :, 8].T)


def test_a_segmentation_travels_compressed_and_whole(viewer: Any, front_end: Any, ids: Any) -> None:
    head, (buffer,) = front_end(viewer.driver).ask(names=["segmentation"])
    (layer,) = head["layers"]
    assert (layer["coding"], layer["dtype"]) == ("lz4", "uint64")
    assert len(buffer) < layer["size"] / 5
    values = np.frombuffer(lz4.block.decompress(buffer, layer["size"]), np.uint64)
    np.testing.assert_array_equal(values.reshape(48, 64), ids[:, :, 8].T)


def test_a_coarse_mag_holds_for_several_depths(dataset: Any, layer: Any, gray: Any, front_end: Any) -> None:
    viewer = SliceViewer(dataset(color=layer(gray, mags=("4-4-4",))))
    head, _ = front_end(viewer.driver).ask(depth=9)
    assert head["depths"] == [8, 12]
    assert head["layers"][0]["mag"] == "4"


def test_where_one_layer_ends_a_picture_holds_for_its_own_depth_only(
    dataset: Any, layer: Any, gray: Any, front_end: Any
) -> None:
    layers = {"color": layer(gray, mags=("4-4-4",)), "short": layer(gray[:, :, :6])}
    viewer = SliceViewer(dataset(**layers))
    head, buffers = front_end(viewer.driver).ask(depth=9, names=["color", "short"])
    assert head["depths"] == [9, 10]
    assert head["layers"][1] == {"name": "short"}
    assert len(buffers) == 1


def test_a_damaged_layer_is_answered_in_words(viewer: Any, front_end: Any, tissue: Any) -> None:
    tissue.layers["color"].damaged = {8}
    head, buffers = front_end(viewer.driver).ask(names=["color", "segmentation"])
    assert "z0/y0/x0.wkw" in head["layers"][0]["error"]
    assert len(buffers) == 1


def test_a_layer_that_is_gone_is_left_out(viewer: Any, front_end: Any) -> None:
    head, _ = front_end(viewer.driver).ask(names=["colour", "color"])
    assert [layer["name"] for layer in head["layers"]] == ["color"]


def test_thinned_out_pictures_say_so(dataset: Any, layer: Any, front_end: Any) -> None:
    wide = np.zeros((1500, 1200, 1), np.uint8)
    viewer = SliceViewer(dataset(color=layer(wide, mags=("1",))))
    head, _ = front_end(viewer.driver).ask(depth=0, zoom=10, rect=[0, 0, 1500, 1200])
    assert "every 2th voxel" not in head["notice"]
    assert "every 2nd voxel of mag 1" in head["notice"]


def test_big_endian_values_are_turned_around(dataset: Any, layer: Any, gray: Any, front_end: Any) -> None:
    viewer = SliceViewer(dataset(color=layer(gray.astype(">u2"))))
    head, (buffer,) = front_end(viewer.driver).ask()
    raw = (
        lz4.block.decompress(buffer, head["layers"][0]["size"])
        if head["layers"][0]["coding"] == "lz4"
        else buffer
    )
    np.testing.assert_array_equal(np.frombuffer(raw, "<u2").reshape(48, 64), gray[:, :, 8].T)


def test_refreshing_makes_the_browser_forget(viewer: Any, front_end: Any) -> None:
    end = front_end(viewer.driver)
    viewer.refresh()
    assert end.received == [({"k": "refresh"}, [])]


def test_the_script_is_one_module_without_imports_of_its_own_files() -> None:
    script = joined_script()
    assert not re.search(r"^import\s", script, re.MULTILINE)
    assert script.count("export default") == 1


def test_no_two_files_of_the_script_declare_the_same_name() -> None:
    declared = re.findall(
        r"^(?:export )?(?:async )?(?:const|let|function|class) (\w+)", joined_script(), re.MULTILINE
    )
    assert len(declared) == len(set(declared))


def test_no_class_of_the_script_declares_a_method_twice() -> None:
    for body in re.split(r"^(?:export )?class ", joined_script(), flags=re.MULTILINE)[1:]:
        declared = re.findall(r"^  (?:async |get |set )?(\w+)\(.*\{$", body.split("\n}\n")[0], re.MULTILINE)
        assert declared
        assert len(declared) == len(set(declared))
