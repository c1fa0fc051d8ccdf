from __future__ import annotations

from typing import Any

import pytest

from voxshelf.errors import (
    InvalidDataSourceError,
    NameTakenError,
    OperationCancelledError,
    StoreUnavailableError,
)
from voxshelf.model import ChangeKind, DatasetStatus, Problem
from voxshelf.widgets.upload import Stage, UploadState

FULL = StoreUnavailableError("There is no room left.", hint="Delete something.")
HEAD, TAIL = b"PK\x03\x04", b"PK\x05\x06" + 18 * b"\0"


def only(state: UploadState) -> Any:
    (item,) = state.items
    return item


def test_a_chosen_file_is_what_the_browser_is_to_send(state: Any, choose: Any) -> None:
    item = choose("mouse brain.zip")
    assert (state.job.item, state.job.token, state.job.offset) == (item.id, "mouse brain.zip", 0)
    assert (item.key, item.stage) == ("lab/mouse_brain", Stage.SENDING)


def test_pieces_in_order_make_a_dataset(state: Any, store: Any, choose: Any, content: bytes) -> None:
    choose()
    run = state.job.run
    state.take(run, 0, content[:100])
    state.take(run, 100, content[100:])
    assert bytes(store.uploads.data["u1"]) == content
    assert (only(state).stage, state.finished, state.job) == (Stage.READY, "lab/fresh", None)


def test_progress_is_what_the_store_has(state: Any, choose: Any, send: Any) -> None:
    choose()
    send(90)
    assert only(state).offset == 90


def test_a_piece_of_an_older_job_is_not_taken(state: Any, store: Any, choose: Any, content: bytes) -> None:
    choose()
    state.take(state.job.run - 1, 0, content)
    assert store.uploads.data["u1"] == b""


def test_where_a_piece_is_missing_a_new_job_asks_for_it(state: Any, choose: Any, content: bytes) -> None:
    choose()
    first = state.job
    state.take(first.run, 50, content[50:])
    assert state.job.run > first.run
    assert (state.job.offset, only(state).stage) == (0, Stage.SENDING)


def test_where_answers_were_lost_a_new_job_begins_at_what_the_store_has(
    state: Any, store: Any, choose: Any, send: Any
) -> None:
    choose()
    run = state.job.run
    send(50)
    store.uploads.append("u1", 50, b"x" * 20)
    state.stalled(run)
    assert state.job.run > run
    assert state.job.offset == 70


def test_a_page_that_stalled_in_an_ended_job_changes_nothing(state: Any, choose: Any) -> None:
    choose()
    run = state.job.run
    state.stalled(run - 1)
    assert state.job.run == run


def test_files_are_sent_one_after_the_other(state: Any, choose: Any, send: Any) -> None:
    first, second = choose("one.zip"), choose("two.zip")
    assert (state.job.item, second.stage) == (first.id, Stage.WAITING)
    send()
    assert state.job.item == second.id


def test_the_next_file_is_sent_while_the_one_before_is_unpacked(
    state: Any, store: Any, choose: Any, send: Any
) -> None:
    seen = []
    choose("one.zip")
    store.uploads.while_finishing = lambda progress: seen.append(state.items[0].stage)
    send()
    assert seen == [Stage.UNPACKING]


def test_unpacking_tells_how_far_it_is(state: Any, store: Any, choose: Any, send: Any) -> None:
    seen = []

    def unpacking(progress: Any) -> None:
        progress(0.5)
        seen.append(only(state).fraction)

    store.uploads.while_finishing = unpacking
    choose()
    send()
    assert seen == [0.5]


def test_pausing_lets_the_next_file_go_first(state: Any, choose: Any) -> None:
    first, second = choose("one.zip"), choose("two.zip")
    state.pause(first.id)
    assert state.job.item == second.id
    assert state.items[0].stage is Stage.PAUSED


def test_resuming_goes_on_at_what_the_store_has(state: Any, choose: Any, send: Any) -> None:
    item = choose()
    send(90)
    state.pause(item.id)
    assert state.job is None
    state.resume(item.id)
    assert state.job.offset == 90


def test_bytes_that_come_after_a_pause_are_dropped(
    state: Any, store: Any, choose: Any, content: bytes
) -> None:
    item = choose()
    run = state.job.run
    state.pause(item.id)
    state.take(run, 0, content)
    assert store.uploads.data["u1"] == b""


def test_cancelling_forgets_what_arrived(state: Any, store: Any, choose: Any, send: Any) -> None:
    item = choose()
    send(90)
    state.cancel(item.id)
    assert (state.items, state.job, store.uploads.cancelled) == ((), None, ["u1"])


