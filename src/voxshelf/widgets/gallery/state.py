"""The gallery without its looks: a page of public datasets, the search, and the chosen one; needs no browser."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import traitlets

from voxshelf.errors import VoxshelfError
from voxshelf.model import DatasetStatus
from voxshelf.widgets.aside import Aside
from voxshelf.widgets.gallery.pictures import Pictures
from voxshelf.widgets.theme import Message

if TYPE_CHECKING:
    from voxshelf.model import ChangeEvent, DatasetRecord
    from voxshelf.store import DatasetStore

PAGE_SIZE = 12
TYPING_PAUSE = 0.2
CHANGE_PAUSE = 0.1


class GalleryState(traitlets.HasTraits):
    """Public datasets, page by page.

    Parameters
    ----------
    store : DatasetStore
        Whose datasets are shown.
    page_size : int
        Cards per page.
    aside : Aside, optional
        Where slow work runs.
    """

    search = traitlets.Unicode("", help="Words that a dataset must have; all of them.")
    page = traitlets.Int(0, min=0, help="The page on screen, from 0.")
    page_size = traitlets.Int(PAGE_SIZE, min=1, max=100)
    records = traitlets.Tuple(help="The DatasetRecords of the page on screen.")
    pictures = traitlets.Dict(help="Key → address of the picture; an empty one where there is none.")
    total = traitlets.Int(0, help="How many there are on all pages.")
    loaded = traitlets.Bool(False, help="Whether the store has answered once.")
    message = traitlets.Instance(Message, args=())
    selected = traitlets.Unicode(None, allow_none=True, help="The key of the chosen dataset.")

    def __init__(
        self, store: DatasetStore, *, page_size: int = PAGE_SIZE, aside: Aside | None = None
    ) -> None:
        super().__init__(page_size=page_size)
        self.store = store
        self._aside = aside or Aside(self._on_failure)
        self._lock = threading.RLock()
        self._pictures = Pictures(store, self._aside, self._show_pictures)
        self.observe(lambda _: self._begin_anew(TYPING_PAUSE), "search")
        self.observe(lambda _: self._begin_anew(0.0), "page_size")
        self.observe(lambda _: self.reload(), "page")
        self._connection = store.changed.connect(self._on_store_changed)
        self.reload()

    @property
    def pages(self) -> int:
        """How many pages there are, at least 1."""
        return max(1, -(-self.total // self.page_size))

    def turn(self, by: int) -> None:
        """Go ``by`` pages on, within what there is."""
        self.page = min(max(0, self.page + by), self.pages - 1)

    def reload(self, *, delay: float = 0.0) -> None:
        """Ask the store for the page again, aside."""
        self._aside.run("list", self._list, delay=delay)

    def wait(self, timeout: float = 10.0) -> bool:
        """Block until everything asked for has arrived; False if that takes longer than ``timeout`` seconds."""
        return self._aside.wait(timeout)

    def close(self) -> None:
        """Stop following the store."""
        self.store.changed.disconnect(self._connection, missing_ok=True)
        self._pictures.want(())
        self._aside.drop()

    def _begin_anew(self, delay: float) -> None:
        with self._lock:
            self.set_trait("page", 0)
        self.reload(delay=delay)

    def _list(self) -> None:
        try:
            answer = self.store.list(
                search=self.search,
                status=DatasetStatus.READY,
                is_public=True,
                limit=self.page_size,
                offset=self.page * self.page_size,
            )
        except (VoxshelfError, OSError) as error:
            self.message = Message.of_error(error, doing="Listing the public datasets")
            return
        self._take(answer.items, answer.total)

    def _take(self, records: tuple[DatasetRecord, ...], total: int) -> None:
        with self._lock:
            self.total = total
            self.pictures = self._pictures.known(records)
            self.records = records
            self.loaded = True
            if self.message.tone == "error":
                self.message = Message()
            if self.page >= self.pages:
                self.page = self.pages - 1
        self._pictures.want(records)

    def _show_pictures(self) -> None:
        with self._lock:
            self.pictures = self._pictures.known(self.records)

    def _on_failure(self, error: Exception) -> None:
        self.loaded = True
        self.message = Message.of_error(error, doing="Asking the store")

    def _on_store_changed(self, _: ChangeEvent) -> None:
        self.reload(delay=CHANGE_PAUSE)
