"""Editing details: what people wrote about a dataset, who was faster, and the marks that edits leave."""

# ruff: noqa: S101, D102 - tests assert, and their names are their sentences
from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from voxshelf.errors import DatasetNotFoundError, EditConflict, InvalidDataSourceError, NotFoundError
from voxshelf.model import ChangeEvent, ChangeKind, MetadataEntry
from voxshelf.testing.store_fixtures import StoreFixtures

if TYPE_CHECKING:
    from voxshelf.store import DatasetStore

EVERYTHING: dict[str, Any] = {
    "display_name": "Mouse cortex",
    "description": "# Mouse\nSee [the paper](https://doi.org/10.1/2).",
    "tags": ["mouse", "em"],
    "folder": "Datasets/2026",
    "metadata": [
        {"key": "rig", "type": "string", "value": "B"},
        {"key": "sections", "type": "number", "value": 2500},
        {"key": "stains", "type": "string[]", "value": ["DAPI", "GFP"]},
    ],
    "publication_date": "2026-11-27",
}


class DetailsTests(StoreFixtures):
    """What people wrote about a dataset."""

    def test_all_details_are_stored_and_told_at_once(self, staffed: DatasetStore) -> None:
        record = staffed.update_details("lab/cells", **EVERYTHING)
        assert record == staffed.record("lab/cells")
        assert record.title == "Mouse cortex"
        assert record.description == EVERYTHING["description"]
        assert record.tags == ("em", "mouse")
        assert record.folder == "Datasets/2026"
        assert [entry.model_dump(mode="json") for entry in record.metadata] == EVERYTHING["metadata"]
        assert record.publication_date == date(2026, 11, 27)

    def test_what_is_not_passed_stays(self, staffed: DatasetStore) -> None:
        before = staffed.update_details("lab/cells", **EVERYTHING)
        after = staffed.update_details("lab/cells", tags=["only"])
        assert after == before.model_copy(
            update={"tags": ("only",), "version": after.version, "changed": after.changed}
        )

    def test_details_can_be_emptied(self, staffed: DatasetStore) -> None:
        staffed.update_details("lab/cells", **EVERYTHING)
        empty: dict[str, Any] = {"display_name": "", "description": "", "folder": ""}
        record = staffed.update_details("lab/cells", **empty, tags=[], metadata=[], publication_date=None)
        assert (record.title, record.description, record.folder) == ("cells", "", "")
        assert (record.tags, record.metadata, record.publication_date) == ((), (), None)

    def test_details_are_taken_as_nouns_too(self, staffed: DatasetStore) -> None:
        entry = MetadataEntry.of("rig", "B")
        record = staffed.update_details("lab/cells", metadata=[entry], publication_date=date(2026, 1, 2))
        assert (record.metadata, record.publication_date) == ((entry,), date(2026, 1, 2))

    def test_every_problem_is_named_and_nothing_is_stored(self, staffed: DatasetStore) -> None:
        before = staffed.record("lab/cells")
        twice = [{"key": "a", "type": "string", "value": "1"}, {"key": "a", "type": "string", "value": "2"}]
        with pytest.raises(InvalidDataSourceError) as caught:
            staffed.update_details(
                "lab/cells",
                display_name="x" * 301,
                description="ä" * 40_000,
                tags=["t" * 101],
                folder="a//b",
                metadata=twice,
                publication_date="yesterday",
            )
        places = {problem.place[0] for problem in caught.value.problems}
        assert places == {
            "display_name",
            "description",
            "tags",
            "folder",
            "metadata",
            "publication_date",
        }
        assert staffed.record("lab/cells") == before

    @pytest.mark.parametrize(
        "metadata",
        [
            [{"key": "", "type": "string", "value": "x"}],
            [{"key": "a", "type": "number", "value": "x"}],
            [{"key": "a", "type": "number", "value": float("nan")}],
            [{"key": "a", "type": "string", "value": "x", "more": 1}],
            ["a"],
            5,
        ],
    )
    def test_metadata_that_is_none_is_refused(self, staffed: DatasetStore, metadata: Any) -> None:
        with pytest.raises(InvalidDataSourceError) as caught:
            staffed.update_details("lab/cells", metadata=metadata)
        assert {problem.place[0] for problem in caught.value.problems} == {"metadata"}

    @pytest.mark.parametrize("letters", ["größe ✓ 𝔐", "a\0b", "\ud800", "'; DROP TABLE datasets; --", "%_\\"])
    def test_odd_letters_do_no_harm(self, staffed: DatasetStore, letters: str) -> None:
        record = staffed.update_details(
            "lab/cells", display_name=letters, tags=[letters], description=letters
        )
        assert record == staffed.record("lab/cells")
        assert [entry.key for entry in staffed.list().items].count("lab/cells") == 1

    def test_an_edit_makes_the_version_grow_once(self, staffed: DatasetStore) -> None:
        before = staffed.record("lab/cells")
        after = staffed.update_details("lab/cells", display_name="New", tags=["x"])
        assert after.version == before.version + 1
        assert after.changed > before.changed

    def test_an_edit_that_changes_nothing_leaves_no_trace(self, staffed: DatasetStore) -> None:
        before = staffed.update_details("lab/cells", **EVERYTHING)
        history = staffed.history("lab/cells")
        assert staffed.update_details("lab/cells", **EVERYTHING) == before
        assert staffed.update_details("lab/cells") == before
        assert staffed.history("lab/cells") == history

    def test_an_edit_is_told_once(self, staffed: DatasetStore) -> None:
        told: list[ChangeEvent] = []
        staffed.changed.connect(told.append)
        staffed.update_details("lab/cells", display_name="New")
        assert [(event.kind, event.key) for event in told] == [(ChangeKind.EDITED, "lab/cells")]

    def test_a_refresh_leaves_details_alone(self, staffed: DatasetStore) -> None:
        before = staffed.update_details("lab/cells", **EVERYTHING)
        staffed.refresh()
        assert staffed.record("lab/cells") == before

    @pytest.mark.parametrize("key", ["lab/none", "none", "", "a/b/c", "lab/..", "a\0/b"])
    def test_an_unknown_dataset_cannot_be_edited(self, staffed: DatasetStore, key: str) -> None:
        calls = (
            lambda: staffed.update_details(key, display_name="x"),
            lambda: staffed.update_permissions(key, is_public=True),
            lambda: staffed.update_data_source(key, {}),
            lambda: staffed.data_source(key),
            lambda: staffed.properties_text(key),
            lambda: staffed.history(key),
            lambda: staffed.undo(key, 1),
            lambda: staffed.view_configuration(key),
            lambda: staffed.view_levels(key),
            lambda: staffed.update_view_configuration(key, {"zoom": 2}),
            lambda: staffed.reset_view_configuration(key),
            lambda: staffed.copy_view_configuration(key, "x"),
            lambda: staffed.create_link(key),
            lambda: staffed.links(key),
            lambda: staffed.delete(key),
            lambda: staffed.who_has_access(key),
            lambda: staffed.explain_access("lab/ada", key),
        )
        for call in calls:
            with pytest.raises(DatasetNotFoundError):
                call()


