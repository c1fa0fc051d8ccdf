"""What a text names that may be a dataset of the store or any folder of the disk.

``organization/name`` and a name alone mean the store's dataset where it has one; paths that cannot be either
(``./mouse``, ``/data/mouse``, ``~/mouse``) mean the folder, which is the store's dataset if it lies in the store.
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from voxshelf.cli.finding import find_key
from voxshelf.errors import DatasetNotFoundError
from voxshelf.wiring import open_store, read_settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from voxshelf.store import DatasetStore

__all__ = ["InStore", "located"]


class InStore(NamedTuple):
    """A dataset of an open store, and where the store has it."""

    store: DatasetStore
    key: str
    folder: Path


@contextmanager
def located(text: str, root: Path | None, *, to_change: bool = False) -> Iterator[InStore | Path]:
    """The store's dataset, or the folder outside of it, that a text names.

    Folders outside of the root need no store; those within it neither, while they are only looked at and nobody
    has made a store there yet.

    Raises
    ------
    DatasetNotFoundError
        If it names neither.
    """
    top = (root or read_settings().root).expanduser().absolute()
    folder = Path(text).expanduser()
    is_path = _is_plain_path(text)
    key = _key_below(top, folder if is_path else top / text)
    needs_store = key is not None and (to_change or (top / ".voxshelf").exists())
    if folder.is_dir() and not needs_store and (is_path or not top.is_dir()):
        yield folder
        return
    with open_store(root) as store:
        found = key or _key_or_none(store, text, folder)
        if found is None:
            yield folder
        else:
            yield InStore(store, found, top / found)


def _is_plain_path(text: str) -> bool:
    """Whether it can be neither a key nor a name."""
    return text.startswith((".", "~", os.sep)) or len(Path(text).parts) > 2


def _key_or_none(store: DatasetStore, text: str, folder: Path) -> str | None:
    """The key; None if the store has none, but there is such a folder."""
    try:
        return find_key(store, text)
    except DatasetNotFoundError:
        if folder.is_dir():
            return None
        raise


def _key_below(top: Path, folder: Path) -> str | None:
    """``organization/name`` if ``folder`` lies two levels below ``top``."""
    try:
        parts = folder.absolute().relative_to(top).parts
    except ValueError:
        return None
    return "/".join(parts) if len(parts) == 2 and ".." not in parts and folder.is_dir() else None
