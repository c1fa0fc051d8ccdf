from __future__ import annotations

import threading
from contextvars import ContextVar, copy_context
from typing import Any

import pytest
import traitlets

from voxshelf.widgets.theme.answering import Answering

ASKED: ContextVar[str] = ContextVar("asked", default="nobody")


class Talker(Answering):
    _esm = "export default {}"
    word = traitlets.Unicode("").tag(sync=True)


class Wire:
    """In place of the connection: notes in whose name something is sent."""

    comm_id = "wire"
    kernel = True  # somebody listens

    def __init__(self) -> None:
        self.sent: list[tuple[str, Any]] = []

    def send(self, data: Any = None, buffers: Any = None) -> None:
        self.sent.append((ASKED.get(), data))

    def on_msg(self, _callback: Any) -> None: ...

    def close(self, *_args: Any, **_named: Any) -> None: ...


@pytest.fixture
def talker() -> Talker:
    talker = Talker()
    talker.comm = Wire()
    return talker


def say(talker: Talker, who: str, message: dict[str, Any]) -> None:
    def arrive() -> None:
        ASKED.set(who)
        talker._handle_custom_msg(message, [])

    copy_context().run(arrive)


def senders(talker: Talker) -> list[str]:
    return [who for who, _ in talker.comm.sent]


def test_being_there_is_answered(talker: Talker) -> None:
    say(talker, "the page", {"k": "here"})
    ((who, data),) = talker.comm.sent
    assert (who, data["content"]) == ("the page", {"k": "heard"})


def test_what_another_thread_sends_answers_the_last_message(talker: Talker) -> None:
    say(talker, "the page", {"k": "do"})
    thread = threading.Thread(target=lambda: setattr(talker, "word", "done"))
    thread.start()
    thread.join()
    assert senders(talker) == ["the page"]


def test_what_a_cell_sends_does_so_too(talker: Talker) -> None:
    say(talker, "the page", {"k": "do"})
    ASKED.set("a cell")
    talker.send({"k": "news"})
    talker.word = "more"
    assert senders(talker) == ["the page", "the page"]
