"""The View configuration tab's logic against a real store."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from voxshelf.model import ViewLevel, view_reference
from voxshelf.testing.folders import properties, write_properties
from voxshelf.widgets.slice_viewer import SliceViewer
from voxshelf.widgets.theme import line_of

if TYPE_CHECKING:
    from pathlib import Path

    from voxshelf.store import LocalDatasetStore
    from voxshelf.widgets.edit_tabs import DatasetEdits
    from voxshelf.widgets.edit_tabs.appearance import AppearanceSection

KEY = "lab/cells"
ALPHA = ("layers", "segmentation", "alpha")


@pytest.fixture
def looks(edits: DatasetEdits) -> AppearanceSection:
    return edits.appearance


@pytest.fixture
def with_file(lab: LocalDatasetStore, folder: Path) -> LocalDatasetStore:
    """The store whose JSON file already says something about how the dataset appears."""
    layers = {"color": "uint8", "segmentation": "uint32"}
    default = {"zoom": 3, "layers": {"segmentation": {"alpha": 35}}}
    write_properties(folder, properties(layers, defaultViewConfiguration=default))
    lab.refresh()
    return lab


def stored(lab: LocalDatasetStore) -> dict[str, Any]:
    return lab.view_levels(KEY).dataset


def test_there_is_a_field_for_every_key(looks: AppearanceSection) -> None:
    keys = {key.key for key in view_reference() if key.key != "layers"}
    assert {place[-1] for place in looks.fields} == keys


def test_a_key_without_meaning_for_a_layer_has_no_field_there(looks: AppearanceSection) -> None:
    assert ("layers", "segmentation", "intensityRange") not in looks.fields
    assert ("layers", "color", "mapping") not in looks.fields


def test_built_in_values_are_shown_with_their_origin(looks: AppearanceSection) -> None:
    field = looks.field(*ALPHA)
    assert (field.text, field.origin, field.is_set) == ("20", ViewLevel.BUILT_IN, False)


def test_values_of_the_file_are_shown_with_their_origin(
    with_file: LocalDatasetStore, looks: AppearanceSection
) -> None:
    field = looks.field(*ALPHA)
    assert (field.text, field.origin, field.note) == ("35", ViewLevel.FILE, "Overrides the built-in 20.")


def test_an_edited_value_is_stored_and_says_what_it_overrides(
    with_file: LocalDatasetStore, looks: AppearanceSection
) -> None:
    looks.field(*ALPHA).text = "60"
    assert looks.unsaved == ("segmentation › Opacity",)
    looks.save()
    assert stored(with_file) == {"layers": {"segmentation": {"alpha": 60}}}
    field = looks.field(*ALPHA)
    assert (field.origin, field.note) == (ViewLevel.DATASET, "Overrides the file's 35.")


def test_what_is_stored_stays_partial(looks: AppearanceSection, lab: LocalDatasetStore) -> None:
    looks.field("zoom").text = "2"
    looks.save()
    assert stored(lab) == {"zoom": 2}


def test_reset_lets_the_level_below_decide(with_file: LocalDatasetStore, looks: AppearanceSection) -> None:
    looks.field("zoom").text = "2"
    looks.save()
    looks.reset(("zoom",))
    assert (looks.field("zoom").text, looks.field("zoom").origin) == ("3", ViewLevel.FILE)
    looks.save()
    assert stored(with_file) == {}


def test_an_emptied_field_lets_the_level_below_decide_and_stays_empty(
    with_file: LocalDatasetStore, looks: AppearanceSection
) -> None:
    looks.field("zoom").text = "2"
    looks.field("zoom").text = ""
    field = looks.field("zoom")
    assert (field.text, field.inherited, field.is_set) == ("", "3", False)
    assert looks.unsaved == ()


def test_a_value_out_of_range_is_said_at_its_field_and_hinders_saving(looks: AppearanceSection) -> None:
    looks.field(*ALPHA).text = "500"
    assert looks.hindrances == ((ALPHA, "alpha must be a number from 0 to 100, but is 500."),)
    assert not looks.can_save


def test_resetting_takes_a_wrong_value_away(looks: AppearanceSection) -> None:
    looks.field(*ALPHA).text = "500"
    looks.reset(ALPHA)
    assert (looks.field(*ALPHA).text, looks.hindrances) == ("20", ())


def test_everything_is_reset_at_once(looks: AppearanceSection) -> None:
    looks.field("zoom").text = "2"
    looks.field(*ALPHA).text = "50"
    looks.reset()
    assert looks.draft.mine == {}


def test_the_layers_json_and_the_fields_say_the_same(looks: AppearanceSection) -> None:
    looks.field(*ALPHA).text = "50"
    assert json.loads(looks.layers_text) == {"segmentation": {"alpha": 50}}
    looks.layers_text = '{"color": {"gammaCorrectionValue": 2}}'
    assert looks.field("layers", "color", "gammaCorrectionValue").text == "2"
    assert looks.field(*ALPHA).text == "20"


def test_the_layers_json_says_what_is_wrong_by_line(looks: AppearanceSection) -> None:
    looks.layers_text = '{\n  "color": {\n    "alpha": 200\n  }\n}'
    (problem,) = looks.layers_problems
    assert problem.message == "alpha must be a number from 0 to 100, but is 200."
    assert line_of(looks.layers_text, problem.place) == 3
    assert not looks.can_save


def test_a_layers_json_that_is_none_hinders_saving(looks: AppearanceSection) -> None:
    looks.layers_as_json = True
    looks.layers_text = '{"color": '
    assert "Line 1" in looks.layers_problems[0].message
    assert looks.hindrances == ((("layers",), "The layers' JSON cannot be read."),)


def test_the_current_view_becomes_the_default_as_briefly_as_can_be(
    with_file: LocalDatasetStore, looks: AppearanceSection
) -> None:
    shown = {"zoom": 3, "position": [1, 2, 3], "layers": {"segmentation": {"alpha": 70}}}
    looks.viewer = SimpleNamespace(configuration_document=lambda: shown)
    looks.field("zoom").text = "9"
    looks.use_view()
    looks.save()
    assert stored(with_file) == {"position": [1, 2, 3], "layers": {"segmentation": {"alpha": 70}}}


def test_an_exported_configuration_can_be_imported_elsewhere(
    looks: AppearanceSection, lab: LocalDatasetStore
) -> None:
    looks.field("zoom").text = "2"
    text = looks.export_text()
    looks.reset()
    looks.import_text(text)
    looks.save()
    assert stored(lab) == {"zoom": 2}


def test_importing_says_what_does_not_fit_and_leaves_it_out(looks: AppearanceSection) -> None:
    looks.import_text('{"zoom": 2, "layers": {"color": {"alpha": 900}}}')
    assert looks.draft.mine == {"zoom": 2}
    assert "alpha must be" in looks.message.text


@pytest.mark.parametrize("text", ["no json", "[1]", ""])
def test_importing_something_else_changes_nothing(looks: AppearanceSection, text: str) -> None:
    looks.import_text(text)
    assert looks.message.tone == "error"
    assert looks.unsaved == ()


def test_it_is_applied_to_a_folder(looks: AppearanceSection, lab: LocalDatasetStore) -> None:
    lab.people.add_folder("Shelf", organization="lab")
    lab.update_details("lab/plain", folder="Shelf")
    looks.field("interpolation").text = "true"
    looks.save()
    looks.apply_to_folder("Shelf")
    assert lab.view_levels("lab/plain").dataset == {"interpolation": True}
    assert "lab/plain" in looks.message.text
    assert looks.python == 'store.copy_view_configuration("lab/cells", "Shelf")'


def test_a_draft_is_not_applied_to_a_folder(looks: AppearanceSection, lab: LocalDatasetStore) -> None:
    lab.people.add_folder("Shelf", organization="lab")
    looks.field("interpolation").text = "true"
    looks.apply_to_folder("Shelf")
    assert "Save first" in looks.message.text


def test_own_settings_are_counted_and_can_be_given_up(
    looks: AppearanceSection, lab: LocalDatasetStore
) -> None:
    lab.update_view_configuration(KEY, {"zoom": 7}, level="user")
    looks.follow(lab.record(KEY))
    assert looks.own_settings == 1
    looks.forget_own_settings()
    assert lab.view_levels(KEY).user == {}
    assert looks.own_settings == 0


def test_what_somebody_else_stored_appears_at_once(looks: AppearanceSection, ada: LocalDatasetStore) -> None:
    ada.update_view_configuration(KEY, {"zoom": 7})
    assert (looks.field("zoom").text, looks.field("zoom").origin) == ("7", ViewLevel.DATASET)


def test_the_same_key_changed_by_both_is_a_conflict(looks: AppearanceSection, ada: LocalDatasetStore) -> None:
    looks.field("zoom").text = "2"
    ada.update_view_configuration(KEY, {"zoom": 7})
    assert [conflict.place for conflict in looks.conflicts] == [("zoom",)]
    looks.choose(("zoom",), mine=False)
    assert looks.field("zoom").text == "7"


def test_different_keys_changed_by_both_go_together(
    looks: AppearanceSection, lab: LocalDatasetStore, ada: LocalDatasetStore
) -> None:
    looks.field(*ALPHA).text = "50"
    ada.update_view_configuration(KEY, {"zoom": 7, "layers": {"segmentation": {"isInverted": True}}})
    looks.save()
    assert stored(lab) == {"zoom": 7, "layers": {"segmentation": {"alpha": 50, "isInverted": True}}}


def test_what_a_viewer_stores_as_ones_own_is_counted_here(
    lab: LocalDatasetStore, looks: AppearanceSection
) -> None:
    lab.update_view_configuration(KEY, {"interpolation": True}, level="user")
    assert looks.own_settings == 1


def test_the_view_of_an_open_viewer_is_used_although_nobody_passed_it(
    lab: LocalDatasetStore, looks: AppearanceSection
) -> None:
    viewer = SliceViewer(lab[KEY])
    viewer.zoom = 0.5
    looks.use_view()
    viewer.close()
    assert looks.draft.mine["zoom"] == 0.5
