"""The pictures on the gallery's cards, drawn aside: ``Pictures`` keeps what was drawn until a dataset changes."""

from __future__ import annotations

import base64
import io
import logging
import threading
from collections import OrderedDict
from typing import TYPE_CHECKING

from PIL import Image

from voxshelf.errors import VoxshelfError
from voxshelf.widgets.dataset_table.thumbnails import open_quietly, thumbnail

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from voxshelf.model import DatasetRecord
    from voxshelf.store import DatasetStore
    from voxshelf.widgets.aside import Aside

SIDE = 320
CACHED = 200
_QUALITY = 82
_log = logging.getLogger(__name__)


class Pictures:
    """Draws one page after the other; a page that was left before its turn is not drawn.

    Parameters
    ----------
    store : DatasetStore
        Whose datasets.
    aside : Aside
        Where it is drawn.
    drawn : callable
        Called, without arguments, when there is a new picture.
    """

    def __init__(self, store: DatasetStore, aside: Aside, drawn: Callable[[], None]) -> None:
        self._store = store
        self._aside = aside
        self._drawn = drawn
        self._lock = threading.Lock()
        self._cache: OrderedDict[tuple[str, int], str] = OrderedDict()
        self._wanted: Sequence[DatasetRecord] = ()

    def known(self, records: Sequence[DatasetRecord]) -> dict[str, str]:
        """What is drawn of these, by key; an empty text where there is nothing to see."""
        with self._lock:
            return {
                record.key: self._cache[record.key, record.version]
                for record in records
                if (record.key, record.version) in self._cache
            }

    def want(self, records: Sequence[DatasetRecord]) -> None:
        """Draw these, in order, in place of those wanted before."""
        self._wanted = records
        self._aside.run("pictures", lambda: self._draw_all(records))

    def _draw_all(self, records: Sequence[DatasetRecord]) -> None:
        for record in records:
            if self._wanted is not records:
                return
            if not self.known([record]):
                self._keep(record, self._draw(record))
                self._drawn()

    def _draw(self, record: DatasetRecord) -> str:
        try:
            png = thumbnail(open_quietly(self._store, record), side=SIDE)
        except (VoxshelfError, OSError, ValueError) as error:
            # The card says that there is no picture; why is for the log.
            _log.info("No picture of %s: %s", record.key, error)
            png = None
        return jpeg_uri(png) if png else ""

    def _keep(self, record: DatasetRecord, uri: str) -> None:
        with self._lock:
            self._cache[record.key, record.version] = uri
            while len(self._cache) > CACHED:
                self._cache.popitem(last=False)


def jpeg_uri(png: bytes) -> str:
    """A picture as an address that carries its content; a tenth of the PNG's size."""
    sink = io.BytesIO()
    Image.open(io.BytesIO(png)).convert("RGB").save(sink, "JPEG", quality=_QUALITY)
    return f"data:image/jpeg;base64,{base64.b64encode(sink.getvalue()).decode('ascii')}"
