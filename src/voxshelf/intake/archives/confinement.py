"""Does a dataset's JSON stay inside the dataset's own folder?

A mag (or another part) may name a ``path``. In an archive that somebody sends, such a path must not lead to what
lies elsewhere on the disk: whoever may read this dataset would read that too. Addresses on the web lead to nothing
on this disk.
"""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING, Any

from voxshelf.dataset import PROPERTIES_NAME, read_properties
from voxshelf.errors import DatasetNotFoundError, InvalidDataSourceError
from voxshelf.model import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from voxshelf.model import Place

_WEB = ("http://", "https://", "s3://", "gs://")


def refuse_paths_outside(folder: Path) -> None:
    """Raise if the JSON in ``folder`` names a path that leads out of it; one that cannot be read names none.

    Raises
    ------
    InvalidDataSourceError
        With every such path and its place in the document.
    """
    try:
        document = read_properties(folder).document
    except DatasetNotFoundError:
        return
    problems = [
        Problem(
            place=place,
            message=f"{path!r} leads out of the dataset's folder.",
            hint="Pack the data it leads to into the dataset's folder, and leave the path out.",
        )
        for place, path in _paths(document, ())
        if _leads_out(path)
    ]
    if problems:
        raise InvalidDataSourceError(
            f"{PROPERTIES_NAME} in the archive cannot be used.",
            hint="Nothing was stored. Mend the places below.",
            problems=problems,
        )


def _paths(value: Any, place: Place) -> Iterator[tuple[Place, str]]:
    """Every text under the key ``path``, wherever it stands."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key == "path" and isinstance(inner, str):
                yield (*place, key), inner
            yield from _paths(inner, (*place, str(key)))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _paths(inner, (*place, index))


def _leads_out(path: str) -> bool:
    plain = path.replace("\\", "/")
    if plain.lower().startswith(_WEB):
        return False
    # A drive's letter and any other kind of address, file:// among them, are no place in this folder.
    if plain.startswith("/") or ":" in plain.partition("/")[0]:
        return True
    return posixpath.normpath(plain).split("/")[0] == ".."
