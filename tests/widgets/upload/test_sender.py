from __future__ import annotations

import ast
from typing import Any

import pytest

from voxshelf.errors import InvalidDataSourceError
from voxshelf.model import Problem
from voxshelf.widgets.upload import Action, Stage
from voxshelf.widgets.upload.python_lines import upload_lines
from voxshelf.widgets.upload.sender import Sender

TEN_MEBIBYTES = 10 << 20


@pytest.fixture
def acted() -> list[Any]:
    return []


@pytest.fixture
def sender(state: Any, acted: list[Any]) -> Sender:
    return Sender(state, lambda action, item: acted.append((action, item)))


class Browser:
    """Plays the page, with buffers."""

    def __init__(self, sender: Sender) -> None:
        self.sender = sender
        self.heard: list[Any] = []
        sender.send = lambda content, buffers=None: self.heard.append(content)

    def say(self, content: dict[str, Any], *buffers: bytes) -> None:
        self.sender._handle_custom_msg({"session": "page", **content}, [memoryview(data) for data in buffers])

    def choose(self, name: str, content: bytes, **more: Any) -> None:
        facts = {"name": name, "size": len(content), "modified": 7, "token": name}
        self.say({"k": "file", **facts, **more}, content[:4], content[-30:])


@pytest.fixture
def front(sender: Sender) -> Browser:
    front = Browser(sender)
    front.say({"k": "opened"})
    return front


def test_a_piece_stays_below_what_jupyters_server_takes(sender: Sender) -> None:
    assert sender.piece < TEN_MEBIBYTES


def test_a_chosen_file_appears_as_a_row_and_as_the_job(front: Any, sender: Any, content: bytes) -> None:
    front.choose("fresh.zip", content)
    (row,) = sender.rows
    assert (row["file"], row["key"], row["stage"]) == ("fresh.zip", "lab/fresh", "sending")
    assert (sender.job["token"], sender.job["offset"]) == ("fresh.zip", 0)


def test_a_piece_is_stored_before_it_is_acknowledged(
    front: Any, sender: Any, store: Any, content: bytes
) -> None:
    front.choose("fresh.zip", content)
    front.say({"k": "piece", "run": sender.job["run"], "offset": 0, "number": 5}, content[:50])
    assert store.uploads.data["u1"] == content[:50]
    assert front.heard[-1] == {"k": "taken", "session": "page", "number": 5}


def test_a_piece_of_an_ended_job_is_acknowledged_too(front: Any, content: bytes) -> None:
    front.say({"k": "piece", "run": 99, "offset": 0, "number": 6}, content[:50])
    assert front.heard[-1]["number"] == 6


def test_progress_travels_apart_from_the_rows(front: Any, sender: Any, state: Any, content: bytes) -> None:
    front.choose("fresh.zip", content)
    run, half = sender.job["run"], len(content) // 2
    front.say({"k": "piece", "run": run, "offset": 0, "number": 1}, content[:10])
    rows = sender.rows
    sender._shown = 0.0
    front.say({"k": "piece", "run": run, "offset": 10, "number": 2}, content[10:half])
    assert sender.rows == rows
    ((share, _),) = sender.progress.values()
    assert share == pytest.approx(0.5, abs=0.01)


def test_another_page_makes_the_first_one_answer(front: Any, sender: Any, content: bytes) -> None:
    front.choose("fresh.zip", content)
    front.say({"k": "opened", "session": "two"})
    assert {"k": "roll call"} in front.heard
    assert sender.rows[0]["stage"] == "interrupted"
    front.say({"k": "here"})
    assert sender.rows[0]["stage"] == "sending"


def test_a_file_that_cannot_be_read_has_to_be_chosen_again(front: Any, sender: Any, content: bytes) -> None:
    front.choose("fresh.zip", content)
    front.say({"k": "unreadable", "run": sender.job["run"], "reason": "it was moved."})
    assert sender.rows[0]["actions"][0] == ["choose", "Choose file…"]


@pytest.mark.parametrize(
    ("action", "stage"), [(Action.PAUSE, "paused"), (Action.CANCEL, None), (Action.RESUME, "sending")]
)
def test_buttons_do_what_they_say(
    front: Any, sender: Any, content: bytes, action: Action, stage: Any
) -> None:
    front.choose("fresh.zip", content)
    front.say({"k": "do", "item": sender.rows[0]["id"], "action": action.value})
    assert [row["stage"] for row in sender.rows] == ([stage] if stage else [])


def test_a_new_name_is_tried(front: Any, sender: Any, content: bytes) -> None:
    front.choose("brain.zip", content)
    assert sender.rows[0]["name"] == "brain"
    front.say({"k": "do", "item": sender.rows[0]["id"], "action": "rename", "text": "brain_b"})
    assert sender.rows[0]["key"] == "lab/brain_b"


def test_showing_a_dataset_is_left_to_the_panel(
    front: Any, acted: list[Any], sender: Any, content: bytes
) -> None:
    front.choose("fresh.zip", content)
    front.say({"k": "do", "item": sender.rows[0]["id"], "action": "open"})
    assert acted == [(Action.OPEN, sender.rows[0]["id"])]


def test_what_people_wrote_is_escaped(front: Any, sender: Any, store: Any, content: bytes) -> None:
    problem = Problem(place=(), message="<script>alert(1)</script> is no name.")
    store.uploads.fails["finish"] = InvalidDataSourceError("<b>", problems=[problem])
    front.choose("fresh.zip", content)
    front.say({"k": "piece", "run": sender.job["run"], "offset": 0, "number": 1}, content)
    says = sender.rows[0]["says"]
    assert "<script>" not in says
    assert "<b>" not in says


def test_cancelling_what_arrived_is_asked_twice(front: Any, sender: Any, content: bytes) -> None:
    front.choose("fresh.zip", content)
    assert not sender.rows[0]["loses"]
    front.say({"k": "piece", "run": sender.job["run"], "offset": 0, "number": 1}, content[:50])
    assert sender.rows[0]["loses"]


def test_the_python_lines_are_python_and_name_the_upload(choose: Any) -> None:
    code = upload_lines(choose('my "brain".zip'))
    ast.parse(code)
    assert 'store.uploads.begin("my_brain", ' in code
    assert 'organization="lab"' in code


def test_without_an_upload_there_is_no_python_line() -> None:
    assert upload_lines(None) == ""


def test_every_stage_has_something_to_do(choose: Any) -> None:
    item = choose()
    for stage in Stage:
        assert type(item)(**vars(item) | {"stage": stage}).actions
