"""The tabs' widgets follow the state, and the state follows them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ipywidgets as widgets
import pytest
from ipywidgets.widgets.widget import _instances

from voxshelf.testing.folders import write_dataset
from voxshelf.widgets.data_fields import VoxelSizeControl
from voxshelf.widgets.edit_tabs import EditTabs
from voxshelf.widgets.edit_tabs.appearance_view import AppearanceForm
from voxshelf.widgets.edit_tabs.data_view import DataForm
from voxshelf.widgets.edit_tabs.details_view import DetailsForm
from voxshelf.widgets.edit_tabs.history_view import HistoryList
from voxshelf.widgets.edit_tabs.view_row import ViewRow
from voxshelf.widgets.sharing_links import SharingLinks
from voxshelf.widgets.theme import JsonEditor

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from voxshelf.store import LocalDatasetStore
    from voxshelf.widgets.edit_tabs import EditTabsState

KEY = "lab/cells"


@pytest.fixture
def tabs(lab: LocalDatasetStore, state: EditTabsState) -> Iterator[EditTabs]:
    tabs = EditTabs(lab, KEY, state=state)
    yield tabs
    tabs.close()


@pytest.fixture
def page(tabs: EditTabs, parts: Callable[..., list[Any]]) -> Callable[[int], Any]:
    """Opens a tab and returns its form."""

    def open_page(number: int) -> Any:
        tabs.state.tab = number
        return tabs._pages[number].children[0]

    return open_page


@pytest.fixture
def shown(parts: Callable[..., list[Any]]) -> Callable[[Any], str]:
    return lambda widget: " ".join(html.value for html in parts(widget, widgets.HTML))


@pytest.fixture
def button(parts: Callable[..., list[Any]]) -> Callable[[Any, str], Any]:
    return lambda widget, name: next(
        each for each in parts(widget, widgets.Button) if each.description == name
    )


def test_a_tab_is_made_when_it_is_opened(tabs: EditTabs, page: Callable[[int], Any]) -> None:
    assert [len(each.children) for each in tabs._pages] == [1, 0, 0, 0, 0]
    kinds = [type(page(number)) for number in range(5)]
    assert kinds == [DataForm, DetailsForm, AppearanceForm, SharingLinks, HistoryList]


def test_nothing_is_left_of_closed_tabs(lab: LocalDatasetStore) -> None:
    before = set(_instances)
    tabs = EditTabs(lab, KEY)
    for number in range(5):
        tabs.state.tab = number
    assert tabs.state.aside.wait()
    tabs.close()
    left = [each for name, each in _instances.items() if name not in before]
    assert [each for each in left if isinstance(each, widgets.DOMWidget)] == []
    tabs.close()  # as ipywidgets does once more when it is forgotten


def test_a_tab_with_unsaved_edits_is_marked(tabs: EditTabs) -> None:
    tabs.state.edits.details.display_name = "Cells"
    assert tabs._tabs.titles[1] == "General ●"
    assert tabs.unsaved == (("General", ("Display name",)),)
    tabs.state.edits.details.save()
    assert tabs._tabs.titles[1] == "General"


def test_changing_tabs_loses_nothing(
    tabs: EditTabs, page: Callable[[int], Any], parts: Any, front_end: Any
) -> None:
    name = parts(page(1), widgets.Text)[0]
    front_end(name).state(value="Cells")
    page(0)
    assert parts(page(1), widgets.Text)[0].value == "Cells"


def test_another_dataset_shows_other_forms_and_names_what_is_kept(
    tabs: EditTabs, page: Callable[[int], Any], shown: Callable[[Any], str], button: Any
) -> None:
    tabs.state.edits.details.display_name = "Cells"
    tabs.key = "lab/plain"
    assert "Unsaved</span> in <b>lab/cells</b> – General: Display name" in shown(tabs)
    button(tabs, "Go back").click()
    assert tabs.key == KEY
    assert "Unsaved</span> in" not in shown(tabs)


def test_forms_of_another_dataset_let_go_of_what_is_kept(tabs: EditTabs, page: Callable[[int], Any]) -> None:
    form = page(1)
    tabs.state.edits.details.display_name = "Cells"
    kept = tabs.state.edits.details
    tabs.key = "lab/plain"
    kept.display_name = "More cells"
    assert form.comm is None
    assert form._controls["display_name"].value == "Cells"


def test_a_dataset_that_cannot_be_reached_says_so_with_the_way_back(
    lab: LocalDatasetStore, states: Any, shown: Callable[[Any], str], button: Any, folder: Path
) -> None:
    tabs = EditTabs(lab, "lab/late", state=states(lab, "lab/late"))
    assert "lab/late is gone, or you may no longer see it." in shown(tabs)
    write_dataset(folder.parents[1], "lab/late")
    lab.refresh()
    button(tabs, "Look again").click()
    assert tabs._lost.children[0].layout.display == "none"
    assert tabs.state.edits.data.layers[0].name == "color"
    tabs.close()


def test_the_voxel_size_is_edited_and_saved(
    page: Callable[[int], Any], parts: Any, front_end: Any, button: Any, lab: LocalDatasetStore
) -> None:
    form = page(0)
    edges = parts(parts(form, VoxelSizeControl)[0], widgets.Text)
    front_end(edges[0]).state(value="10")
    button(form, "Save").click()
    assert lab.data_source(KEY).voxel_size.factor == (10, 11.24, 28)


def test_removing_a_layer_takes_its_box_away(page: Callable[[int], Any], shown: Any, button: Any) -> None:
    form = page(0)
    assert "<b>color</b>" in shown(form)
    button(form, "Remove").click()
    assert "<b>color</b>" not in shown(form)


def test_what_the_numbers_of_the_box_are_and_what_may_stay_empty_is_said(
    tabs: EditTabs, page: Callable[[int], Any], shown: Any
) -> None:
    form = page(0)
    assert shown(form).count("x, y, z of the first voxel, then width, height, depth") == 2
    tabs.state.edits.data.layer("segmentation").fields["largest_segment_id"].text = ""
    assert "Optional. Left empty" in shown(form)
    tabs.state.edits.data.layer("segmentation").fields["largest_segment_id"].text = "7"
    assert "Optional. Left empty" not in shown(form)


def test_all_layers_are_tightened_at_once(tabs: EditTabs, page: Callable[[int], Any], button: Any) -> None:
    form, layers = page(0), tabs.state.edits.data.layers
    before = [layer.bounding_box.value for layer in layers]
    for layer in layers:
        layer.bounding_box.text = "0,0,0,4096,4096,4096"
    button(form, "Tighten all").click()
    after = [layer.bounding_box.value for layer in layers]
    assert all(box.contains(small) for box, small in zip(before, after, strict=True))


def test_an_error_of_a_layer_stands_at_its_field_escaped(
    tabs: EditTabs, page: Callable[[int], Any], shown: Any
) -> None:
    form = page(0)
    tabs.state.edits.data.layer("color").bounding_box.text = "<b>1</b>"
    assert "is not a bounding box" in shown(form)
    assert "<b>1</b>" not in shown(form)


def test_the_json_is_shown_in_place_of_the_fields(
    tabs: EditTabs, page: Callable[[int], Any], shown: Any
) -> None:
    form = page(0)
    form._mode.value = "Advanced"
    assert (form._simple.layout.display, form._advanced.layout.display) == ("none", None)
    form._json.value = form._json.value.replace('"width": 32', '"width": -1', 1)
    assert "<b>Line" in shown(form)


def test_choices_are_written_in_words(page: Callable[[int], Any], parts: Any) -> None:
    offered = [label for choice in parts(page(2), widgets.Dropdown) for label, _ in choice.options]
    assert "best quality first" in offered
    assert not any("_" in label for label in offered)


def test_the_description_is_previewed_without_what_could_harm(
    page: Callable[[int], Any], tabs: EditTabs
) -> None:
    form = page(1)
    tabs.state.edits.details.description = "**bold** <script>alert(1)</script>"
    assert "<strong>bold</strong>" in form._preview.value
    assert "<script" not in form._preview.value


def test_metadata_is_added_typed_and_removed(
    page: Callable[[int], Any], tabs: EditTabs, parts: Any, front_end: Any, button: Any
) -> None:
    form = page(1)
    button(form, "Add").click()
    line = next(iter(form._controls["metadata"]._lines.values()))
    front_end(line.children[0]).state(value="species")
    front_end(line.children[2]).state(value="mouse")
    assert tabs.state.edits.details.draft.mine["metadata"][0]["value"] == "mouse"
    line.children[3].click()
    assert tabs.state.edits.details.rows == ()


def test_a_folder_that_is_new_is_announced(page: Callable[[int], Any], tabs: EditTabs, shown: Any) -> None:
    form = page(1)
    tabs.state.edits.details.folder = "New"
    assert "it is made when you save" in shown(form)


def test_there_is_a_row_for_every_key_of_the_dataset_and_of_the_chosen_layer(
    page: Callable[[int], Any], parts: Any
) -> None:
    rows = parts(page(2), ViewRow)
    assert len([row for row in rows if len(row._field.place) == 1]) == 12
    assert {row._field.place[1] for row in rows if len(row._field.place) == 3} == {"color"}


def test_a_key_that_the_viewer_does_not_use_says_so_beside_its_field(
    page: Callable[[int], Any], parts: Any, shown: Any
) -> None:
    rows = {row._field.key.key: shown(row) for row in parts(page(2), ViewRow)}
    assert "this viewer does not use it: it always shows the exact values." in rows["fourBit"]
    assert "this viewer does not use it" not in rows["interpolation"]


def test_another_layer_can_be_chosen(page: Callable[[int], Any], parts: Any, front_end: Any) -> None:
    form = page(2)
    front_end(form._layer).state(index=1)
    assert {row._field.place[1] for row in parts(form, ViewRow) if len(row._field.place) == 3} == {
        "segmentation"
    }


def test_a_switch_of_the_view_is_chosen_and_reset(
    page: Callable[[int], Any], tabs: EditTabs, parts: Any, front_end: Any, shown: Any, button: Any
) -> None:
    row = next(row for row in parts(page(2), ViewRow) if row._field.key.key == "interpolation")
    front_end(row.control).state(index=0)
    assert tabs.state.edits.appearance.draft.mine == {"interpolation": True}
    assert "Edit View" in shown(row)
    assert "Overrides the built-in false." in shown(row)
    button(row, "Reset").click()
    assert tabs.state.edits.appearance.draft.mine == {}
    assert row.control.value == "false"


def test_the_current_view_is_offered_only_with_a_viewer(
    page: Callable[[int], Any], tabs: EditTabs, button: Any
) -> None:
    form = page(2)
    assert button(form, "Use current view").layout.display == "none"
    tabs.viewer = object()
    assert button(form, "Use current view").layout.display is None


def test_applying_to_a_folder_asks_before(
    page: Callable[[int], Any], lab: LocalDatasetStore, shown: Any, button: Any
) -> None:
    lab.people.add_folder("Shelf", organization="lab")
    lab.update_details("lab/plain", folder="Shelf")
    form = page(2)
    button(form, "Apply to folder").click()
    assert "Give all datasets of <b>Shelf</b>" in shown(form)
    button(form, "Apply").click()
    assert "of Shelf changed" in shown(form)


def test_an_edit_is_undone_from_its_row(
    page: Callable[[int], Any], tabs: EditTabs, button: Any, shown: Any, lab: LocalDatasetStore
) -> None:
    tabs.state.edits.details.display_name = "Cells"
    tabs.state.edits.details.save()
    form = page(4)
    assert "<b>Display name</b>: <del><i>nothing</i></del> → <ins>Cells</ins>" in shown(form)
    button(form, "Undo").click()
    assert lab.record(KEY).display_name == ""
    assert button(form, "Undone").disabled


def test_a_history_without_edits_says_so(page: Callable[[int], Any], shown: Any) -> None:
    assert "Nothing has been edited yet." in shown(page(4))


def test_whoever_may_only_look_gets_everything_disabled_with_the_reason(
    lab: LocalDatasetStore, states: Any, parts: Any, shown: Any
) -> None:
    lab.update_permissions(KEY, is_public=True)
    mia = lab.acting_as("lab/mia")
    tabs = EditTabs(mia, KEY, state=states(mia))
    for number in range(3):
        tabs.state.tab = number
    for number in range(3):
        form = tabs._pages[number]
        assert "mia may not edit lab/cells" in shown(form)
        assert all(text.disabled for text in parts(form, widgets.Text))
        assert all(text.disabled for text in parts(form, widgets.Textarea))
        assert all(editor.disabled for editor in parts(form, JsonEditor))
    tabs.close()
