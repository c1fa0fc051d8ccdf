"""Editing data properties: what ``datasource-properties.json`` says, in every form that an edit can have."""

# ruff: noqa: S101, D102 - tests assert, and their names are their sentences
from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from voxshelf.errors import EditConflict, InvalidDataSourceError
from voxshelf.model import BoundingBox, Category, DatasetStatus, EditedSection, VoxelSize
from voxshelf.testing.folders import properties, write_dataset, write_layer, write_properties
from voxshelf.testing.store_fixtures import StoreFixtures

if TYPE_CHECKING:
    from pathlib import Path

    from voxshelf.store import DatasetStore

KEY = "lab/cells"
LAYERS = {"color": "uint8", "segmentation": "uint32"}


def json_file(root: Path, key: str = KEY) -> Path:
    """The file that an edit writes."""
    return root / key / "datasource-properties.json"


def written(root: Path, key: str = KEY) -> Any:
    """What stands in it."""
    return json.loads(json_file(root, key).read_text(encoding="utf-8"))


class DataFormsTests(StoreFixtures):
    """Nouns, documents and texts."""

    def test_a_noun_is_written_and_the_record_follows(self, staffed: DatasetStore, root: Path) -> None:
        source = staffed.data_source(KEY).with_voxel_size((4, 4, 40))
        record = staffed.update_data_source(KEY, source)
        assert record == staffed.record(KEY)
        assert record.voxel_size == VoxelSize((4, 4, 40))
        assert written(root)["scale"] == [4, 4, 40]
        assert staffed.data_source(KEY) == source

    def test_a_document_is_written_as_it_is(self, staffed: DatasetStore, root: Path) -> None:
        document = properties(LAYERS, scale=[5, 5, 50], laboratory={"rig": 7})
        assert staffed.update_data_source(KEY, document).voxel_size == VoxelSize((5, 5, 50))
        assert written(root) == document

    def test_a_text_is_written_letter_by_letter(self, staffed: DatasetStore, root: Path) -> None:
        text = json.dumps(properties(LAYERS, scale=[5, 5, 50]), indent=7) + "\n\n"
        staffed.update_data_source(KEY, text)
        assert json_file(root).read_text(encoding="utf-8") == text
        assert staffed.properties_text(KEY) == text

    def test_each_property_can_be_edited(self, staffed: DatasetStore) -> None:
        source = staffed.data_source(KEY)
        source = source.changed_layer("color", bounding_box="1,2,3,10,11,12")
        source = source.changed_layer("segmentation", largest_segment_id=2**32 - 1)
        record = staffed.update_data_source(KEY, source.with_voxel_size((1, 2, 3), "micrometer"))
        assert str(record.voxel_size) == "1 × 2 × 3 µm"
        assert record.layers[0].bounding_box == BoundingBox((1, 2, 3), (10, 11, 12))
        assert record.layers[1].largest_segment_id == 2**32 - 1
        recast = staffed.data_source(KEY).changed_layer(
            "segmentation", category="color", largest_segment_id=None
        )
        assert staffed.update_data_source(KEY, recast).layers[1].category is Category.COLOR

    def test_layers_come_and_go(self, staffed: DatasetStore, root: Path) -> None:
        source = staffed.data_source(KEY)
        gone = staffed.update_data_source(KEY, source.without_layer("color"))
        assert [layer.name for layer in gone.layers] == ["segmentation"]
        assert (root / KEY / "color" / "1" / "header.wkw").exists()
        write_layer(root / KEY / "more")
        more = properties({**LAYERS, "more": "uint8"})
        back = staffed.update_data_source(KEY, more)
        assert [layer.name for layer in back.layers] == ["color", "segmentation", "more"]
        assert staffed[KEY]["more"][1, 2, 3] == 1 + 6 + 21

    def test_a_renamed_layer_keeps_its_voxels(self, staffed: DatasetStore, root: Path) -> None:
        staffed.update_data_source(KEY, staffed.data_source(KEY).renamed_layer("color", "em"))
        assert [layer.name for layer in staffed.record(KEY).layers] == ["em", "segmentation"]
        assert (root / KEY / "color").is_dir()
        assert staffed[KEY]["em"][1, 2, 3] == 1 + 6 + 21

    def test_how_a_layer_appears_follows_it_to_its_new_name(self, staffed: DatasetStore) -> None:
        mia = self.act_as(staffed, "lab/mia")
        view = {"layers": {"color": {"alpha": 50}}, "colorLayerOrder": ["color"]}
        staffed.update_view_configuration(KEY, view | {"nativelyRenderedLayerName": "color"})
        mia.update_view_configuration(KEY, {"layers": {"color": {"alpha": 70}}}, level="user")
        link = staffed.create_link(KEY, view={"layers": {"color": {"alpha": 30}}})
        staffed.update_data_source(KEY, staffed.data_source(KEY).renamed_layer("color", "em"))
        assert staffed.view_levels(KEY).dataset == {
            "layers": {"em": {"alpha": 50}},
            "colorLayerOrder": ["em"],
            "nativelyRenderedLayerName": "em",
        }
        assert mia.view_levels(KEY).user == {"layers": {"em": {"alpha": 70}}}
        assert mia.view_configuration(KEY).problems == ()
        (seen,) = staffed.links(KEY)
        assert seen.id == link.id
        assert seen.view is not None
        assert list(seen.view.layers) == ["em"]

    def test_the_files_own_view_follows_a_renamed_layer(self, staffed: DatasetStore, root: Path) -> None:
        view = {"layers": {"color": {"alpha": 50}}, "colorLayerOrder": ["color"]}
        write_properties(root / KEY, properties(LAYERS, defaultViewConfiguration=view))
        staffed.update_data_source(KEY, staffed.data_source(KEY).renamed_layer("color", "em"))
        resolved = staffed.view_configuration(KEY)
        assert (resolved.layer("em").alpha, resolved.problems) == (50, ())

    def test_keys_that_only_other_programs_know_survive(self, staffed: DatasetStore, root: Path) -> None:
        document = properties(LAYERS, laboratory={"rig": 7})
        document["dataLayers"][0]["stain"] = "DAPI"
        document["dataLayers"][0]["mags"][0]["checksum"] = "abc"
        write_properties(root / KEY, document)
        source = staffed.data_source(KEY).renamed_layer("color", "em").with_voxel_size((1, 1, 1))
        staffed.update_data_source(KEY, source)
        after = written(root)
        assert after["laboratory"] == {"rig": 7}
        assert after["dataLayers"][0]["stain"] == "DAPI"
        assert after["dataLayers"][0]["mags"][0]["checksum"] == "abc"

    def test_the_old_text_goes_to_the_backups(self, staffed: DatasetStore, root: Path) -> None:
        before = json_file(root).read_text(encoding="utf-8")
        staffed.update_data_source(KEY, staffed.data_source(KEY).with_voxel_size((4, 4, 40)))
        assert before in (root / KEY / "datasource-properties-backups.log").read_text(encoding="utf-8")

    def test_writing_what_stands_there_touches_nothing(self, staffed: DatasetStore, root: Path) -> None:
        before, state = staffed.record(KEY), json_file(root).stat().st_mtime_ns
        assert staffed.update_data_source(KEY, staffed.data_source(KEY)) == before
        assert staffed.update_data_source(KEY, staffed.properties_text(KEY)) == before
        assert json_file(root).stat().st_mtime_ns == state
        assert EditedSection.DATA not in {entry.section for entry in staffed.history(KEY)}

    def test_a_scan_finds_nothing_new_after_an_edit(self, staffed: DatasetStore) -> None:
        record = staffed.update_data_source(KEY, staffed.data_source(KEY).with_voxel_size((4, 4, 40)))
        assert staffed.refresh().changed == ()
        assert staffed.record(KEY) == record


