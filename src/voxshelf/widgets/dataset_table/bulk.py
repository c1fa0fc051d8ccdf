"""What can be done with several datasets at once: tag, move, share, delete. Needs no browser.

Each dataset is changed by itself, on what is stored at that moment; one that cannot be changed stops none of the
others and is named afterwards with the reason. Only deleting asks for all first: the store deletes all or none.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, TypeAlias

import traitlets

from voxshelf.errors import VoxshelfError
from voxshelf.widgets.dataset_table import bulk_code
from voxshelf.widgets.theme import Message

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from voxshelf.model import DatasetRecord
    from voxshelf.store import DatasetStore
    from voxshelf.widgets.aside import Aside

    Change: TypeAlias = Callable[[DatasetRecord], object]

_NAMED_FAILURES = 3


class BulkActions(traitlets.HasTraits):
    """Changes datasets aside, one after the other.

    Parameters
    ----------
    store : DatasetStore
        Whose datasets.
    aside : Aside
        Where the work runs.
    """

    running = traitlets.Bool(False)
    progress = traitlets.Float(0.0, help="How much is done, 0-1.")
    progress_text = traitlets.Unicode("")
    message = traitlets.Instance(Message, args=())
    code = traitlets.Unicode("", help="The Python that did the same, last time.")
    undeletable = traitlets.Tuple(
        help="Ids in the trash of what was deleted last, which can be brought back."
    )
    deleted = traitlets.Tuple(help="Keys of what was deleted last.")

    def __init__(self, store: DatasetStore, aside: Aside) -> None:
        super().__init__()
        self._store = store
        self._aside = aside
        self._cancelled = threading.Event()

    def tag(self, keys: Sequence[str], *, add: Collection[str] = (), remove: Collection[str] = ()) -> None:
        """Give tags to datasets, or take them off."""
        if not add and not remove:
            self.message = Message("Write a tag to add or to take off first.", "warning")
            return

        def change(record: DatasetRecord) -> object:
            tags = tuple(tag for tag in (*record.tags, *add) if tag not in remove)
            tags = tuple(dict.fromkeys(tags))
            if tags == record.tags:
                return record
            return self._store.update_details(record.key, tags=tags, version=record.version, merge=True)

        self._start(keys, "Tagged", change, bulk_code.tag(keys, add, remove))

    def move(self, keys: Sequence[str], folder: str) -> None:
        """Put datasets into a folder of their organization; empty: into none."""
        path = folder.strip().strip("/")
        place = f"Moved into {path!r}:" if path else "Taken out of their folders:"
        self._start(
            keys,
            place,
            lambda record: self._store.update_details(record.key, folder=path),
            bulk_code.move(keys, path),
        )

    def share(
        self, keys: Sequence[str], *, give: str = "", take: str = "", is_public: bool | None = None
    ) -> None:
        """Allow a team, no longer allow one, make public or private; what is not said stays."""
        if not give and not take and is_public is None:
            self.message = Message("Choose a team, or who may look, first.", "warning")
            return

        def change(record: DatasetRecord) -> object:
            teams = tuple(dict.fromkeys((*record.teams, *([give] if give else []))))
            teams = tuple(team for team in teams if team != take)
            wanted: dict[str, object] = {} if teams == record.teams else {"teams": teams}
            if is_public is not None and is_public != record.is_public:
                wanted["is_public"] = is_public
            if not wanted:
                return record
            return self._store.update_permissions(record.key, version=record.version, merge=True, **wanted)  # type: ignore[arg-type]  # each by its own name

        self._start(keys, "Shared", change, bulk_code.share(keys, give, take, is_public=is_public))

    def delete(self, keys: Sequence[str]) -> None:
        """Move datasets to the trash, all or none."""
        chosen = tuple(keys)

        def run() -> None:
            entries = self._store.delete(chosen)
            self.undeletable = tuple(entry.id for entry in entries)
            self.deleted = tuple(entry.key for entry in entries)
            self.message = Message(f"{_count(len(entries))} moved to the trash.", "success")

        self._go("Deleting", run, bulk_code.delete(chosen))

    def bring_back(self) -> None:
        """Restore what was deleted last."""
        entries = self.undeletable

        def run() -> None:
            for entry in entries:
                self._store.restore(entry)
                self.undeletable = tuple(other for other in self.undeletable if other != entry)
            self.deleted = ()
            self.message = Message(f"{_count(len(entries))} restored.", "success")

        self._go("Restoring", run, bulk_code.restore(entries))

    def forget(self, key: str) -> None:
        """Offer nothing more for a deleted dataset that came back by other ways."""
        if key in self.deleted and not self.running:
            self.undeletable = self.deleted = ()
            self.code, self.message = "", Message()

    def cancel(self) -> None:
        """Stop after the dataset that is being changed; what is done stays done."""
        self._cancelled.set()

    # -- the work ----------------------------------------------------------------------------

    def _start(self, keys: Sequence[str], done: str, change: Change, code: str) -> None:
        chosen = tuple(keys)
        self._go(done, lambda: self._each(chosen, done, change), code)

    def _go(self, doing: str, run: Callable[[], None], code: str) -> None:
        if self.running:
            return
        self._cancelled.clear()
        self.undeletable = ()
        self.code = code
        self.progress, self.progress_text = 0.0, "Starting …"
        self.running = True

        def work() -> None:
            try:
                run()
            except (VoxshelfError, OSError) as error:
                self.message = Message.of_error(error, doing=doing)
            finally:
                self.running = False

        self._aside.run("bulk", work)

    def _each(self, keys: tuple[str, ...], done: str, change: Change) -> None:
        failures: list[tuple[str, str]] = []
        count = 0
        for position, key in enumerate(keys):
            if self._cancelled.is_set():
                break
            self.progress_text = f"{position + 1} of {len(keys)}: {key}"
            self.progress = position / len(keys)
            try:
                change(self._store.record(key))
                count += 1
            except (VoxshelfError, OSError) as error:
                failures.append((key, str(error)))
        self.message = _outcome(done, count, failures, left=len(keys) - count - len(failures))


def _outcome(done: str, count: int, failures: list[tuple[str, str]], *, left: int) -> Message:
    text = f"{done} {_count(count)}." if count or not failures else "Nothing was changed."
    if left:
        text += f" Cancelled before {_count(left)}."
    if not failures:
        return Message(text, "info" if left else "success")
    named = " ".join(f"{key}: {reason}" for key, reason in failures[:_NAMED_FAILURES])
    more = len(failures) - _NAMED_FAILURES
    rest = f" … and {more} more." if more > 0 else ""
    return Message(f"{text} {_count(len(failures))} could not be changed.", "error", f"{named}{rest}")


def _count(number: int) -> str:
    return f"{number:,} dataset{'' if number == 1 else 's'}"