class PermissionsTests(StoreFixtures):
    """Teams, visibility and owner."""

    def test_permissions_are_stored_and_told(self, staffed: DatasetStore) -> None:
        record = staffed.update_permissions(
            "lab/plain", teams=["genetics", "imaging"], is_public=True, owner="mia"
        )
        assert record == staffed.record("lab/plain")
        assert (record.teams, record.is_public, record.owner) == (("genetics", "imaging"), True, "mia")

    @pytest.mark.parametrize(("teams", "owner"), [(["none"], ""), (["imaging"], "nobody"), ([], "zoe")])
    def test_unknown_teams_and_users_are_refused(
        self, staffed: DatasetStore, teams: list[str], owner: str
    ) -> None:
        before = staffed.record("lab/plain")
        with pytest.raises(NotFoundError):
            staffed.update_permissions("lab/plain", teams=teams, owner=owner)
        assert staffed.record("lab/plain") == before

    def test_permissions_and_details_do_not_disturb_each_other(self, staffed: DatasetStore) -> None:
        seen = staffed.record("lab/plain").version
        staffed.update_permissions("lab/plain", is_public=True, version=seen)
        record = staffed.update_details("lab/plain", display_name="New", version=seen)
        assert (record.is_public, record.display_name) == (True, "New")


class ConflictTests(StoreFixtures):
    """Somebody else was faster."""

    def test_a_stale_edit_of_another_field_is_refused_with_both_versions(self, staffed: DatasetStore) -> None:
        seen = staffed.record("lab/cells").version
        stored = staffed.update_details("lab/cells", display_name="Theirs")
        with pytest.raises(EditConflict) as caught:
            staffed.update_details("lab/cells", description="Mine", version=seen)
        assert (caught.value.yours, caught.value.present) == (seen, stored.version)
        assert caught.value.merge is not None
        assert caught.value.merge.is_clean
        assert staffed.record("lab/cells") == stored

    def test_a_stale_edit_of_another_field_is_joined_on_request(self, staffed: DatasetStore) -> None:
        seen = staffed.record("lab/cells").version
        staffed.update_details("lab/cells", display_name="Theirs")
        record = staffed.update_details("lab/cells", description="Mine", version=seen, merge=True)
        assert (record.display_name, record.description) == ("Theirs", "Mine")

    def test_two_edits_of_one_field_are_a_conflict_also_when_joined(self, staffed: DatasetStore) -> None:
        seen = staffed.record("lab/cells").version
        stored = staffed.update_details("lab/cells", display_name="Theirs", tags=["theirs"])
        with pytest.raises(EditConflict) as caught:
            staffed.update_details("lab/cells", display_name="Mine", version=seen, merge=True)
        assert caught.value.merge is not None
        (conflict,) = caught.value.merge.conflicts
        assert conflict.place == ("display_name",)
        assert [change.after for change in (*conflict.mine, *conflict.theirs)] == ["Mine", "Theirs"]
        assert staffed.record("lab/cells") == stored

    def test_a_conflict_is_settled_by_choosing(self, staffed: DatasetStore) -> None:
        seen = staffed.record("lab/cells").version
        staffed.update_details("lab/cells", display_name="Theirs", tags=["theirs"])
        with pytest.raises(EditConflict) as caught:
            staffed.update_details("lab/cells", display_name="Mine", version=seen)
        assert caught.value.merge is not None
        chosen = caught.value.merge.choose([("display_name",)])
        record = staffed.update_details("lab/cells", **chosen, version=caught.value.present)
        assert (record.display_name, record.tags) == ("Mine", ("theirs",))

    def test_the_same_edit_by_both_is_no_conflict_when_joined(self, staffed: DatasetStore) -> None:
        seen = staffed.record("lab/cells").version
        stored = staffed.update_details("lab/cells", display_name="Same")
        assert staffed.update_details("lab/cells", display_name="Same", version=seen, merge=True) == stored

    def test_both_may_add_metadata_of_their_own(self, staffed: DatasetStore) -> None:
        mine, theirs = MetadataEntry.of("mine", 1), MetadataEntry.of("theirs", 2)
        seen = staffed.record("lab/cells").version
        staffed.update_details("lab/cells", metadata=[theirs])
        record = staffed.update_details("lab/cells", metadata=[mine], version=seen, merge=True)
        assert {entry.key for entry in record.metadata} == {"mine", "theirs"}

    def test_an_edit_of_another_section_is_no_conflict(self, staffed: DatasetStore) -> None:
        seen = staffed.record("lab/cells").version
        staffed.update_view_configuration("lab/cells", {"zoom": 2})
        staffed.update_data_source("lab/cells", staffed.data_source("lab/cells").with_voxel_size((1, 2, 3)))
        assert staffed.update_details("lab/cells", tags=["x"], version=seen).tags == ("x",)

    def test_a_version_that_was_never_there_is_a_conflict(self, staffed: DatasetStore) -> None:
        present = staffed.record("lab/cells").version
        with pytest.raises(EditConflict) as caught:
            staffed.update_details("lab/cells", tags=["x"], version=present + 7)
        assert (caught.value.yours, caught.value.present) == (present + 7, present)

    def test_stale_permissions_are_a_conflict(self, staffed: DatasetStore) -> None:
        seen = staffed.record("lab/cells").version
        staffed.update_permissions("lab/cells", is_public=True)
        with pytest.raises(EditConflict):
            staffed.update_permissions("lab/cells", teams=[], version=seen)
        joined = staffed.update_permissions("lab/cells", teams=[], version=seen, merge=True)
        assert (joined.teams, joined.is_public) == ((), True)

    def test_who_was_faster_is_named(self, staffed: DatasetStore) -> None:
        seen = staffed.record("lab/cells").version
        self.act_as(staffed, "lab/ada").update_details("lab/cells", display_name="Theirs")
        with pytest.raises(EditConflict, match="ada changed the details of lab/cells"):
            staffed.update_details("lab/cells", display_name="Mine", version=seen)


class EditingTests(DetailsTests, PermissionsTests, ConflictTests):
    """Details and permissions."""
