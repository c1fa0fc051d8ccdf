from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from voxshelf.errors import DamagedDataError, LayerNotFoundError, OutOfRangeError
from voxshelf.model import BoundingBox, LayerViewConfiguration, Mag, ViewConfiguration
from voxshelf.slicing import Plane, Region
from voxshelf.widgets.slice_viewer import ViewerState

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture
def state(tissue: Any) -> ViewerState:
    return ViewerState(tissue)


def from_browser(**changed: Any) -> dict[str, Any]:
    view = {"plane": "XY", "center": [32.0, 24.0, 8.5], "zoom": None, "physical": False, "screen": [640, 480]}
    return {**view, **changed}


def test_it_begins_in_the_middle_with_the_whole_volume_fitted(state: ViewerState) -> None:
    assert state.position == (32, 24, 8)
    assert state.zoom is None
    assert state.box == BoundingBox((0, 0, 8), (64, 48, 1))


def test_it_begins_where_the_datasets_own_configuration_says(dataset: Any, layer: Any, gray: Any) -> None:
    raw = {"position": [5, 6, 7], "zoom": 0.25, "layers": {"color": {"alpha": 40}}}
    state = ViewerState(dataset(raw, color=layer(gray)))
    assert (state.position, state.zoom) == ((5, 6, 7), 0.25)
    assert state.layers["color"].alpha == 40


def test_a_given_configuration_takes_the_place_of_the_datasets_own(tissue: Any) -> None:
    tissue.default_view_configuration = {"position": [5, 6, 7]}
    given = ViewConfiguration(position=(1, 2, 3), layers={"color": LayerViewConfiguration(is_disabled=True)})
    state = ViewerState(tissue, given)
    assert state.position == (1, 2, 3)
    assert not state.layers["color"].visible


def test_a_position_outside_moves_to_the_nearest_voxel_inside(state: ViewerState) -> None:
    state.position = (-5, 1000, 3)
    assert state.position == (0, 47, 3)


def test_the_plane_may_be_written_small(state: ViewerState) -> None:
    state.plane = "xz"
    assert state.plane == "XZ"
    assert state.box == BoundingBox((0, 24, 0), (64, 1, 16))


@pytest.mark.parametrize("zoom", [0, -1, float("nan"), float("inf")])
def test_a_zoom_that_is_none_is_refused_with_advice(state: ViewerState, zoom: float) -> None:
    with pytest.raises(OutOfRangeError, match="None to fit"):
        state.zoom = zoom


def test_the_visible_box_follows_zoom_screen_and_position(state: ViewerState) -> None:
    state.screen, state.zoom, state.position = (20, 10), 1.0, (30, 20, 4)
    assert state.box == BoundingBox((20, 15, 4), (21, 11, 1))


def test_reading_gives_the_visible_box_in_the_mag_on_screen(state: ViewerState, gray: Any) -> None:
    state.screen, state.zoom = (20, 10), 1.0
    x, y, z = state.box.topleft
    np.testing.assert_array_equal(state.read(), gray[x : x + 20, y : y + 10, z : z + 1])
    state.zoom = 2.5
    assert state.plan_for("color").mag == Mag("2-2-1")
    assert state.read("segmentation", mag=1).shape == state.box.size


def test_reading_takes_a_colour_layer_before_a_segmentation(
    dataset: Any, layer: Any, gray: Any, ids: Any
) -> None:
    state = ViewerState(dataset(cells=layer(ids, "segmentation"), color=layer(gray)))
    assert state.read().dtype == np.uint8
    state.layers["color"].visible = False
    assert state.read().dtype == np.uint64


def test_reading_nothing_says_what_to_do(state: ViewerState) -> None:
    for layer in state.layers.values():
        layer.visible = False
    with pytest.raises(LayerNotFoundError, match="Show a layer"):
        state.read()
    with pytest.raises(LayerNotFoundError, match="'color', 'segmentation'"):
        state.read("colour")


def test_a_layer_that_is_elsewhere_cannot_be_read_here(dataset: Any, layer: Any, gray: Any) -> None:
    state = ViewerState(dataset(color=layer(gray), far=layer(gray, topleft=(0, 0, 100))))
    state.position = (5, 5, 5)
    with pytest.raises(OutOfRangeError, match="Nothing of layer 'far' is in view"):
        state.read("far")


def test_damage_is_told_in_words_and_the_other_layers_come(state: ViewerState, tissue: Any) -> None:
    tissue.layers["color"].damaged = {8}
    color, segmentation = state.pictures(state.region, ["color", "segmentation"])
    assert color.voxels is None
    for part in ("color:", "ends before", "color/1/z0/y0/x0.wkw", "(3, 1, 0)", "Copy the file"):
        assert part in color.error
    assert segmentation.voxels is not None
    with pytest.raises(DamagedDataError):
        state.read()


def test_an_error_of_the_system_is_told_in_words_too(state: ViewerState, tissue: Any) -> None:
    def read(*_args: Any, **_others: Any) -> None:
        raise OSError(5, "Input/output error")

    tissue.layers["color"].read = read
    (picture,) = state.pictures(state.region, ["color"])
    assert "could not be read" in picture.error
    assert "Input/output error" in picture.error


