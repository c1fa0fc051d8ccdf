"""An open viewer follows its dataset: against a real store, which somebody else changes."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import ipywidgets as widgets
import pytest

from voxshelf.errors import NotAllowedError
from voxshelf.model import BoundingBox, LayerViewConfiguration, Mag, VoxelSize
from voxshelf.store import LocalDatasetStore
from voxshelf.testing.folders import write_dataset
from voxshelf.widgets.slice_viewer import SliceViewer
from voxshelf.widgets.theme import Message

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

KEY = "lab/cells"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[LocalDatasetStore]:
    write_dataset(tmp_path, KEY, layers={"color": "uint8", "segmentation": "uint32"})
    with LocalDatasetStore(tmp_path, user="me") as store:
        store.refresh()
        people = store.people
        people.add_user("ada", is_admin=True, organization="lab")
        people.add_team("imaging", organization="lab")
        people.add_user("mia", teams=["imaging"], organization="lab")
        store.update_permissions(KEY, teams=["imaging"])
        yield store


@pytest.fixture
def open_viewer(at_once: Any) -> Iterator[Callable[..., SliceViewer]]:
    """Opens the dataset in a viewer that follows a store, without threads."""
    made: list[SliceViewer] = []

    def open_it(store: Any) -> SliceViewer:
        configuration = store.view_configuration(KEY)
        made.append(SliceViewer(store[KEY], configuration))
        made[-1].follow(store, KEY, seen=configuration, aside=at_once)
        return made[-1]

    yield open_it
    for viewer in made:
        viewer.close()


@pytest.fixture
def viewer(store: LocalDatasetStore, open_viewer: Any) -> SliceViewer:
    opened: SliceViewer = open_viewer(store)
    return opened


# -- how it appears ------------------------------------------------------------------------------


def test_a_new_default_reaches_an_open_viewer(store: LocalDatasetStore, viewer: SliceViewer) -> None:
    store.update_view_configuration(
        KEY,
        {
            "interpolation": True,
            "blendMode": "Cover",
            "segmentationPatternOpacity": 5,
            "layers": {
                "color": {"color": [255, 0, 0], "intensityRange": [10, 20]},
                "segmentation": {"isDisabled": True},
            },
        },
    )
    assert (viewer.interpolation, viewer.blend_mode, viewer.segmentation_pattern_opacity) == (
        True,
        "Cover",
        5,
    )
    assert (viewer.layers["color"].color, viewer.layers["color"].window) == ((255, 0, 0), (10, 20))
    assert not viewer.layers["segmentation"].visible


def test_a_new_default_in_the_json_file_reaches_it_too(store: LocalDatasetStore, viewer: SliceViewer) -> None:
    source = store.data_source(KEY)
    store.update_data_source(
        KEY, source.changed_layer("color", default_view_configuration={"alpha": 33, "isInverted": True})
    )
    assert (viewer.layers["color"].alpha, viewer.layers["color"].inverted) == (33, True)


def test_where_one_looks_stays_when_the_default_position_changes(
    store: LocalDatasetStore, viewer: SliceViewer
) -> None:
    before = (viewer.position, viewer.zoom, viewer.rotation)
    store.update_view_configuration(KEY, {"position": [1, 2, 3], "zoom": 4, "rotation": [1, 0, 0]})
    store.update_view_configuration(KEY, {"interpolation": True})
    assert (viewer.position, viewer.zoom, viewer.rotation) == before
    assert viewer.interpolation


def test_what_one_chose_for_oneself_wins_over_a_new_default(
    store: LocalDatasetStore, viewer: SliceViewer
) -> None:
    viewer.layers["color"].alpha = 80.0
    store.update_view_configuration(KEY, {"interpolation": True, "layers": {"color": {"alpha": 10}}})
    assert (viewer.layers["color"].alpha, viewer.interpolation) == (80.0, True)


def test_what_a_visitor_chose_wins_although_it_is_stored_nowhere(
    store: LocalDatasetStore, open_viewer: Any
) -> None:
    viewer = open_viewer(store.with_link(store.create_link(KEY).token))
    viewer.layers["color"].alpha = 80.0
    store.update_view_configuration(KEY, {"interpolation": True, "layers": {"color": {"alpha": 10}}})
    assert (viewer.layers["color"].alpha, viewer.interpolation) == (80.0, True)


def test_what_is_being_dragged_is_left_alone(store: LocalDatasetStore, viewer: SliceViewer) -> None:
    waiting: list[Any] = []

    class Slow:
        """Stores later, looks at once."""

        def run(self, slot: str, call: Any, *, delay: float = 0.0) -> None:
            waiting.append(call) if delay else call()

    viewer.follow(store, KEY, seen=store.view_configuration(KEY), aside=Slow())
    viewer.layers["color"].alpha = 55.0
    store.update_view_configuration(KEY, {"layers": {"color": {"alpha": 10}, "segmentation": {"alpha": 11}}})
    assert (viewer.layers["color"].alpha, viewer.layers["segmentation"].alpha) == (55.0, 11.0)
    waiting[-1]()
    assert store.view_levels(KEY).user == {"layers": {"color": {"alpha": 55}}}


def test_who_moves_on_while_the_last_value_is_stored_is_not_pulled_back(
    store: LocalDatasetStore, viewer: SliceViewer
) -> None:
    layer = viewer.layers["color"]

    class Later:
        """Asks the store when the person has moved on."""

        def __init__(self) -> None:
            self.calls: list[Any] = []

        def run(self, slot: str, call: Any, *, delay: float = 0.0) -> None:
            self.calls.append(call)

    aside = Later()
    viewer.follow(store, KEY, seen=store.view_configuration(KEY), aside=aside)  # type: ignore[arg-type]
    layer.alpha = 55.0
    save = aside.calls[-1]
    save()
    look = aside.calls[-1]
    assert look is not save
    with viewer._quietly():
        layer.alpha = 60.0
    look()
    assert layer.alpha == 60.0


def test_what_was_taken_over_is_neither_an_edit_nor_stored_as_ones_own(
    store: LocalDatasetStore, viewer: SliceViewer
) -> None:
    store.update_view_configuration(KEY, {"interpolation": True, "layers": {"color": {"alpha": 10}}})
    assert viewer.edits == 0
    viewer.render_missing_data_black = True
    assert store.view_levels(KEY).user == {"renderMissingDataBlack": True}


def test_two_windows_of_one_person_follow_each_other(store: LocalDatasetStore, open_viewer: Any) -> None:
    mia = store.acting_as("lab/mia")
    one, other = open_viewer(mia), open_viewer(mia)
    one.layers["segmentation"].alpha = 66.0
    assert other.layers["segmentation"].alpha == 66.0
    other.layers["segmentation"].alpha = 44.0
    assert one.layers["segmentation"].alpha == 44.0
    assert (one.edits, other.edits) == (1, 1)


def test_somebody_elses_own_settings_stay_theirs(store: LocalDatasetStore, open_viewer: Any) -> None:
    mia, ada = open_viewer(store.acting_as("lab/mia")), open_viewer(store.acting_as("lab/ada"))
    mia.layers["color"].alpha = 12.0
    assert ada.layers["color"].alpha == 100.0


def test_giving_up_ones_own_settings_shows_the_defaults_again(
    store: LocalDatasetStore, viewer: SliceViewer
) -> None:
    store.update_view_configuration(KEY, {"layers": {"color": {"alpha": 10}}})
    viewer.layers["color"].alpha = 80.0
    store.reset_view_configuration(KEY, to="dataset")
    assert viewer.layers["color"].alpha == 10.0


def test_an_intensity_range_that_nobody_sets_any_more_is_chosen_by_the_picture(
    store: LocalDatasetStore, viewer: SliceViewer
) -> None:
    viewer.screen = (64, 64)
    viewer.auto_contrast("color")
    chosen = viewer.layers["color"].window
    store.update_view_configuration(KEY, {"layers": {"color": {"intensityRange": [1, 2]}}})
    assert viewer.layers["color"].window == (1, 2)
    store.reset_view_configuration(KEY)
    assert viewer.layers["color"].window == chosen
    assert store.view_levels(KEY).user == {}


def test_a_viewer_of_a_stores_dataset_begins_as_the_store_says_and_follows_by_itself(
    store: LocalDatasetStore,
) -> None:
    store.update_view_configuration(KEY, {"zoom": 2, "blendMode": "Cover"})
    viewer = SliceViewer(store[KEY])
    changed = threading.Event()
    viewer.observe(lambda _: changed.set(), "interpolation")
    assert (viewer.zoom, viewer.blend_mode) == (2, "Cover")
    store.update_view_configuration(KEY, {"interpolation": True})
    assert changed.wait(10)
    viewer.layers["color"].alpha = 70.0
    viewer.close()
    assert store.view_levels(KEY).user["layers"] == {"color": {"alpha": 70}}


def test_nothing_is_followed_after_the_end(store: LocalDatasetStore, viewer: SliceViewer) -> None:
    viewer.let_go()
    store.update_view_configuration(KEY, {"interpolation": True})
    assert not viewer.interpolation


# -- what it is ------------------------------------------------------------------------------------


def test_a_voxel_size_changed_elsewhere_is_taken_over_and_told(
    store: LocalDatasetStore, viewer: SliceViewer
) -> None:
    viewer.position, viewer.zoom = (3, 4, 5), 0.5
    store.update_data_source(KEY, store.data_source(KEY).with_voxel_size((5, 5, 50)))
    assert viewer.voxel_size == VoxelSize((5, 5, 50))
    assert viewer.driver.source["voxelSize"] == [5, 5, 50]
    assert (viewer.position, viewer.zoom) == ((3, 4, 5), 0.5)
    assert viewer.news.text == "The dataset has changed; taken over: voxel size."


@pytest.mark.parametrize(
    ("trait", "value"), [("position", (3, 4, 6)), ("zoom", 0.25), ("plane", "XZ"), ("panes", 4)]
)
def test_what_was_taken_over_is_said_until_one_goes_on(
    store: LocalDatasetStore, viewer: SliceViewer, trait: str, value: Any
) -> None:
    viewer.position, viewer.zoom = (3, 4, 5), 0.5
    store.update_data_source(KEY, store.data_source(KEY).with_voxel_size((5, 5, 50)))
    assert viewer.news.text
    setattr(viewer, trait, value)
    assert not viewer.news.text


def test_what_is_wrong_stays_when_one_goes_on(viewer: SliceViewer) -> None:
    viewer.news = Message("It is gone.", "warning")
    viewer.position = (3, 4, 6)
    assert viewer.news.text == "It is gone."


def test_a_layer_added_elsewhere_is_shown_as_the_store_says(
    store: LocalDatasetStore, viewer: SliceViewer
) -> None:
    source = store.data_source(KEY)
    store.update_data_source(KEY, source.without_layer("segmentation"))
    assert list(viewer.layers) == ["color"]
    assert "layer segmentation removed" in viewer.news.text
    store.update_data_source(KEY, source)
    assert list(viewer.layers) == ["color", "segmentation"]
    assert [look["name"] for look in viewer.driver.looks] == ["color", "segmentation"]
    before = viewer.edits
    viewer.layers["segmentation"].alpha = 9.0
    assert viewer.edits == before + 1
    assert viewer.driver.looks[1]["alpha"] == 9.0


def test_a_renamed_layer_keeps_its_look(store: LocalDatasetStore, viewer: SliceViewer) -> None:
    viewer.layers["color"].alpha = 30.0
    viewer.layers["color"].channel = 0
    look = viewer.layers["color"]
    store.update_data_source(KEY, store.data_source(KEY).renamed_layer("color", "em"))
    assert viewer.layers["em"] is look
    assert (viewer.layers["em"].alpha, viewer.active) == (30.0, "em")
    assert viewer.news.text == "The dataset has changed; taken over: layer color is now em."
    assert viewer.read("em").shape[2] == 1


def test_a_smaller_bounding_box_keeps_one_within_it(store: LocalDatasetStore, viewer: SliceViewer) -> None:
    viewer.position = (30, 30, 30)
    source = store.data_source(KEY)
    small = BoundingBox((0, 0, 0), (8, 8, 8))
    for name in ("color", "segmentation"):
        source = source.changed_layer(name, bounding_box=small)
    store.update_data_source(KEY, source)
    assert viewer.bounding_box == small
    assert viewer.position == (7, 7, 7)


def test_mags_made_elsewhere_are_read(store: LocalDatasetStore, viewer: SliceViewer) -> None:
    store[KEY]["color"].downsample()
    store.refresh()
    assert len(viewer.layers["color"].layer.mags) > 1
    assert viewer.plan_for(
        "color", viewer.view.__class__(viewer.view.plane, viewer.center, 8.0, (64, 64))
    ).mag > Mag(1)


def test_the_old_parts_hear_nothing_any_more(store: LocalDatasetStore, viewer: SliceViewer) -> None:
    panel, driver = viewer.panel, viewer.driver
    store.update_data_source(KEY, store.data_source(KEY).with_voxel_size((5, 5, 50)))
    viewer.layers["color"].gamma = 2.0
    assert panel is not viewer.panel
    assert panel._gamma.value == 1.0
    assert viewer.panel._gamma.value == 2.0
    assert driver.comm is None


def test_a_dataset_that_breaks_elsewhere_leaves_the_picture_and_says_so(
    store: LocalDatasetStore, viewer: SliceViewer
) -> None:
    document = store.root / KEY / "datasource-properties.json"
    whole = document.read_text(encoding="utf-8")
    document.write_text(whole[:-20], encoding="utf-8")
    store.refresh()
    assert viewer.news.tone == "warning"
    assert list(viewer.layers) == ["color", "segmentation"]
    document.write_text(whole, encoding="utf-8")
    store.refresh()
    assert viewer.news.text == ""


def test_a_dataset_that_was_deleted_is_told(store: LocalDatasetStore, viewer: SliceViewer) -> None:
    store.delete(KEY)
    assert viewer.news.text == "lab/cells is in the trash."


def test_a_layer_of_another_kind_under_the_same_name_begins_anew(tissue: Any, layer: Any, ids: Any) -> None:
    viewer = SliceViewer(tissue)
    viewer.layers["color"].alpha = 30.0
    tissue.layers = {"color": layer(ids, "segmentation")}
    viewer.take_over(tissue)
    assert viewer.layers["color"].alpha == 20.0
    assert viewer.layers["color"].configuration() == LayerViewConfiguration(alpha=20, is_disabled=False)


def test_a_change_made_through_the_very_handle_that_is_shown_is_taken_over(
    store: LocalDatasetStore, viewer: SliceViewer
) -> None:
    viewer.dataset.voxel_size = VoxelSize((7, 7, 70))
    store.refresh()
    assert viewer.driver.source["voxelSize"] == [7, 7, 70]


# -- the default -----------------------------------------------------------------------------------


def test_going_to_the_default_shows_what_everybody_sees_and_forgets_ones_own(
    store: LocalDatasetStore, viewer: SliceViewer
) -> None:
    store.update_view_configuration(
        KEY, {"position": [1, 2, 3], "zoom": 0.25, "layers": {"color": {"alpha": 10}}}
    )
    viewer.position, viewer.zoom = (20, 20, 20), 3.0
    viewer.layers["color"].alpha, viewer.blend_mode = 80.0, "Cover"
    viewer.go_to_default()
    assert (viewer.position, viewer.zoom, viewer.blend_mode) == ((1, 2, 3), 0.25, "Additive")
    assert viewer.layers["color"].alpha == 10.0
    assert store.view_levels(KEY).user == {}


def test_without_a_store_the_default_is_the_one_of_the_json(tissue: Any) -> None:
    tissue.default_view_configuration = {"zoom": 0.5}
    viewer = SliceViewer(tissue)
    viewer.zoom, viewer.position, viewer.layers["color"].alpha = 3.0, (1, 1, 1), 5.0
    viewer.go_to_default()
    assert (viewer.zoom, viewer.position, viewer.layers["color"].alpha) == (0.5, (32, 24, 8), 100.0)
    assert viewer.layers["color"].window is not None


def test_what_is_shown_becomes_the_default_of_everybody(store: LocalDatasetStore, open_viewer: Any) -> None:
    viewer, mias = open_viewer(store), open_viewer(store.acting_as("lab/mia"))
    store.update_view_configuration(KEY, {"fourBit": True, "interpolation": True})
    viewer.layers["color"].alpha, viewer.interpolation = 25.0, False
    viewer.make_default()
    kept = store.view_levels(KEY).dataset
    assert kept["layers"] == {"color": {"alpha": 25}}
    assert {"fourBit", "position", "zoom"} <= kept.keys()
    assert not {"interpolation", "blendMode"} & kept.keys()
    assert mias.layers["color"].alpha == 25.0


def test_whoever_may_not_edit_is_not_offered_to_make_a_default(
    store: LocalDatasetStore, open_viewer: Any, parts: Any
) -> None:
    def offers(viewer: SliceViewer) -> bool:
        buttons = parts(viewer, widgets.Button)
        return any(b.description == "Make default …" and b.layout.display != "none" for b in buttons)

    assert offers(open_viewer(store))
    mias = open_viewer(store.acting_as("lab/mia"))
    assert not offers(mias)
    with pytest.raises(NotAllowedError):
        mias.make_default()


def test_making_a_default_asks_before_and_says_that_it_can_be_taken_back(
    store: LocalDatasetStore, open_viewer: Any, parts: Any
) -> None:
    viewer = open_viewer(store)
    viewer.interpolation = True
    buttons = {b.description: b for b in parts(viewer, widgets.Button)}
    buttons["Make default …"].click()
    assert store.view_levels(KEY).dataset == {}
    buttons["Make default"].click()
    assert store.view_levels(KEY).dataset["interpolation"] is True
    assert "History takes it back" in viewer.news.text


def test_a_default_that_cannot_be_stored_is_told(
    store: LocalDatasetStore, open_viewer: Any, parts: Any
) -> None:
    ada = store.acting_as("lab/ada")
    viewer = open_viewer(ada)
    store.people.add_user("bea", is_admin=True, organization="lab")
    store.people.update_user("ada", is_admin=False, organization="lab")
    {b.description: b for b in parts(viewer, widgets.Button)}["Make default"].click()
    assert viewer.news.tone == "error"
    assert store.view_levels(KEY).dataset == {}
