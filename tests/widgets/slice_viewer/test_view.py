from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import voxshelf.widgets
from voxshelf.widgets import SliceViewer


@pytest.fixture
def viewer(tissue: Any) -> SliceViewer:
    return SliceViewer(tissue)


def browser_view(viewer: Any, **changed: Any) -> dict[str, Any]:
    return {**viewer.driver.view, "origin": "me:1", **changed}


def test_moving_it_in_python_tells_the_browser(viewer: Any) -> None:
    viewer.position = (5, 6, 7)
    assert viewer.driver.view["center"] == [5.5, 6.5, 7.5]
    assert viewer.driver.view["origin"] == ""


def test_moving_within_a_voxel_tells_the_browser_too(viewer: Any) -> None:
    viewer.position = (5, 6, 7)
    viewer.go_to((5.25, 6.5, 7.5))
    assert viewer.driver.view["center"] == [5.25, 6.5, 7.5]


def test_moving_it_in_the_browser_tells_python(viewer: Any, front_end: Any) -> None:
    seen: list[Any] = []
    viewer.observe(lambda change: seen.append(change["new"]), "position")
    front_end(viewer.driver).state(view=browser_view(viewer, center=[5.5, 6.5, 7.5], zoom=0.5))
    assert seen == [(5, 6, 7)]
    assert viewer.zoom == 0.5


def test_the_browsers_own_view_is_not_sent_back(viewer: Any, front_end: Any) -> None:
    front_end(viewer.driver).state(view=browser_view(viewer, center=[5.5, 6.5, 7.5]))
    assert viewer.driver.view["origin"] == "me:1"


def test_a_view_from_outside_of_the_volume_is_corrected_in_the_browser(viewer: Any, front_end: Any) -> None:
    front_end(viewer.driver).state(view=browser_view(viewer, center=[999.5, 6.5, 7.5]))
    assert viewer.driver.view["center"][0] < 64
    assert viewer.driver.view["origin"] == ""


def test_of_two_moves_at_once_the_one_made_in_python_holds(viewer: Any, front_end: Any) -> None:
    on_its_way = browser_view(viewer, center=[1.5, 1.5, 1.5], screen=[300, 200])
    viewer.plane = "XZ"
    front_end(viewer.driver).state(view=on_its_way)
    assert (viewer.plane, viewer.driver.view["plane"]) == ("XZ", "XZ")
    assert viewer.screen == (300, 200)


def test_the_axes_say_what_they_count(viewer: Any) -> None:
    labels = lambda: [axis.label for axis in viewer.figure.axes]  # noqa: E731 - read twice, two lines apart
    assert labels() == ["x [voxels]", "y [voxels]"]
    viewer.plane, viewer.physical = "YZ", True
    assert labels() == ["z [nm]", "y [nm]"]


def test_changing_a_look_tells_the_browser(viewer: Any) -> None:
    viewer.layers["segmentation"].alpha = 70
    assert viewer.driver.looks[1]["alpha"] == 70


def test_what_is_under_the_pointer_comes_as_numbers_exact_to_64_bits(viewer: Any, front_end: Any) -> None:
    values = {"color": "17", "segmentation": str(2**63 + 1), "rgb": "(1, 2, 3)", "float": "0.5"}
    front_end(viewer.driver).state(hover={"position": [1, 2, 3], "values": values})
    assert viewer.hover == {
        "position": (1, 2, 3),
        "values": {"color": 17, "segmentation": 2**63 + 1, "rgb": (1, 2, 3), "float": 0.5},
    }
    front_end(viewer.driver).state(hover={})
    assert viewer.hover == {}


def test_what_is_wrong_with_the_slice_on_screen_can_be_observed(viewer: Any, front_end: Any) -> None:
    front_end(viewer.driver).state(error="color: damaged")
    assert viewer.error == "color: damaged"


def test_the_first_picture_brings_window_and_histogram(viewer: Any, front_end: Any) -> None:
    end = front_end(viewer.driver)
    viewer.layers["color"].window = None
    end.ask()
    assert viewer.driver.looks[0]["window"] == list(viewer.layers["color"].window)
    end.custom({"k": "rest"})
    assert viewer.panel.bars.y.max() == 1


def test_an_empty_dataset_says_so(dataset: Any, layer: Any) -> None:
    assert "no layers" in SliceViewer(dataset()).driver.source["empty"]
    hollow = layer(np.zeros((0, 4, 4), np.uint8))
    assert "no voxels" in SliceViewer(dataset(color=hollow)).driver.source["empty"]


