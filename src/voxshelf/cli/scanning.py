"""``voxshelf scan``: look at the disk now, or keep looking."""

from __future__ import annotations

import signal
import threading
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer

from voxshelf.cli.printing import JsonOption, RootOption, print_json
from voxshelf.model import ChangeKind
from voxshelf.wiring import open_store

if TYPE_CHECKING:
    from collections.abc import Iterator

    from voxshelf.model import ChangeEvent, ScanReport
    from voxshelf.store import DatasetStore

__all__ = ["scan"]


def scan(
    *,
    root: RootOption = None,
    watch: Annotated[bool, typer.Option("--watch", help="Keep looking until Ctrl-C.")] = False,
    every: Annotated[
        float, typer.Option(min=1, help="With --watch: look at least that often, in seconds.")
    ] = 600,
    accept_loss: Annotated[
        bool, typer.Option("--accept-loss", help="Believe it if every dataset is gone at once.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Look at the disk now, or keep looking.

    Tells which datasets are new, changed, gone or broken. With --watch it keeps looking, and every change is told as it happens, those by others too; as JSON, one
    object per line.
    """
    with open_store(root) as store:
        report = store.refresh(accept_loss=accept_loss)
        broken = {key: store.record(key).status_message for key in report.broken}
        _tell(report, broken, as_json=as_json, on_one_line=watch)
        if watch:
            _keep_looking(store, timedelta(seconds=every), as_json=as_json)


def _tell(report: ScanReport, broken: dict[str, str], *, as_json: bool, on_one_line: bool) -> None:
    if as_json:
        print_json({**report.model_dump(mode="json"), "messages": broken}, on_one_line=on_one_line)
        return
    typer.echo(str(report))
    for line in _changes(report):
        typer.echo(line)
    for key, message in broken.items():
        typer.echo(f"broken: {key}: {message}", err=True)


def _changes(report: ScanReport) -> list[str]:
    named = (
        ("new", report.found),
        ("changed", report.changed),
        ("back", report.returned),
        ("gone", report.vanished),
    )
    return [f"  {label}: {key}" for label, keys in named for key in keys]


def _keep_looking(store: DatasetStore, every: timedelta, *, as_json: bool) -> None:
    def tell(event: ChangeEvent) -> None:
        if as_json:
            print_json(event, on_one_line=True)
        else:
            typer.echo(f"  {event.kind}: {event.key}{_state(store, event)}")

    store.changed.connect(tell)
    with store.keep_refreshed(every), _until_stopped() as stopped:
        typer.echo("Watching; Ctrl-C ends it.", err=True)
        stopped.wait()
    store.changed.disconnect(tell)


def _state(store: DatasetStore, event: ChangeEvent) -> str:
    """What became of the dataset, in a word."""
    record = None if event.kind is ChangeKind.ACCESS else store.get(event.key)
    return "" if record is None else f" ({record.status})"


@contextmanager
def _until_stopped() -> Iterator[threading.Event]:
    """An event that Ctrl-C, or whoever ends this process politely, sets."""
    stopped = threading.Event()

    def stop(*_: Any) -> None:
        stopped.set()

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stopped
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