def test_cancelling_while_it_is_unpacked_stops_that(state: Any, store: Any, choose: Any, send: Any) -> None:
    def unpacking(_progress: Any) -> None:
        state.cancel(state.items[0].id)
        store.uploads.fails["finish"] = OperationCancelledError("Unpacking was cancelled.")

    store.uploads.while_finishing = unpacking
    choose()
    send()
    assert (state.items, state.finished, store.uploads.cancelled) == ((), None, ["u1"])


def test_a_taken_name_asks_for_another_one(state: Any, choose: Any) -> None:
    item = choose("brain.zip")
    assert (item.stage, item.message.text) == (Stage.NEEDS_NAME, "There is already a dataset lab/brain.")
    state.rename(item.id, " brain_2 ")
    assert (only(state).stage, only(state).key) == (Stage.SENDING, "lab/brain_2")


def test_an_empty_name_is_not_tried(state: Any, choose: Any) -> None:
    item = choose("brain.zip")
    state.rename(item.id, "  ")
    assert only(state).stage is Stage.NEEDS_NAME


def test_a_taken_name_does_not_hold_up_the_next_file(state: Any, choose: Any) -> None:
    choose("brain.zip")
    other = choose("other.zip")
    assert state.job.item == other.id


def test_a_full_disk_stops_it_and_trying_again_goes_on(
    state: Any, store: Any, choose: Any, send: Any
) -> None:
    item = choose()
    send(90)
    store.uploads.fails["append"] = FULL
    send(10)
    failed = only(state)
    assert (failed.stage, failed.message.text, failed.message.hint) == (
        Stage.FAILED,
        "There is no room left.",
        "Delete something.",
    )
    state.resume(item.id)
    assert (state.job.offset, only(state).message.text) == (90, "")


def test_what_the_store_refuses_at_once_is_said_and_can_be_tried_again(
    state: Any, store: Any, choose: Any
) -> None:
    store.uploads.fails["begin"] = FULL
    item = choose()
    assert (item.stage, item.can_retry) == (Stage.FAILED, True)
    state.resume(item.id)
    assert only(state).stage is Stage.SENDING


def test_an_upload_that_was_cancelled_elsewhere_begins_anew(
    state: Any, store: Any, choose: Any, send: Any
) -> None:
    item = choose()
    send(90)
    store.uploads.cancel("u1")
    send(10)
    assert only(state).stage is Stage.FAILED
    state.resume(item.id)
    assert state.job.offset == 0


def test_a_new_page_interrupts_what_the_old_one_was_sending(state: Any, choose: Any, send: Any) -> None:
    choose()
    send(90)
    state.page_opened("another page")
    assert (only(state).stage, state.job) == (Stage.INTERRUPTED, None)
    assert "Choose the same file again" in only(state).message.hint


def test_a_page_that_is_still_there_goes_on(state: Any, choose: Any, send: Any) -> None:
    choose()
    send(90)
    calls = state.roll_calls
    state.page_opened("another page")
    assert state.roll_calls == calls + 1
    state.page_is_here("page")
    assert (only(state).stage, state.job.session, state.job.offset) == (Stage.SENDING, "page", 90)


def test_the_same_file_chosen_again_goes_on_where_it_stopped(state: Any, choose: Any, send: Any) -> None:
    choose()
    send(90)
    state.page_opened("another page")
    choose(session="another page")
    assert (state.job.session, state.job.offset) == ("another page", 90)
    assert len(state.items) == 1


def test_another_file_is_not_taken_for_an_interrupted_one(
    state: Any, chosen: Any, choose: Any, send: Any
) -> None:
    item = choose()
    send(90)
    state.page_opened("another page")
    state.choose(chosen("other.zip", session="another page"), HEAD, TAIL, instead_of=item.id)
    assert only(state).stage is Stage.INTERRUPTED
    assert "other.zip is not the file" in only(state).message.text


def test_a_file_that_can_no_longer_be_read_has_to_be_chosen_again(state: Any, choose: Any, send: Any) -> None:
    choose()
    send(90)
    state.file_failed(state.job.run, "it is gone.")
    assert (only(state).stage, state.job) == (Stage.INTERRUPTED, None)
    choose()
    assert state.job.offset == 90


def test_resuming_without_the_file_asks_for_it(state: Any, choose: Any) -> None:
    item = choose()
    state.pause(item.id)
    state.page_opened("another page")
    state.resume(item.id)
    assert only(state).stage is Stage.INTERRUPTED


def test_what_was_begun_before_the_kernel_started_is_listed(
    store: Any, state: Any, choose: Any, send: Any, at_once: Any
) -> None:
    choose()
    send(90)
    later = UploadState(store, aside=at_once)
    assert (only(later).stage, only(later).file_name, only(later).offset) == (
        Stage.INTERRUPTED,
        "fresh.zip",
        90,
    )