class DataProblemsTests(StoreFixtures):
    """What is no data source."""

    def test_every_problem_is_named_with_its_place(self, staffed: DatasetStore, root: Path) -> None:
        document = properties(LAYERS, scale=[1, 0, 1])
        document["dataLayers"][0]["category"] = "colour"
        document["dataLayers"][1] |= {"name": "a/b", "largestSegmentId": 2**40}
        before, text = staffed.record(KEY), json_file(root).read_text(encoding="utf-8")
        with pytest.raises(InvalidDataSourceError) as caught:
            staffed.update_data_source(KEY, document)
        places = {tuple(map(str, problem.place)) for problem in caught.value.problems}
        assert {("scale", "1"), ("dataLayers", "0", "category")} <= places
        assert {place[2] for place in places if place[:2] == ("dataLayers", "1")} == {
            "name",
            "largestSegmentId",
        }
        assert staffed.record(KEY) == before
        assert json_file(root).read_text(encoding="utf-8") == text

    @pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"a": 1} x', '{"dataLayers": []}', "\ud800"])
    def test_a_text_that_is_no_data_source_is_refused(
        self, staffed: DatasetStore, root: Path, text: str
    ) -> None:
        before = json_file(root).read_text(encoding="utf-8")
        with pytest.raises(InvalidDataSourceError) as caught:
            staffed.update_data_source(KEY, text)
        assert caught.value.problems
        assert json_file(root).read_text(encoding="utf-8") == before

    @pytest.mark.parametrize("number", [256, -1, 2**64, 1.5])
    def test_a_segment_id_must_fit_its_type(self, staffed: DatasetStore, number: Any) -> None:
        document = properties({"segmentation": "uint32"})
        document["dataLayers"][0] |= {"elementClass": "uint8", "largestSegmentId": number}
        with pytest.raises(InvalidDataSourceError) as caught:
            staffed.update_data_source(KEY, document)
        assert [problem.place[-1] for problem in caught.value.problems] == ["largestSegmentId"]

    def test_a_broken_file_can_be_looked_at_and_mended(self, staffed: DatasetStore, root: Path) -> None:
        json_file(root).write_text('{"dataLayers": [', encoding="utf-8")
        staffed.refresh()
        assert staffed.record(KEY).status is DatasetStatus.BROKEN
        assert staffed.properties_text(KEY) == '{"dataLayers": ['
        with pytest.raises(InvalidDataSourceError):
            staffed.data_source(KEY)
        record = staffed.update_data_source(KEY, properties(LAYERS))
        assert record.status is DatasetStatus.READY
        assert next(entry.section for entry in staffed.history(KEY)) is EditedSection.DATA

    def test_a_dataset_without_its_file_says_so(self, staffed: DatasetStore, root: Path) -> None:
        write_dataset(root, "lab/bare", with_json=False)
        staffed.refresh()
        assert staffed.properties_text("lab/bare") == ""
        with pytest.raises(InvalidDataSourceError):
            staffed.data_source("lab/bare")
        assert staffed.update_data_source("lab/bare", properties()).status is DatasetStatus.READY


