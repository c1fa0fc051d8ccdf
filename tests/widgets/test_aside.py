"""Work aside: the newest call of a slot wins, and nothing of one slot overlaps."""

from __future__ import annotations

import threading

from voxshelf.widgets.aside import Aside


def test_a_call_runs_on_another_thread() -> None:
    aside, threads = Aside(), []
    aside.run("a", lambda: threads.append(threading.current_thread()))
    assert aside.wait()
    assert threads[0] is not threading.current_thread()


def test_of_the_calls_that_wait_only_the_newest_runs() -> None:
    aside, done, gate = Aside(), [], threading.Event()
    started = threading.Event()

    def hold() -> None:
        started.set()
        gate.wait(10)

    aside.run("a", hold)
    started.wait(10)
    for number in range(5):
        aside.run("a", lambda number=number: done.append(number))
    gate.set()
    assert aside.wait()
    assert done == [4]


def test_a_newer_call_within_the_delay_replaces_the_older_one() -> None:
    aside, done = Aside(), []
    aside.run("a", lambda: done.append("old"), delay=60)
    aside.run("a", lambda: done.append("new"))
    assert aside.wait()
    assert done == ["new"]


def test_slots_do_not_wait_for_each_other() -> None:
    aside, gate, done = Aside(), threading.Event(), threading.Event()
    aside.run("slow", lambda: gate.wait(10))
    aside.run("fast", done.set)
    assert done.wait(10)
    gate.set()
    assert aside.wait()


def test_a_call_that_fails_does_not_stop_the_slot() -> None:
    aside, done = Aside(), threading.Event()

    def fail() -> None:
        raise ZeroDivisionError

    aside.run("a", fail)
    assert aside.wait()
    aside.run("a", done.set)
    assert done.wait(10)


def test_a_failure_is_told() -> None:
    told: list[Exception] = []
    aside = Aside(told.append)

    def fail() -> None:
        raise ZeroDivisionError

    aside.run("a", fail)
    assert aside.wait()
    assert [type(error) for error in told] == [ZeroDivisionError]


def test_what_was_dropped_does_not_run() -> None:
    aside, done = Aside(), []
    aside.run("a", lambda: done.append(1), delay=60)
    aside.drop()
    assert aside.wait()
    assert done == []