def test_a_dataset_of_unknown_voxel_size_has_no_units(tissue: Any) -> None:
    tissue.voxel_size = None
    viewer = SliceViewer(tissue)
    assert viewer.driver.source["unit"] is None
    viewer.physical = True
    assert viewer.figure.axes[0].label == "x [voxels]"


def test_four_panes_have_a_figure_per_plane_and_one_of_information(viewer: Any) -> None:
    assert len(viewer._panes.children) == 1
    viewer.panes = 4
    assert len(viewer._panes.children) == 4
    assert [[axis.label[0] for axis in figure.axes] for figure in viewer.figures] == [
        ["x", "y"],
        ["z", "y"],
        ["x", "z"],
    ]
    assert len(viewer.driver.axes) == 6
    viewer.panes = 1
    assert viewer._panes.children == (viewer.figure,)


def test_the_browser_may_ask_for_four_panes(viewer: Any, front_end: Any) -> None:
    front_end(viewer.driver).state(view=browser_view(viewer, panes=4, plane="YZ"))
    assert (viewer.panes, viewer.plane, len(viewer.figures)) == (4, "YZ", 3)


def test_settings_of_all_layers_reach_the_browser(viewer: Any) -> None:
    viewer.blend_mode, viewer.segmentation_pattern_opacity = "Cover", 12
    assert viewer.driver.settings["cover"]
    assert viewer.driver.settings["pattern"] == 12


def test_colours_reach_the_browser_from_the_back_to_the_front(
    dataset: Any, layer: Any, gray: Any, ids: Any
) -> None:
    viewer = SliceViewer(dataset(cells=layer(ids, "segmentation"), one=layer(gray), two=layer(gray)))
    order = lambda: [look["name"] for look in viewer.driver.looks]  # noqa: E731 - read twice, two lines apart
    assert order() == ["two", "one", "cells"]
    viewer.color_layer_order = ["two"]
    assert order() == ["one", "two", "cells"]


def test_segments_are_hidden_shown_alone_and_recoloured_from_the_picture(viewer: Any, front_end: Any) -> None:
    end, layer, big = front_end(viewer.driver), viewer.layers["segmentation"], 2**63 + 1
    choose = {"k": "segment", "layer": "segmentation", "id": str(big)}
    end.custom({**choose, "act": "color", "color": "#102030"})
    assert layer.segment_colors == {big: (16, 32, 48)}
    end.custom({**choose, "act": "hide"})
    assert viewer.driver.looks[1]["hidden"] == [str(big)]
    end.custom({**choose, "act": "isolate"})
    assert viewer.driver.settings["selective"]
    assert viewer.driver.looks[1]["selected"] == [str(big)]
    end.custom({"k": "segment", "act": "all", "layer": "", "id": "0"})
    assert viewer.driver.looks[1]["selected"] == viewer.driver.looks[1]["hidden"] == []


def test_the_mask_of_a_segment_in_the_slice_and_as_a_whole_is_handed_to_the_browser(
    viewer: Any, front_end: Any
) -> None:
    end = front_end(viewer.driver)
    for act, where in (("read", "what is in view of this slice"), ("whole", "the whole layer")):
        end.custom({"k": "segment", "act": act, "layer": "segmentation", "id": "7"})
        text = end.received[-1][0]["text"]
        assert f'# Segment 7 of "segmentation" in {where}: ' in text
        assert text.splitlines()[2].startswith("mask = ")


def test_text_to_copy_is_handed_to_the_browser(viewer: Any, front_end: Any) -> None:
    end = front_end(viewer.driver)
    end.custom({"k": "copy", "what": "position"})
    assert end.received[-1][0] == {"k": "text", "text": "32, 24, 8", "problem": ""}
    viewer.layers["color"].visible = viewer.layers["segmentation"].visible = False
    end.custom({"k": "copy", "what": "read"})
    assert "No layer is visible" in end.received[-1][0]["problem"]


def test_what_the_brush_answers_without_being_moved_is_nobodys_wish(viewer: Any, front_end: Any) -> None:
    front_end(viewer.driver).ask()
    before = viewer.layers["color"].window
    viewer.panel.brush.selected = np.array(before) - 1e-14
    assert viewer.layers["color"].window == before
    assert viewer.edits == 0


def test_closing_it_closes_all_of_it(viewer: Any) -> None:
    parts = (viewer.driver, viewer.figure, viewer.panel)
    viewer.close()
    assert all(part.comm is None for part in (*parts, viewer))


def test_the_room_of_widgets_names_what_it_does_not_have() -> None:
    with pytest.raises(AttributeError, match="no attribute 'SliceVeiwer'"):
        voxshelf.widgets.SliceVeiwer  # noqa: B018 - looking it up is the test
    assert "SliceViewer" in dir(voxshelf.widgets)