def test_the_first_slice_with_contrast_chooses_the_window(dataset: Any, layer: Any) -> None:
    voxels = np.zeros((8, 8, 3), np.uint16)
    voxels[:, :, 1] = np.linspace(1000, 3000, 64).reshape(8, 8)
    state = ViewerState(dataset(color=layer(voxels)))
    look = state.layers["color"]
    for depth, expected in ((0, False), (1, True)):
        state.pictures(Region(Plane.XY, BoundingBox((0, 0, depth), (8, 8, 1)), 1.0), ["color"])
        assert (look.window is not None) is expected
    assert 1000 <= look.window[0] < look.window[1] <= 3000


def test_automatic_contrast_goes_by_what_is_visible(state: ViewerState, gray: Any) -> None:
    state.layers["color"].window = (0.0, 255.0)
    state.auto_contrast("color")
    low, high = state.layers["color"].window
    assert gray.min() <= low < 30
    assert 210 < high <= gray.max()


def test_the_histogram_counts_what_is_visible(state: ViewerState) -> None:
    found = state.histogram("color")
    assert found is not None
    assert found.counts.sum() == 64 * 48


def test_where_nothing_can_be_read_there_is_no_histogram(state: ViewerState, tissue: Any) -> None:
    tissue.layers["color"].damaged = {8}
    assert state.histogram("color") is None
    state.auto_contrast("color")


def test_a_view_from_the_browser_is_taken_over_in_fractions(state: ViewerState) -> None:
    assert state.look_from(from_browser(center=[10.25, 20.75, 3.5], plane="YZ", zoom=0.5))
    assert (state.position, state.plane, state.zoom) == ((10, 20, 3), "YZ", 0.5)
    assert state.center == (10.25, 20.75, 3.5)


def test_a_view_from_outside_is_taken_over_as_near_as_it_gets(state: ViewerState) -> None:
    assert not state.look_from(from_browser(center=[1e9, 20.0, 3.5]))
    assert state.position == (63, 20, 3)


def test_setting_the_voxel_one_is_in_keeps_the_fraction(state: ViewerState) -> None:
    state.look_from(from_browser(center=[10.25, 20.75, 3.5]))
    state.position = (10, 20, 3)
    assert state.center == (10.25, 20.75, 3.5)


def test_a_view_can_be_stored_and_opened_again(state: ViewerState, tissue: Any) -> None:
    state.position, state.zoom = (9, 8, 7), 0.5
    state.layers["color"].window = (30.0, 90.0)
    state.layers["segmentation"].visible = False
    again = ViewerState(tissue, state.view_configuration())
    assert (again.position, again.zoom) == ((9, 8, 7), 0.5)
    assert again.layers["color"].window == (30.0, 90.0)
    assert not again.layers["segmentation"].visible


def test_in_four_panes_the_whole_volume_fits_in_each_plane(state: ViewerState) -> None:
    zooms = []
    for plane in Plane:
        state.plane = str(plane)
        zooms.append(state.view.zoom)
    state.panes = 4
    assert state.view.zoom == max(zooms)


def test_a_segment_is_hidden_chosen_and_forgotten(state: ViewerState) -> None:
    layer = state.layers["segmentation"]
    layer.hide_segment(3)
    layer.color_segment(3, (1, 2, 3))
    assert layer.look().segments.hidden == {3}
    layer.select_segment(3)
    assert layer.look(selective=True).segments.only == {3}
    assert layer.look().segments.hidden == frozenset()
    layer.forget_segment(3)
    assert layer.look(selective=True).segments.only == frozenset()
    assert layer.look().segments.colors == {}


def test_without_a_voxel_size_voxels_are_cubes_without_units(tissue: Any) -> None:
    tissue.voxel_size = None
    state = ViewerState(tissue)
    state.physical = True
    assert not state.physical
    assert state.voxel_size.factor == (1, 1, 1)


def test_an_empty_dataset_can_be_looked_at(dataset: Any) -> None:
    state = ViewerState(dataset())
    assert state.box.is_empty
    assert state.pictures(state.region, []) == []


def test_it_is_busy_until_the_last_of_several_threads_has_read(state: ViewerState, tissue: Any) -> None:
    entered, leave = threading.Semaphore(0), threading.Event()
    read: Callable[..., Any] = tissue.layers["color"].read

    def slow(*args: Any, **others: Any) -> Any:
        entered.release()
        leave.wait(10)
        return read(*args, **others)

    tissue.layers["color"].read = slow
    threads = [threading.Thread(target=state.pictures, args=(state.region, ["color"])) for _ in range(3)]
    for thread in threads:
        thread.start()
    for _ in threads:
        entered.acquire(timeout=10)
    assert state.busy
    leave.set()
    for thread in threads:
        thread.join(10)
    assert not state.busy


def test_several_threads_may_move_it_at_once(state: ViewerState) -> None:
    def move(start: int) -> None:
        for step in range(100):
            state.look_from(from_browser(center=[start + 0.5, step % 48 + 0.5, 3.5]))

    threads = [threading.Thread(target=move, args=(start,)) for start in (3, 30, 60)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert state.position == tuple(int(at) for at in state.center)
    assert state.position[1] == 99 % 48
