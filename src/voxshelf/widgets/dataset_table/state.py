"""What a table of datasets shows, and what it does; needs no browser.

The state asks the store for one page at a time, aside, and follows ``store.changed``. Everything may be called
from any thread. Words: *rows* are the records of the page on screen; *selected* is the key of the chosen dataset,
which stays chosen when its row is on another page; *checked* are the keys that an action on several is meant for.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import traitlets

from voxshelf.errors import DatasetNotFoundError, VoxshelfError
from voxshelf.model import Category, ChangeEvent, ChangeKind, DatasetRecord, DatasetStatus, ScanReport
from voxshelf.store import Capability
from voxshelf.widgets.aside import Aside
from voxshelf.widgets.dataset_table.bulk import BulkActions
from voxshelf.widgets.dataset_table.cells import COLUMNS, USUAL_COLUMNS
from voxshelf.widgets.dataset_table.checked import Checked
from voxshelf.widgets.dataset_table.facets import Facets
from voxshelf.widgets.theme import Message, call

if TYPE_CHECKING:
    from collections.abc import Sequence

    from voxshelf.store import DatasetStore

PAGE_SIZE = 50
# With its pictures a page of so many rows stays below 1 MB.
LARGEST_PAGE = 100
MOST_CHECKED = 1000
"""So many datasets can be checked with one press: an action on more is a job for a script."""
TYPING_PAUSE = 0.2
CHANGE_PAUSE = 0.1
SORTS: tuple[tuple[str, str], ...] = (
    ("Name", "name"),
    ("Changed", "changed"),
    ("Created", "created"),
    ("Last used", "last_used"),
    ("Status", "status"),
)
# Names are read from A, times from the newest.
_NEWEST_FIRST = {"changed", "created", "last_used"}
# Tags and folders come and go with these.
_OF_FACETS = (ChangeKind.ACCESS, ChangeKind.EDITED, ChangeKind.DELETED, ChangeKind.RESTORED)
_QUESTION = ("search", "status", "tags", "folder", "category", "sort", "descending", "page_size")


class DatasetTableState(traitlets.HasTraits):
    """The table without its looks.

    Parameters
    ----------
    store : DatasetStore
        Whose datasets are shown.
    page_size : int
        Rows per page, at most 100.
    aside : Aside, optional
        Where slow work runs.
    """

    search = traitlets.Unicode("", help="Words that a dataset must have; all of them.")
    status = traitlets.UseEnum(
        DatasetStatus, default_value=None, allow_none=True, help="Only this status; None for all."
    )
    tags = traitlets.Tuple(help="Only datasets with all of these.")
    folder = traitlets.Unicode(None, allow_none=True, help="Only what lies in this folder or below it.")
    category = traitlets.UseEnum(
        Category, default_value=None, allow_none=True, help="Only datasets with a layer of this kind."
    )
    sort = traitlets.Enum([name for _, name in SORTS], "name", help="What the store calls the order.")
    descending = traitlets.Bool(False)
    page = traitlets.Int(0, min=0, help="The page on screen, from 0.")
    page_size = traitlets.Int(PAGE_SIZE, min=1, max=LARGEST_PAGE)
    columns = traitlets.Tuple(USUAL_COLUMNS, help="The names of the columns that are shown.")

    rows = traitlets.Tuple(help="The DatasetRecords of the page on screen.")
    total = traitlets.Int(0, help="How many datasets there are on all pages.")
    loaded = traitlets.Bool(False, help="Whether the store has answered once.")
    answers = traitlets.Int(0, help="Grows with every answer that is another one than before.")
    scanning = traitlets.Bool(False)
    message = traitlets.Instance(Message, args=())
    report = traitlets.Instance(ScanReport, allow_none=True)

    selected = traitlets.Unicode(None, allow_none=True, help="The key of the chosen dataset.")
    selected_record = traitlets.Instance(DatasetRecord, allow_none=True)

    def __init__(
        self, store: DatasetStore, *, page_size: int = PAGE_SIZE, aside: Aside | None = None
    ) -> None:
        super().__init__(page_size=page_size)
        self.store = store
        self.checked = Checked()
        self.facets = Facets(store)
        self._aside = aside or Aside(self._on_failure)
        self.bulk = BulkActions(store, self._aside)
        self._lock = threading.RLock()
        self._outage: Message | None = None
        self._has_several = False
        self._answered: dict[str, Any] = {}
        self.observe(self._on_question, _QUESTION)
        self.observe(lambda _: self.reload(), "page")
        self.observe(self._on_selected, "selected")
        self.observe(lambda _: self._move_on(), [*_QUESTION, "page", "selected"])
        self.bulk.observe(lambda change: self.checked.drop(change["new"]), "deleted")
        self._connection = store.changed.connect(self._on_store_changed)
        self.reload()

    @traitlets.validate("columns")
    def _known_columns(self, proposal: Any) -> tuple[str, ...]:
        """Known ones in their usual order; the name is always among them."""
        return tuple(c.name for c in COLUMNS if c.name in proposal["value"] or c.name == "name")

    # -- what a person does ------------------------------------------------------------------

    @property
    def pages(self) -> int:
        """How many pages there are, at least 1."""
        return max(1, -(-self.total // self.page_size))

    @property
    def is_narrowed(self) -> bool:
        """Whether something keeps datasets out of the list."""
        return bool(self.search) or self.narrowings > 0

    @property
    def narrowings(self) -> int:
        """How many things besides the search keep datasets out of the list."""
        return sum(value is not None for value in (self.status, self.folder, self.category)) + len(self.tags)

    @property
    def usual_columns(self) -> tuple[str, ...]:
        """The columns that are shown where nobody chose any."""
        return tuple(
            c.name for c in COLUMNS if c.is_usual or (c.name == "organization" and self._has_several)
        )

    @property
    def code(self) -> str:
        """The Python that asks for the same list."""
        asked = {
            name: value for name, value in self._question().items() if value not in ("", None, (), False)
        }
        asked = {name: str(value) if isinstance(value, str) else value for name, value in asked.items()}
        if asked.get("sort") == "name":
            del asked["sort"]
        return call("store.list", **asked)

    def turn(self, by: int) -> None:
        """Go ``by`` pages on, within what there is."""
        self.page = min(max(0, self.page + by), self.pages - 1)

    def sort_by(self, name: str, *, descending: bool | None = None) -> None:
        """Order by ``name``; asked for the same order again without a direction, turn it around."""
        if name not in {known for _, known in SORTS}:
            titles = ", ".join(title for title, _ in SORTS)
            self.message = Message(f"The store cannot sort by this column: choose one of {titles}.")
            return
        if descending is None:
            descending = not self.descending if name == self.sort else name in _NEWEST_FIRST
        with self.hold_trait_notifications():
            self.sort = name
            self.descending = descending

    def clear(self) -> None:
        """Show all datasets again, in the same order."""
        with self.hold_trait_notifications():
            self.search = ""
            self.clear_filters()

    def clear_filters(self) -> None:
        """Take off what narrows the list besides the search."""
        with self.hold_trait_notifications():
            self.tags = ()
            self.status = self.folder = self.category = None

    def check_all(self) -> None:
        """Check everything that the list holds on all pages, up to :data:`MOST_CHECKED`; aside."""
        question = self._question()

        def run() -> None:
            try:
                page = self.store.list(**question, limit=MOST_CHECKED)
            except (VoxshelfError, OSError) as error:
                self.message = Message.of_error(error, doing="Listing the datasets")
            else:
                self.checked.add(record.key for record in page.items)

        self._aside.run("check", run)

    def refresh(self) -> None:
        """Look at the disk now, aside; ``report`` and ``message`` say what was found."""
        if not self.scanning:
            self.scanning = True
            self.message = Message("Looking at the disk …")
            self._aside.run("refresh", self._scan)

    def reload(self, *, delay: float = 0.0) -> None:
        """Ask the store for the page again, aside."""
        self._aside.run("list", self._list, delay=delay)

    def wait(self, timeout: float = 10.0) -> bool:
        """Block until everything asked for has arrived; False if that takes longer than ``timeout`` seconds."""
        return self._aside.wait(timeout)

    def close(self) -> None:
        """Stop following the store."""
        self.store.changed.disconnect(self._connection, missing_ok=True)
        self.bulk.cancel()
        self._aside.drop()

    # -- what follows from it ----------------------------------------------------------------

    def _on_question(self, change: Any) -> None:
        with self._lock:
            self.set_trait("page", 0)
        self.reload(delay=TYPING_PAUSE if change["name"] == "search" and change["new"] else 0.0)

    def _move_on(self) -> None:
        """Whoever goes on has read what was found; what is wrong stays until it is mended."""
        if not self.scanning and self.message.tone in ("info", "success"):
            self.message = Message()

    def _on_store_changed(self, event: ChangeEvent) -> None:
        self.reload(delay=CHANGE_PAUSE)
        if event.kind is ChangeKind.RESTORED:
            self.bulk.forget(event.key)
        if event.kind in _OF_FACETS:
            self._aside.run("facets", self._look_at_facets, delay=CHANGE_PAUSE)

    def _question(self) -> dict[str, Any]:
        return {
            "search": self.search,
            "status": self.status,
            "tags": self.tags,
            "folder": self.folder,
            "category": self.category,
            "sort": self.sort,
            "descending": self.descending,
        }

    def _list(self) -> None:
        try:
            if not self.loaded:
                self._look_at_organizations()
            question = self._question()
            answer = self.store.list(**question, limit=self.page_size, offset=self.page * self.page_size)
        except (VoxshelfError, OSError) as error:
            self._outage = self.message = Message.of_error(error, doing="Listing the datasets")
            return
        self._take(answer.items, answer.total, question)

    def _take(self, rows: Sequence[DatasetRecord], total: int, question: dict[str, Any]) -> None:
        with self._lock:
            is_first = not self.loaded
            before = (self.rows, self.total)
            self.total = total
            self.rows = tuple(rows)
            self.loaded = True
            # Nothing found is another answer when something else was asked: the table says what was.
            is_other = before != (self.rows, self.total) or (not total and question != self._answered)
            self._answered = question
            # The table is painted once for all of it.
            if is_first or is_other:
                self.answers += 1
            if self.message is self._outage:
                self.message = Message()  # the store answers again
            if self.page >= self.pages:
                self.page = self.pages - 1
        self._renew_selected()
        if is_first:
            # Only now: what is on screen comes before what one might narrow it by.
            self._aside.run("facets", self._look_at_facets)
        if is_first and not total and not self.is_narrowed and self.store.capabilities.can(Capability.SCAN):
            # A store that nobody has looked at yet: what lies there should not have to be asked for.
            self.refresh()

    def _look_at_facets(self) -> None:
        try:
            self.facets.look()
        except (VoxshelfError, OSError) as error:
            self.message = Message.of_error(error, doing="Looking up tags and folders")

    def _scan(self) -> None:
        try:
            report = self.store.refresh()
            self._look_at_organizations()
            waiting = self._waiting()
        except (VoxshelfError, OSError) as error:
            self.message = Message.of_error(error, doing="Looking at the disk")
        else:
            self.report = report
            self.message = Message(_sentence(report), "success" if report.found else "info", waiting)
        finally:
            self.scanning = False
        self.reload()

    def _waiting(self) -> str:
        """What a person has to do yet with what lies on the disk."""
        count = self.store.list(status=DatasetStatus.NOT_IMPORTED, limit=1).total
        if not count:
            return ""
        return f"{count:,} {'waits' if count == 1 else 'wait'} to be imported: Filter → Not imported yet."

    def _look_at_organizations(self) -> None:
        """Where several share a store, a name alone does not tell their datasets apart."""
        are_usual = self.columns == self.usual_columns
        self._has_several = len(self.store.organizations()) > 1
        if are_usual:
            self.columns = self.usual_columns

    def _on_failure(self, error: Exception) -> None:
        self.loaded = True
        self.message = Message.of_error(error, doing="Asking the store")
        self.answers += 1

    # -- the chosen dataset ------------------------------------------------------------------

    def _on_selected(self, _: Any) -> None:
        self._renew_selected()

    def _renew_selected(self) -> None:
        key = self.selected
        record = None if key is None else self._record(key)
        with self._lock:
            if key != self.selected:
                return
            self.selected_record = record
            if record is None:
                self.selected = None

    def _record(self, key: str) -> DatasetRecord | None:
        last: DatasetRecord | None = self.selected_record
        rows: tuple[DatasetRecord, ...] = self.rows
        for row in rows:
            if row.key == key:
                return row
        try:
            return self.store.record(key)
        except DatasetNotFoundError:
            return None
        except (VoxshelfError, OSError) as error:
            self.message = Message.of_error(error, doing=f"Looking up {key}")
            return last


def _sentence(report: ScanReport) -> str:
    """What a scan found, in a sentence that names the new ones while they are few."""
    few = 3
    names = ", ".join(report.found[:few]) + (" …" if len(report.found) > few else "")
    return f"Looked at the disk: {report}." + (f" New: {names}" if names else "")
