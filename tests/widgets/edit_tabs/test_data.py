"""The Data tab's logic against a real store and its files."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import ipywidgets as widgets
import pytest

from voxshelf.model import BoundingBox, DatasetStatus, VoxelSize
from voxshelf.testing.folders import voxels, write_layer, write_properties
from voxshelf.widgets.data_fields.searches import Search, find_largest_segment_id
from voxshelf.widgets.edit_tabs.data_view import DataForm
from voxshelf.widgets.theme import line_of

if TYPE_CHECKING:
    from pathlib import Path

    from voxshelf.store import LocalDatasetStore
    from voxshelf.widgets.edit_tabs import DatasetEdits
    from voxshelf.widgets.edit_tabs.data import DataSection

KEY = "lab/cells"


@pytest.fixture
def data(edits: DatasetEdits) -> DataSection:
    return edits.data


def document(folder: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((folder / "datasource-properties.json").read_text(encoding="utf-8"))
    return content


def test_it_shows_what_the_file_says(data: DataSection) -> None:
    assert data.voxel_size.text == "11.24, 11.24, 28 nanometer"
    assert [layer.name for layer in data.layers] == ["color", "segmentation"]
    assert data.layer("segmentation").fields["largest_segment_id"].text == "250"
    assert data.unsaved == ()


def test_voxel_size_and_box_are_stored_and_nothing_else_is_touched(
    data: DataSection, lab: LocalDatasetStore, folder: Path
) -> None:
    before = document(folder)
    data.voxel_size.text = "4, 4, 40 nanometer"
    data.layer("color").bounding_box.text = "0,0,0, 16,16,16"
    data.save()
    assert lab.data_source(KEY).voxel_size == VoxelSize((4, 4, 40))
    assert lab.data_source(KEY).layer("color").bounding_box == BoundingBox((0, 0, 0), (16, 16, 16))
    assert document(folder)["dataLayers"][1] == before["dataLayers"][1]


def test_an_unlikely_voxel_size_is_doubted_and_can_be_stored(
    data: DataSection, lab: LocalDatasetStore, parts: Any
) -> None:
    form = DataForm(data)
    said = lambda: " ".join(html.value for html in parts(form._voxel_size, widgets.HTML))  # noqa: E731
    data.voxel_size.text = "4, 4, 35000 nanometer"
    assert "z is 8,750 times x. Is that right?" in said()
    data.save()
    assert "z is 8,750 times x. Is that right?" in said()
    record = lab.record(KEY)
    assert (record.voxel_size, record.status) == (VoxelSize((4, 4, 35_000)), DatasetStatus.READY)
    data.voxel_size.text = "4, 4, 35 nanometer"
    assert "Is that right?" not in said()
    form.close()


def test_the_line_of_python_says_it_value_by_value(data: DataSection) -> None:
    data.voxel_size.text = "4, 4, 40"
    data.save()
    assert ".with_voxel_size((4.0, 4.0, 40.0))" in data.python


def test_a_value_typed_as_it_was_is_no_edit(data: DataSection) -> None:
    data.layer("color").bounding_box.text = "0,0,0,32,32,32"
    assert data.unsaved == ()


def test_what_cannot_be_read_hinders_saving_at_its_field(data: DataSection) -> None:
    data.layer("color").bounding_box.text = "nonsense"
    place, sentence = data.hindrances[0]
    assert place == ("dataLayers", "color", "boundingBox")
    assert "six whole numbers" in sentence
    assert data.unsaved == ("color › Bounding box",)


def test_a_rule_between_values_hinders_saving_at_its_field(data: DataSection) -> None:
    data.layer("segmentation").fields["largest_segment_id"].text = str(2**40)
    assert data.hindrances[0][0] == ("dataLayers", "segmentation", "largestSegmentId")


def test_a_missing_voxel_size_hinders_saving(data: DataSection) -> None:
    data.voxel_size.text = ""
    assert data.hindrances == ((("scale",), "The voxel size is missing."),)


def test_an_emptied_largest_segment_id_is_taken_out(data: DataSection, lab: LocalDatasetStore) -> None:
    data.layer("segmentation").fields["largest_segment_id"].text = ""
    data.save()
    assert lab.data_source(KEY).layer("segmentation").largest_segment_id is None


def test_a_segmentation_that_becomes_colour_loses_its_segment_id(
    data: DataSection, lab: LocalDatasetStore
) -> None:
    data.layer("segmentation").category.text = "color"
    data.save()
    assert lab.data_source(KEY).layer("segmentation").largest_segment_id is None


def test_a_renamed_layer_keeps_its_voxels(data: DataSection, lab: LocalDatasetStore) -> None:
    data.layer("color").fields["name"].text = "em"
    assert data.unsaved == ("color › Name (em)",)
    data.save()
    assert [layer.name for layer in data.layers] == ["em", "segmentation"]
    assert lab[KEY]["em"][3, 0, 0] == voxels()[3, 0, 0]
    assert ".renamed_layer('color', 'em')" in data.python


def test_two_layers_of_one_name_are_refused(data: DataSection) -> None:
    data.layer("color").fields["name"].text = "segmentation"
    assert any("two layers named" in sentence for _, sentence in data.hindrances)


def test_a_removed_layer_stays_on_the_disk(data: DataSection, lab: LocalDatasetStore, folder: Path) -> None:
    data.remove_layer(data.layer("segmentation"))
    assert data.unsaved == ("layer segmentation",)
    data.save()
    assert [layer.name for layer in lab.data_source(KEY).layers] == ["color"]
    assert (folder / "segmentation" / "1" / "header.wkw").is_file()


def test_the_last_layer_cannot_be_removed(data: DataSection) -> None:
    for layer in data.layers:
        data.remove_layer(layer)
    assert (("dataLayers",), "The dataset has no layer. Give at least one layer.") in data.hindrances


def test_a_layer_that_lies_in_the_folder_can_be_added(
    data: DataSection, lab: LocalDatasetStore, folder: Path
) -> None:
    write_layer(folder / "nuclei", dtype="uint16")
    data.more.look()
    assert data.more.names == ("nuclei",)
    data.more.add("nuclei")
    data.save()
    assert [layer.name for layer in lab.data_source(KEY).layers] == ["color", "segmentation", "nuclei"]
    assert lab[KEY]["nuclei"].bounding_box.size == (32, 32, 32)


def test_without_more_layers_it_says_what_to_do(data: DataSection) -> None:
    data.more.look()
    assert data.more.names == ()
    assert "header.wkw" in data.message.hint


def test_compute_finds_the_largest_segment_id(data: DataSection) -> None:
    layer: Any = data.layer("segmentation")
    Search(data, layer, layer.fields["largest_segment_id"], find_largest_segment_id).start()  # type: ignore[arg-type]
    assert layer.fields["largest_segment_id"].value == voxels().max()
    assert data.unsaved == (() if voxels().max() == 250 else ("segmentation › Largest segment id",))


def test_discarding_brings_everything_back(data: DataSection) -> None:
    data.voxel_size.text = "x"
    data.layer("color").fields["name"].text = "em"
    data.discard()
    assert data.voxel_size.text == "11.24, 11.24, 28 nanometer"
    assert [layer.present_name for layer in data.layers] == ["color", "segmentation"]
    assert (data.unsaved, data.hindrances) == ((), ())


def test_the_json_says_what_the_fields_say_in_the_style_of_the_file(data: DataSection, folder: Path) -> None:
    data.voxel_size.text = "4, 4, 40"
    data.show_advanced()
    assert json.loads(data.json_text)["scale"] == [4, 4, 40]
    text = (folder / "datasource-properties.json").read_text(encoding="utf-8")
    assert len(set(text.splitlines()) ^ set(data.json_text.splitlines())) <= 6


def test_the_fields_say_what_the_json_says(data: DataSection) -> None:
    data.show_advanced()
    data.json_text = data.json_text.replace('"color"', '"em"', 1)
    content = json.loads(data.json_text)
    content["scale"] = [1, 2, 3]
    data.json_text = json.dumps(content)
    data.show_simple()
    assert data.voxel_size.value == VoxelSize((1, 2, 3))


def test_errors_of_the_json_come_with_their_lines(data: DataSection) -> None:
    data.show_advanced()
    lines = data.json_text.splitlines()
    number = next(index for index, line in enumerate(lines, 1) if '"width"' in line)
    data.json_text = data.json_text.replace('"width": 32', '"width": "wide"', 1)
    assert number in [line_of(data.json_text, problem.place) for problem in data.json_problems]
    assert not data.can_save
    assert data.hindrances[0][0] == ("json",)


def test_one_cannot_leave_a_json_that_cannot_be_read(data: DataSection) -> None:
    data.show_advanced()
    data.json_text = data.json_text[:-4]
    data.show_simple()
    assert data.advanced
    assert data.json_blocked


def test_the_json_is_stored_as_it_was_typed(data: DataSection, folder: Path) -> None:
    data.show_advanced()
    content = json.loads(data.json_text)
    content["note"] = "kept"
    data.json_text = json.dumps(content, indent=7)
    data.save()
    assert (folder / "datasource-properties.json").read_text(encoding="utf-8") == data.json_text
    assert data.unsaved == ()


def test_unknown_keys_survive_the_simple_form(data: DataSection, folder: Path) -> None:
    write_properties(folder, {**document(folder), "lab": {"microscope": 3}})
    data.store.refresh()
    data.voxel_size.text = "4, 4, 40"
    data.save()
    assert document(folder)["lab"] == {"microscope": 3}


def test_a_broken_file_opens_as_text_and_can_be_mended(
    lab: LocalDatasetStore, states: Any, folder: Path
) -> None:
    path = folder / "datasource-properties.json"
    good = path.read_text(encoding="utf-8")
    path.write_text(good[:-4], encoding="utf-8")
    lab.refresh()
    data = states(lab).edits.data
    assert data.advanced
    assert data.json_text == good[:-4]
    assert data.unsaved == ()
    data.json_text = good
    data.save()
    assert path.read_text(encoding="utf-8") == good
    assert lab.record(KEY).status == "ready"


def test_a_box_that_somebody_else_changed_appears_while_another_value_is_typed(
    data: DataSection, ada: LocalDatasetStore
) -> None:
    data.voxel_size.text = "4, 4,  nanometer"
    source = ada.data_source(KEY)
    ada.update_data_source(KEY, source.changed_layer("color", bounding_box="0,0,0,8,8,8"))
    assert data.layer("color").bounding_box.value == BoundingBox((0, 0, 0), (8, 8, 8))
    assert data.voxel_size.text == "4, 4,  nanometer"


def test_the_same_value_changed_in_the_file_is_a_conflict(data: DataSection, ada: LocalDatasetStore) -> None:
    data.voxel_size.text = "4, 4, 40"
    ada.update_data_source(KEY, ada.data_source(KEY).with_voxel_size((5, 5, 50)))
    assert data.voxel_size.value == VoxelSize((4, 4, 40))
    assert [data.label_of(conflict.place) for conflict in data.conflicts] == ["Voxel size"]
    data.choose(data.conflicts[0].place, mine=False)
    assert data.voxel_size.value == VoxelSize((5, 5, 50))


def test_a_file_changed_by_an_editor_appears_after_the_next_look(data: DataSection, folder: Path) -> None:
    write_properties(folder, {**document(folder), "scale": [1, 2, 3]})
    data.store.refresh()
    assert data.voxel_size.value == VoxelSize((1, 2, 3))


def test_a_value_of_the_simple_side_survives_a_look_at_the_json(data: DataSection) -> None:
    data.layer("color").bounding_box.text = "nonsense"
    data.show_advanced()
    data.show_simple()
    assert data.layer("color").bounding_box.text == "nonsense"


def test_a_dataset_that_is_not_imported_yet_says_what_to_do(
    lab: LocalDatasetStore, states: Any, folder: Path
) -> None:
    write_layer(folder.parent / "fresh" / "color")
    lab.refresh()
    data = states(lab, "lab/fresh").edits.data
    assert data.refusal == "It has not been imported yet: import it first."


def test_a_dataset_that_is_restored_says_no_longer_that_it_is_in_the_trash(
    data: DataSection, lab: LocalDatasetStore
) -> None:
    (entry,) = lab.delete(KEY)
    data.follow(lab.record(KEY))
    said = data.message.text
    lab.restore(entry.id)
    assert "trash" in said
    assert data.message.text == ""
