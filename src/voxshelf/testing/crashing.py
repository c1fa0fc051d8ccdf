"""Kill a process that works with a store, again and again, and look at what the next one finds.

``python -m voxshelf.testing.crashing ROOT URL SEED ROUNDS`` prints one JSON object per round: what was being done
when the kill came, and everything that is wrong afterwards. Each round has its own dice, so that it can be repeated.
Half of the kills come after a number of function calls, which is a point between two system calls; the others after
some time, which may be within one. Nothing here waits for a store to become consistent: it has to be.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from voxshelf.errors import VoxshelfError
from voxshelf.model import VoxelSize
from voxshelf.store import LocalDatasetStore
from voxshelf.testing.archives import packed_dataset
from voxshelf.testing.crash_findings import findings
from voxshelf.testing.folders import write_dataset

if TYPE_CHECKING:
    from collections.abc import Callable

MOST_CALLS = 150_000
LONGEST = 0.15
MANY = 8

_ARCHIVE = packed_dataset()


@dataclass
class Worker:
    """Does one thing after the other with a store, for ever; the dice decide what.

    Parameters
    ----------
    store : LocalDatasetStore
        Opened by this very process.
    dice : Random
        Of the round.
    tell : callable
        Is given the name of each thing before it is begun.
    """

    store: LocalDatasetStore
    dice: random.Random
    tell: Callable[[str], object]

    def work(self) -> None:
        """Until the end."""
        while True:
            name = self.dice.choice(_DEEDS)
            self.tell(name)
            with suppress(VoxshelfError, IndexError):  # such as: nothing there to be restored
                getattr(self, f"_{name}")()

    def _key(self) -> str:
        return self.dice.choice(list(self.store))

    def _new_name(self) -> str:
        return f"{self.dice.randrange(16**8):08x}"

    def _import(self) -> None:
        key = f"lab/copied_{self._new_name()}"
        away = self.store.root / "lab" / ".copying" / key
        write_dataset(away.parent.parent, key, with_json=False)
        away.rename(self.store.root / key)  # somebody's copy is complete; the store's part begins
        source = (
            self.store.propose_import(key).with_value(("voxel_size",), VoxelSize((1, 1, 1))).data_source()
        )
        self.store.import_dataset(key, source)

    def _upload(self) -> None:
        under_way = self.store.uploads.list()
        name = f"sent_{self._new_name()}"
        info = (
            under_way[0] if under_way else self.store.uploads.begin(name, len(_ARCHIVE), organization="lab")
        )
        while info.offset < info.size:
            piece = _ARCHIVE[info.offset : info.offset + len(_ARCHIVE) // 3]
            info = self.store.uploads.append(info.id, info.offset, piece)
        self.store.uploads.finish(info.id)

    def _details(self) -> None:
        number = self.dice.randrange(1000)
        text, tags = f"# Number {number}\n" * 20, [f"tag {number}", f"tag {number % 7}"]
        self.store.update_details(self._key(), display_name=f"Name {number}", description=text, tags=tags)

    def _data(self) -> None:
        key = self._key()
        source = self.store.data_source(key).with_voxel_size((1 + self.dice.randrange(1000), 1, 1))
        self.store.update_data_source(key, source)

    def _rename(self) -> None:
        key = self._key()
        source = self.store.data_source(key)
        self.store.update_data_source(key, source.renamed_layer(source.layers[0].name, self._new_name()))

    def _view(self) -> None:
        self.store.update_view_configuration(self._key(), {"zoom": 1 + self.dice.randrange(1000)})

    def _undo(self) -> None:
        key = self._key()
        self.store.undo(key, self.dice.choice(self.store.history(key, limit=5)).id)

    def _delete(self) -> None:
        keys = list(self.store)
        if len(keys) > MANY // 2:
            self.store.delete(self.dice.sample(keys, 2))

    def _restore(self) -> None:
        self.store.restore(self.dice.choice(self.store.trash()).id)

    def _purge(self) -> None:
        entries = self.store.trash()
        if len(entries) + len(list(self.store)) > MANY:
            self.store.purge([self.dice.choice(entries).id])


_DEEDS = ("import", "upload", "details", "data", "rename", "view", "undo", "delete", "restore", "purge")


def _kill_after(calls: int) -> None:
    """Let this process be killed at its so manieth function call from now on."""
    left = calls

    def count(*_: Any) -> None:
        nonlocal left
        left -= 1
        if left <= 0:
            os.kill(os.getpid(), signal.SIGKILL)

    sys.setprofile(count)


def _in_a_process_of_its_own(work: Callable[[int], None]) -> tuple[int, int]:
    """Fork; the child is given the end of a pipe to write to. Returns its number and the other end."""
    reading, writing = os.pipe()
    child = os.fork()
    if child:
        os.close(writing)
        return child, reading
    try:
        os.close(reading)
        work(writing)
    except BaseException as error:  # noqa: BLE001 - it has to be told, whatever it is
        os.write(writing, f"\n!{type(error).__name__}: {error}".encode())
        os._exit(1)
    os._exit(0)


def _all_of(pipe: int) -> str:
    with os.fdopen(pipe, encoding="utf-8") as file:
        return file.read()


def crash(root: Path, url: str | None, seed: int) -> str:
    """Start a worker and kill it; what it was doing."""
    dice = random.Random(seed)  # noqa: S311 - to be repeated, not to be secret
    calls = dice.randrange(MOST_CALLS) if dice.random() < 0.5 else 0
    delay = dice.uniform(0, LONGEST)

    def work(pipe: int) -> None:
        store = LocalDatasetStore(root, catalog_url=url, user="worker")
        os.write(pipe, b"opened")
        if calls:
            _kill_after(calls)
        Worker(store, dice, lambda name: os.write(pipe, f"\n{name}".encode())).work()

    child, pipe = _in_a_process_of_its_own(work)
    if not calls:
        os.read(pipe, len(b"opened"))
        time.sleep(delay)
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    told = _all_of(pipe).split("\n")
    if not os.WIFSIGNALED(status):
        raise SystemExit(f"round {seed} ended by itself: {told[-1]}")
    return told[-1]


def look(root: Path, url: str | None) -> list[str]:
    """What another process finds wrong."""

    def work(pipe: int) -> None:
        with LocalDatasetStore(root, catalog_url=url, user="inspector") as store:
            os.write(pipe, "\n".join(findings(store)).encode())

    child, pipe = _in_a_process_of_its_own(work)
    told = _all_of(pipe)
    os.waitpid(child, 0)
    return [line for line in told.split("\n") if line]


def main(root: Path, url: str | None, seed: int, rounds: int) -> None:
    """Crash so many times."""
    for number in range(MANY // 2):
        write_dataset(root, f"lab/first_{number}")
    for one in range(seed, seed + rounds):
        deed = crash(root, url, one)
        print(json.dumps({"seed": one, "deed": deed, "wrong": look(root, url)}), flush=True)  # noqa: T201


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2] or None, int(sys.argv[3]), int(sys.argv[4]))
