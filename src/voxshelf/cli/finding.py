"""Which dataset somebody means: its key, its name alone where that is enough, or its folder below the root."""

from __future__ import annotations

import difflib
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from voxshelf.errors import DatasetNotFoundError
from voxshelf.model import DatasetStatus

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from voxshelf.store import DatasetStore

__all__ = ["KeyArgument", "KeysArgument", "find_key", "find_keys"]

_KEY_HELP = "organization/name; the name alone if no other dataset has it."

KeyArgument = Annotated[str, typer.Argument(metavar="DATASET", help=_KEY_HELP, show_default=False)]
KeysArgument = Annotated[list[str], typer.Argument(metavar="DATASET", help=_KEY_HELP, show_default=False)]


def find_key(store: DatasetStore, text: str) -> str:
    """The key of the dataset that ``text`` names; the disk is looked at only if it is not known yet.

    Raises
    ------
    DatasetNotFoundError
        If it names none, or several.
    """
    key = _known(store, text)
    if key is None:
        store.refresh()
        key = _known(store, text)
    if key is not None:
        return key
    raise DatasetNotFoundError(f"There is no dataset {text!r} in the store.", hint=_suggestion(store, text))


def find_keys(store: DatasetStore, texts: Iterable[str]) -> list[str]:
    """The keys of several datasets, each once."""
    return list(dict.fromkeys(find_key(store, text) for text in texts))


def _known(store: DatasetStore, text: str) -> str | None:
    plain = text.rstrip("/")
    parts = Path(plain).parts
    if len(parts) == 2 and _is_there(store, plain):
        return plain
    if len(parts) == 1:
        named = [record.key for record in store.list(search=plain, limit=None).items if record.name == plain]
        if len(named) > 1:
            raise DatasetNotFoundError(
                f"Several datasets are called {plain!r}: {', '.join(named)}.", hint="Write one of these."
            )
        if named:
            return named[0]
    return next(_keys_of_folder(store, Path(plain).expanduser()), None)


def _is_there(store: DatasetStore, key: str) -> bool:
    """Whether the store knows it, and not only from the trash."""
    record = store.get(key)
    return record is not None and record.status is not DatasetStatus.DELETED


def _keys_of_folder(store: DatasetStore, folder: Path) -> Iterator[str]:
    """The dataset of the store that lies in a folder, if the folder is there."""
    if folder.is_dir():
        key = "/".join(folder.absolute().parts[-2:])
        record = store.get(key)
        if record is not None and Path(record.path).absolute() == folder.absolute():
            yield key


def _suggestion(store: DatasetStore, text: str) -> str:
    deleted = store.get(text)
    if deleted is not None:
        return f"It is in the trash; back with: voxshelf trash restore {text}."
    known = {record.key: record.key for record in store.list(limit=1000).items}
    names = known | {key.partition("/")[2]: key for key in known}
    near = list(dict.fromkeys(names[name] for name in difflib.get_close_matches(text, names, cutoff=0.7)))
    if near:
        return f"Did you mean {' or '.join(near)}?"
    return "See what is there with: voxshelf list."