def test_it_goes_on_when_the_same_file_is_chosen(
    store: Any, state: Any, choose: Any, send: Any, chosen: Any, at_once: Any
) -> None:
    choose()
    send(90)
    later = UploadState(store, aside=at_once)
    later.page_opened("new")
    later.choose(chosen(session="new"), HEAD, TAIL)
    assert (len(later.items), later.job.offset) == (1, 90)


def test_what_arrived_whole_but_was_not_unpacked_can_be_unpacked(
    store: Any, state: Any, choose: Any, send: Any, at_once: Any
) -> None:
    store.uploads.fails["finish"] = FULL
    choose()
    send()
    later = UploadState(store, aside=at_once)
    assert (only(later).stage, only(later).can_retry) == (Stage.FAILED, True)
    later.resume(only(later).id)
    assert only(later).stage is Stage.READY


def test_a_broken_archive_is_told_with_everything_that_is_wrong(
    state: Any, store: Any, choose: Any, send: Any
) -> None:
    problem = Problem(place=(), message="There is no layer in it.")
    store.uploads.fails["finish"] = InvalidDataSourceError(
        "It cannot be used.", hint="Mend it.", problems=[problem]
    )
    choose()
    send()
    assert (only(state).stage, only(state).can_retry) == (Stage.FAILED, False)
    assert only(state).problems == (problem,)


def test_a_name_that_was_taken_meanwhile_can_be_tried_again(
    state: Any, store: Any, choose: Any, send: Any
) -> None:
    store.uploads.fails["finish"] = NameTakenError("There is already a dataset lab/fresh.")
    item = choose()
    send()
    assert (only(state).stage, only(state).can_retry) == (Stage.FAILED, True)
    state.resume(item.id)
    assert only(state).stage is Stage.READY


def test_what_comes_without_json_waits_for_its_import(state: Any, store: Any, choose: Any, send: Any) -> None:
    store.uploads.status = DatasetStatus.NOT_IMPORTED
    choose()
    send()
    assert (only(state).stage, state.finished) == (Stage.NOT_IMPORTED, "lab/fresh")


def test_an_import_makes_it_ready(state: Any, store: Any, record: Any, choose: Any, send: Any) -> None:
    store.uploads.status = DatasetStatus.NOT_IMPORTED
    choose()
    send()
    store.put(record("lab/fresh"), ChangeKind.IMPORTED)
    assert only(state).stage is Stage.READY


def test_a_file_that_is_in_the_list_is_not_taken_twice(state: Any, choose: Any) -> None:
    choose()
    choose()
    assert len(state.items) == 1
    assert state.message.text == "fresh.zip is in the list already."


def test_a_file_that_is_no_zip_is_refused_before_anything_is_sent(state: Any, chosen: Any) -> None:
    state.choose(chosen("scan.tif"), b"II*\0", TAIL)
    assert (state.items, state.job) == ((), None)
    assert state.message.text == "scan.tif is not a ZIP file."


def test_the_chosen_organization_is_where_it_goes(state: Any, choose: Any) -> None:
    state.organization = "clinic"
    assert choose().key == "clinic/fresh"


def test_what_could_not_begin_in_one_organization_may_go_to_another(
    state: Any, store: Any, choose: Any
) -> None:
    store.uploads.fails["begin"] = FULL
    state.organization = "clinic"
    item = choose()
    state.organization = "lab"
    state.resume(item.id)
    assert only(state).key == "lab/fresh"


def test_a_done_upload_leaves_the_list_and_its_dataset_stays(
    state: Any, store: Any, choose: Any, send: Any
) -> None:
    item = choose()
    send()
    state.dismiss(item.id)
    assert state.items == ()
    assert "lab/fresh" in store.records


def test_an_upload_under_way_cannot_be_dismissed(state: Any, choose: Any) -> None:
    item = choose()
    state.dismiss(item.id)
    assert only(state).id == item.id


def test_a_warning_of_the_store_is_shown_while_it_is_sent(state: Any, store: Any, choose: Any) -> None:
    original = store.uploads.begin
    store.uploads.begin = lambda *a, **k: type(original(*a, **k))(
        **vars(original(*a, **k)) | {"warning": "So much!"}
    )
    assert choose().message.text == "So much!"


def test_nothing_is_followed_after_the_end(
    state: Any, store: Any, record: Any, choose: Any, send: Any
) -> None:
    store.uploads.status = DatasetStatus.NOT_IMPORTED
    choose()
    send()
    state.close()
    store.put(record("lab/fresh"), ChangeKind.IMPORTED)
    assert only(state).stage is Stage.NOT_IMPORTED


@pytest.mark.parametrize("method", ["append", "begin", "finish"])
def test_an_unforeseen_disk_error_is_said_in_words(
    state: Any, store: Any, choose: Any, send: Any, method: str
) -> None:
    store.uploads.fails[method] = OSError("the disk went away")
    choose()
    if state.job is not None:
        send()
    assert "the disk went away" in only(state).message.text
