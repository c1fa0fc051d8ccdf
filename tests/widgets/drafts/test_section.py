"""The logic of a form over a draft, against a real store."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from voxshelf.widgets.theme import Message

if TYPE_CHECKING:
    from collections.abc import Callable

    from voxshelf.store import LocalDatasetStore

KEY = "lab/cells"


def test_an_edit_is_unsaved_until_it_is_saved(section: Any, lab: LocalDatasetStore) -> None:
    section.put(display_name="Cells")
    assert section.unsaved == ("Display name",)
    section.save()
    assert section.unsaved == ()
    assert lab.record(KEY).display_name == "Cells"


def test_saving_shows_the_line_of_python_that_does_the_same(section: Any, lab: LocalDatasetStore) -> None:
    section.put(display_name="Cells")
    section.save()
    assert section.python == lab.history(KEY)[0].python
    assert "update_details" in section.python


def test_what_was_saved_is_no_longer_said_once_something_is_unsaved(section: Any) -> None:
    section.put(display_name="Cells")
    section.save()
    assert section.message.text == "Saved."
    section.put(description="From 2026.")
    assert (section.message.text, section.python) == ("", "")


def test_what_was_saved_is_not_said_beside_what_is_wrong(section: Any) -> None:
    section.put(display_name="Cells")
    section.save()
    section.put(display_name="Cells!")
    assert section.hindrances
    assert (section.message.text, section.python) == ("", "")


def test_the_old_python_goes_also_where_other_news_came_meanwhile(
    section: Any, ada: LocalDatasetStore, follow: Callable[[], None]
) -> None:
    section.put(display_name="Cells")
    section.save()
    ada.update_details(KEY, description="Hers.")
    follow()
    section.put(display_name="More cells")
    assert section.message.text.startswith("ada changed Description")
    assert section.python == ""


def test_beside_an_error_stands_no_old_python(section: Any) -> None:
    section.put(display_name="Cells")
    section.save()
    section.lose(Message("It is gone.", "error"))
    assert section.message.text == "It is gone."
    assert section.python == ""


def test_news_of_others_leave_the_python_of_what_was_saved(
    section: Any, ada: LocalDatasetStore, follow: Callable[[], None]
) -> None:
    section.put(display_name="Cells")
    section.save()
    ada.update_details(KEY, description="Hers.")
    follow()
    assert "Cells" in section.python


def test_saving_without_edits_does_nothing(section: Any, lab: LocalDatasetStore) -> None:
    section.save()
    assert lab.history(KEY) == ()


def test_what_hinders_saving_is_said_and_nothing_is_saved(section: Any, lab: LocalDatasetStore) -> None:
    section.put(display_name="Cells!")
    section.save()
    assert section.hindrances == ((("display_name",), "Do not shout."),)
    assert lab.record(KEY).display_name == ""


def test_what_is_stored_wrongly_is_nobodys_edit(lab: LocalDatasetStore, at_once: Any, section: Any) -> None:
    lab.update_details(KEY, display_name="Loud!")
    fresh = type(section)(lab, KEY, at_once)
    fresh.follow(lab.record(KEY))
    assert (len(fresh.hindrances), fresh.unsaved) == (1, ())


def test_a_change_of_something_else_is_no_part_of_an_old_conflict(
    section: Any, ada: LocalDatasetStore, follow: Callable[[], None]
) -> None:
    section.put(display_name="Mine")
    ada.update_details(KEY, display_name="Hers")
    follow()
    ada.update_details(KEY, description="Hers too.")
    follow()
    assert section.message.text == "ada changed Description just now; it is shown here."


def test_discarding_shows_what_is_stored(section: Any) -> None:
    section.put(display_name="Cells")
    section.discard()
    assert (section.draft.mine["display_name"], section.unsaved) == ("", ())


def test_what_somebody_else_changed_is_shown_with_her_name(
    section: Any, ada: LocalDatasetStore, follow: Callable[[], None]
) -> None:
    section.put(display_name="Cells")
    ada.update_details(KEY, description="From 2026.")
    follow()
    assert section.draft.mine == {"display_name": "Cells", "description": "From 2026."}
    assert section.message.text.startswith("ada changed Description")


def test_what_one_changed_oneself_elsewhere_is_said_so(
    section: Any, lab: LocalDatasetStore, follow: Callable[[], None]
) -> None:
    lab.update_details(KEY, description="From a script.")
    follow()
    assert section.message.text == "You, elsewhere, changed Description just now; it is shown here."


def test_what_one_took_back_oneself_is_said_so(
    section: Any, lab: LocalDatasetStore, follow: Callable[[], None]
) -> None:
    lab.update_details(KEY, description="From a script.")
    follow()
    lab.undo(KEY, lab.history(KEY)[0].id)
    follow()
    assert section.message.text == "You, with Undo, changed Description just now; it is shown here."


def test_what_is_typed_while_saving_stays_an_edit(section: Any, lab: LocalDatasetStore) -> None:
    def type_on(_event: Any) -> None:
        section.put(description="typed meanwhile")

    section.put(display_name="Cells")
    lab.changed.connect(type_on)
    section.save()
    lab.changed.disconnect(type_on)
    assert section.unsaved == ("Description",)
    assert (lab.record(KEY).display_name, lab.record(KEY).description) == ("Cells", "")


def test_both_changed_the_same_and_nothing_is_saved_before_the_choice(
    section: Any, lab: LocalDatasetStore, ada: LocalDatasetStore, follow: Callable[[], None]
) -> None:
    section.put(display_name="Mine")
    ada.update_details(KEY, display_name="Hers")
    follow()
    assert not section.can_save
    section.save()
    assert lab.record(KEY).display_name == "Hers"


def test_after_the_choice_mine_can_be_saved(
    section: Any, lab: LocalDatasetStore, ada: LocalDatasetStore, follow: Callable[[], None]
) -> None:
    section.put(display_name="Mine")
    ada.update_details(KEY, display_name="Hers")
    follow()
    section.choose(("display_name",), mine=True)
    section.save()
    assert lab.record(KEY).display_name == "Mine"


def test_a_conflict_that_is_found_only_by_saving_is_shown(
    section: Any, lab: LocalDatasetStore, ada: LocalDatasetStore
) -> None:
    section.put(display_name="Mine")
    ada.update_details(KEY, display_name="Hers")
    section.save()
    assert [conflict.place for conflict in section.conflicts] == [("display_name",)]
    assert "nothing was saved" in section.message.text
    assert lab.record(KEY).display_name == "Hers"


def test_edits_of_different_values_go_together_without_a_question(
    section: Any, lab: LocalDatasetStore, ada: LocalDatasetStore
) -> None:
    section.put(display_name="Mine")
    ada.update_details(KEY, description="Hers.")
    section.save()
    record = lab.record(KEY)
    assert (record.display_name, record.description) == ("Mine", "Hers.")
    assert section.draft.mine["description"] == "Hers."


def test_what_the_store_tidied_is_no_conflict(section: Any, lab: LocalDatasetStore) -> None:
    section.put(display_name="  Cells  ")
    section.save()
    assert section.conflicts == ()
    assert section.draft.mine["display_name"] == "Cells"


def test_an_older_record_that_comes_late_changes_nothing(section: Any, lab: LocalDatasetStore) -> None:
    old = lab.record(KEY)
    section.put(display_name="Cells")
    section.save()
    section.follow(old)
    assert section.draft.mine["display_name"] == "Cells"


def test_whoever_may_not_edit_is_told_why_and_whom_to_ask(
    lab: LocalDatasetStore, at_once: Any, section: Any
) -> None:
    lab.update_permissions(KEY, is_public=True)
    mia = lab.acting_as("lab/mia")
    hers = type(section)(mia, KEY, at_once)
    hers.follow(mia.record(KEY))
    hers.put(display_name="Mine")
    assert not hers.can_save
    assert "mia may not edit lab/cells" in hers.refusal
    assert "Ada" in hers.refusal


def test_a_right_that_was_taken_away_while_editing_is_said_and_the_edit_stays(
    lab: LocalDatasetStore, at_once: Any, section: Any
) -> None:
    lab.people.update_user("mia", is_dataset_manager=True, organization="lab")
    lab.update_permissions(KEY, is_public=True)
    mia = lab.acting_as("lab/mia")
    hers = type(section)(mia, KEY, at_once)
    hers.follow(mia.record(KEY))
    hers.put(display_name="Mine")
    lab.people.update_user("mia", is_dataset_manager=False, organization="lab")
    hers.save()
    assert hers.message.tone == "error"
    assert hers.refusal
    assert hers.draft.mine["display_name"] == "Mine"


def test_a_dataset_that_is_lost_keeps_its_edits_and_cannot_be_saved(section: Any) -> None:
    section.put(display_name="Mine")
    section.lose(Message("It is gone.", "warning"))
    assert not section.can_save
    assert section.unsaved == ("Display name",)


def test_a_dataset_that_is_there_again_says_no_longer_that_it_is_lost(
    section: Any, lab: LocalDatasetStore
) -> None:
    section.lose(Message("It is gone.", "warning"))
    section.follow(lab.record(KEY))
    assert section.message.text == ""


def test_is_edited_looks_at_a_place_and_what_lies_in_it(section: Any) -> None:
    section.put(display_name="Mine")
    assert section.is_edited("display_name")
    assert not section.is_edited("description")