class DataConflictTests(StoreFixtures):
    """The file says something else by now."""

    def test_a_stale_edit_is_refused_and_writes_nothing(self, staffed: DatasetStore, root: Path) -> None:
        base = staffed.data_source(KEY)
        staffed.update_data_source(KEY, base.with_voxel_size((9, 9, 9)))
        text = json_file(root).read_text(encoding="utf-8")
        mine = base.changed_layer("color", bounding_box="0,0,0,16,16,16")
        with pytest.raises(EditConflict) as caught:
            staffed.update_data_source(KEY, mine, base=base)
        assert caught.value.merge is not None
        assert caught.value.merge.is_clean
        assert json_file(root).read_text(encoding="utf-8") == text

    @pytest.mark.parametrize("form", ["noun", "document", "text"])
    def test_edits_of_different_values_are_joined_on_request(self, staffed: DatasetStore, form: str) -> None:
        base = staffed.data_source(KEY)
        changed = properties(LAYERS)
        changed["dataLayers"][0]["boundingBox"]["width"] = 16
        started: Any = {"noun": base, "document": properties(LAYERS), "text": staffed.properties_text(KEY)}
        mine: Any = {
            "noun": base.changed_layer("color", bounding_box="0,0,0,16,32,32"),
            "document": changed,
            "text": json.dumps(changed),
        }
        staffed.update_data_source(KEY, base.with_voxel_size((9, 9, 9)))
        staffed.update_data_source(KEY, mine[form], base=started[form], merge=True)
        after = staffed.data_source(KEY)
        assert after.voxel_size == VoxelSize((9, 9, 9))
        assert after.layer("color").bounding_box == BoundingBox((0, 0, 0), (16, 32, 32))

    def test_edits_of_one_value_are_a_conflict_also_when_joined(self, staffed: DatasetStore) -> None:
        base = staffed.data_source(KEY)
        staffed.update_data_source(KEY, base.with_voxel_size((9, 9, 9)))
        with pytest.raises(EditConflict) as caught:
            staffed.update_data_source(KEY, base.with_voxel_size((8, 8, 8)), base=base, merge=True)
        assert caught.value.merge is not None
        assert [conflict.place[0] for conflict in caught.value.merge.conflicts] == ["scale"]

    def test_a_change_made_with_an_editor_is_noticed(self, staffed: DatasetStore, root: Path) -> None:
        base = staffed.properties_text(KEY)
        write_properties(root / KEY, properties(LAYERS, scale=[7, 7, 7]))
        mine = base.replace("250", "251")
        with pytest.raises(EditConflict):
            staffed.update_data_source(KEY, mine, base=base)
        staffed.update_data_source(KEY, mine, base=base, merge=True)
        assert staffed.data_source(KEY).voxel_size == VoxelSize((7, 7, 7))
        assert staffed.data_source(KEY).layer("segmentation").largest_segment_id == 251


class DataEditingTests(DataFormsTests, DataProblemsTests, DataConflictTests):
    """Data properties."""
