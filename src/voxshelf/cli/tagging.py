"""``voxshelf tag``: put tags on datasets, take them off, and see which there are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from voxshelf.cli.deferred import subcommands
from voxshelf.cli.finding import find_key, find_keys
from voxshelf.cli.printing import JsonOption, RootOption, counted, print_json, print_table
from voxshelf.errors import DatasetNotFoundError, EditConflict
from voxshelf.wiring import open_store

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from voxshelf.store import DatasetStore

    Tags = tuple[str, ...]

__all__ = ["app"]

app = subcommands("Tags of datasets.")

_TRIES = 5

_Words = Annotated[
    list[str],
    typer.Argument(
        metavar="DATASET or TAG",
        help="One or more datasets (all but the first as organization/name), then one or more tags.",
        show_default=False,
    ),
]


@app.command("list")
def list_tags(*, root: RootOption = None, as_json: JsonOption = False) -> None:
    """List all tags, and how many datasets carry each."""
    with open_store(root) as store:
        store.refresh()
        counts = store.tags()
    if as_json:
        print_json(counts)
    elif counts:
        print_table(("TAG", "DATASETS"), [(tag, str(count)) for tag, count in counts.items()])
    else:
        typer.echo("No dataset has a tag yet: voxshelf tag add DATASET TAG.")


@app.command("add")
def add(words: _Words, *, root: RootOption = None, as_json: JsonOption = False) -> None:
    """Put tags on datasets."""
    with open_store(root) as store:
        keys, tags = _split(store, words)
        _change_all(store, keys, lambda old: tuple(dict.fromkeys((*old, *tags))), as_json=as_json)


@app.command("remove")
def remove(words: _Words, *, root: RootOption = None, as_json: JsonOption = False) -> None:
    """Take tags off datasets."""
    with open_store(root) as store:
        keys, tags = _split(store, words)
        _change_all(store, keys, lambda old: tuple(tag for tag in old if tag not in tags), as_json=as_json)


def _split(store: DatasetStore, words: Sequence[str]) -> tuple[list[str], list[str]]:
    """The datasets and the tags among the words: a dataset first, then whatever is written as a key of one."""
    count = 1
    while count < len(words) and _is_key(store, words[count]):
        count += 1
    if count == len(words):
        raise typer.BadParameter("Name one or more datasets, then one or more tags.")
    for word in words[count + 1 :]:
        if _is_key(store, word):
            raise typer.BadParameter(f"{word!r} is a dataset: name all datasets before the first tag.")
    return find_keys(store, words[:count]), list(words[count:])


def _is_key(store: DatasetStore, word: str) -> bool:
    """Whether a word is a dataset's key; one that begins with an organization and names nothing is a mistake.

    Raises
    ------
    DatasetNotFoundError
        If it is one, and no tag that is in use.
    """
    if word.count("/") != 1:
        return False
    try:
        return bool(find_key(store, word))
    except DatasetNotFoundError:
        if word.partition("/")[0] in store.organizations() and word not in store.tags():
            raise
        return False


def _change_all(
    store: DatasetStore, keys: Sequence[str], change: Callable[[Tags], Tags], *, as_json: bool
) -> None:
    tags = {key: _changed(store, key, change) for key in keys}
    if as_json:
        print_json({key: list(after) for key, (_, after) in tags.items()})
        return
    for key, (before, after) in tags.items():
        note = " (as before)" if before == after else ""
        typer.echo(f"{key}: {', '.join(after) or 'no tag'}{note}")
    if len(keys) > 1:
        changed = sum(before != after for before, after in tags.values())
        typer.echo(f"{counted(changed, 'dataset')} changed.")


def _changed(store: DatasetStore, key: str, change: Callable[[Tags], Tags]) -> tuple[Tags, Tags]:
    """The tags before and after; if somebody else tags it at the same moment, theirs are kept too."""
    for left in reversed(range(_TRIES)):
        record = store.record(key)
        wanted = change(record.tags)
        if wanted == record.tags:
            return record.tags, record.tags
        try:
            return record.tags, store.update_details(key, tags=wanted, version=record.version).tags
        except EditConflict:
            if not left:
                raise
    raise AssertionError("the last try returns or raises")
