"""Small pictures of datasets, made aside: ``thumbnail`` draws one, ``Thumbnails`` keeps them coming.

A thumbnail is the middle XY slice of the first colour layer, else of the first segmentation. Two threads draw; what scrolled away before its turn is not drawn; what was drawn stays in a
bounded cache until the dataset changes.
"""

from __future__ import annotations

import base64
import io
import logging
import threading
from collections import OrderedDict
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PIL import Image

from voxshelf.dataset import open_dataset
from voxshelf.errors import VoxshelfError
from voxshelf.model import Category, DatasetStatus, VoxelSize
from voxshelf.widgets.still_picture import PicturedLayer, still_picture, telling_depth

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from voxshelf.dataset import Dataset
    from voxshelf.model import DatasetRecord
    from voxshelf.store import DatasetStore

SIDE = 48
CACHED = 2000
_THREADS = 2
_COLORS = 256
_log = logging.getLogger(__name__)


def thumbnail(dataset: Dataset, side: int = SIDE) -> bytes | None:
    """A PNG of the middle slice, at most ``side`` pixels wide and high; None where there is nothing to draw.

    Raises
    ------
    DamagedDataError
        Where a block in the slice is damaged.
    """
    layers = list(dataset.layers.values())
    colors = [layer for layer in layers if layer.category is Category.COLOR]
    layer = next(iter([*colors, *layers]), None)
    if layer is None:
        return None
    shown = [PicturedLayer(layer, layer.category)]
    voxel_size = dataset.voxel_size or VoxelSize((1, 1, 1))
    if layer.bounding_box.is_empty:
        return None
    depth = telling_depth(shown, box=layer.bounding_box, voxel_size=voxel_size)
    return still_picture(shown, box=layer.bounding_box, voxel_size=voxel_size, side=side, depth=depth)


def open_quietly(store: DatasetStore, record: DatasetRecord) -> Dataset:
    """Open a dataset without its being noted as used: nobody asked for it but the table."""
    # A store elsewhere names folders that are not on this machine, and outsiders are not told any.
    is_here = bool(record.path) and Path(record.path).is_dir()
    return open_dataset(record.path) if is_here else store[record.key]


def data_uri(png: bytes) -> str:
    """A PNG as an address that carries its own content."""
    return f"data:image/png;base64,{base64.b64encode(png).decode('ascii')}"


def framed(png: bytes, frame: tuple[int, int]) -> bytes:
    """The picture in the middle of a transparent frame: the grid stretches pictures to its cell."""
    picture = Image.open(io.BytesIO(png)).convert("RGBA")
    paper = Image.new("RGBA", frame, (0, 0, 0, 0))
    paper.paste(picture, ((frame[0] - picture.width) // 2, (frame[1] - picture.height) // 2))
    sink = io.BytesIO()
    # A palette is a third of the bytes, and nobody counts the colours of a stamp.
    paper.quantize(_COLORS, method=Image.Quantize.FASTOCTREE).save(sink, "PNG", optimize=True)
    return sink.getvalue()


class Thumbnails:
    """Draws thumbnails aside and remembers them.

    Parameters
    ----------
    opener : callable
        Gives the dataset of a record; called on the drawing threads.
    frame : tuple of 2 ints
        Width and height of the cell in pixels.
    """

    def __init__(self, opener: Callable[[DatasetRecord], Dataset], *, frame: tuple[int, int]) -> None:
        self._open = opener
        self._frame = frame
        self._cache: OrderedDict[tuple[str, int], str] = OrderedDict()
        self._waiting: dict[tuple[str, int], Future[Any]] = {}
        self._lock = threading.Lock()
        self._pool = ThreadPoolExecutor(_THREADS, thread_name_prefix="voxshelf-thumbnail")

    def known(self, record: DatasetRecord) -> str | None:
        """The picture as a data URI, ``""`` where there is none to draw, None where it is not known yet."""
        if record.status is not DatasetStatus.READY:
            return ""
        with self._lock:
            slot = (record.key, record.version)
            if slot in self._cache:
                self._cache.move_to_end(slot)
            return self._cache.get(slot)

    def want(self, records: Iterable[DatasetRecord], drawn: Callable[[str, str], None]) -> None:
        """Draw those of ``records`` that are not known, in order, and forget earlier wishes that still wait.

        Parameters
        ----------
        records : iterable of DatasetRecord
            What is on screen now.
        drawn : callable
            Called as ``drawn(key, data_uri)`` on a drawing thread, once per new picture.
        """
        missing = [record for record in records if self.known(record) is None]
        with self._lock:
            for future in self._waiting.values():
                future.cancel()
            self._waiting = {
                (record.key, record.version): self._pool.submit(self._draw, record, drawn)
                for record in missing
            }

    def close(self) -> None:
        """Draw nothing more."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _draw(self, record: DatasetRecord, drawn: Callable[[str, str], None]) -> None:
        try:
            png = thumbnail(self._open(record))
        except (VoxshelfError, OSError, ValueError) as error:
            # A dataset without a picture is still a dataset: the row and the details say what is wrong with it.
            _log.info("No thumbnail of %s: %s", record.key, error)
            png = None
        uri = data_uri(framed(png, self._frame)) if png else ""
        with self._lock:
            self._cache[record.key, record.version] = uri
            while len(self._cache) > CACHED:
                self._cache.popitem(last=False)
        if uri:
            drawn(record.key, uri)
