"""Which store, and which widget for what: the places where settings, stores and widgets meet.

Widget libraries are imported when something is shown, not before: a script that opens a store never loads them.
"""

from __future__ import annotations

import os
import re
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from voxshelf.errors import DatasetNotFoundError, MissingExtraError, UnsupportedFormatError, VoxshelfError
from voxshelf.settings import Settings

if TYPE_CHECKING:
    from voxshelf.dataset import Dataset
    from voxshelf.store import DatasetStore

__all__ = ["open_store", "read_settings", "show"]

_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")
_LOOKED_AT = 200
_WIDGET_LIBRARIES = ("ipywidgets", "anywidget", "bqplot", "ipydatagrid", "pandas")


def read_settings(**given: Any) -> Settings:
    """Read the settings; ``given`` ones win over the environment.

    Raises
    ------
    VoxshelfError
        If a variable cannot be understood; every such variable is named.
    """
    try:
        return Settings(**given)
    except ValidationError as error:
        wrong = [f"{_variable(detail['loc'])}: {detail['msg']}" for detail in error.errors()]
        raise VoxshelfError(
            f"The settings cannot be understood: {'; '.join(wrong)}.",
            hint="Correct or unset these environment variables.",
        ) from error


def _variable(loc: tuple[int | str, ...]) -> str:
    return f"VOXSHELF_{str(loc[0]).upper()}" if loc else "VOXSHELF_*"


def open_store(target: Path | str | None = None, *, token: str | None = None) -> DatasetStore:
    """Open a dataset store.

    Parameters
    ----------
    target : path or str, optional
        A folder that holds ``<organization>/<dataset>``; it is made if it is not there. Default: what the
        environment says (see :mod:`voxshelf.settings`), else ``~/voxshelf-data``.
    token : str, optional
        Reserved for stores that are reached over HTTP.

    Returns
    -------
    DatasetStore
        Close it, or use it in a ``with`` statement.

    Raises
    ------
    UnsupportedFormatError
        If ``target`` (or ``VOXSHELF_URL``) is a URL: this version opens folders only.
    StoreUnavailableError
        If the folder or its catalog cannot be used.
    """
    settings = read_settings()
    place = target if target is not None else settings.url or settings.root
    if isinstance(place, str) and _URL.match(place):
        raise UnsupportedFormatError(
            f"{place} cannot be opened: stores over HTTP are not part of this version of voxshelf.",
            hint="Open a folder: voxshelf.open_store('path'), or unset VOXSHELF_URL.",
        )
    if token is not None:
        raise VoxshelfError(
            f"A token was given for the folder {place}, which needs none.", hint="Leave the token out."
        )
    from voxshelf.store import LocalDatasetStore  # noqa: PLC0415 - loads the database library

    return LocalDatasetStore(
        place,
        catalog_url=settings.catalog_url,
        allowed_roots=settings.allowed_roots,
        public_url=settings.public_url,
        samples_url=settings.samples_url,
        organization=settings.organization,
    )


def show(thing: DatasetStore | Dataset | Path | str) -> Any:
    """Show something in a notebook: as the last line of a cell, or with ``display``.

    Parameters
    ----------
    thing : DatasetStore, Dataset, path or str
        A store (or a store's root folder) is shown as the whole manager; a dataset (or its folder) in the
        slice viewer. A folder is taken for a root if a store was opened there before, if it holds
        ``<organization>/<dataset>``, or if it is empty.

    Returns
    -------
    widget
        The manager or the viewer.

    Raises
    ------
    MissingExtraError
        If the widget libraries are not installed; the hint is the line that installs them.
    DatasetNotFoundError
        If there is no such folder, or neither a store nor a dataset can be seen in it; the hint says what to write.
    """
    missing = [library for library in _WIDGET_LIBRARIES if find_spec(library) is None]
    if missing:
        raise MissingExtraError(
            f"Showing needs {', '.join(missing)}, which {'is' if len(missing) == 1 else 'are'} not installed.",
            hint="Install it with: pip install 'voxshelf[jupyter]', then restart the kernel.",
        )
    from voxshelf import widgets  # noqa: PLC0415 - loads the widget libraries

    if isinstance(thing, str | Path):
        thing = _open(thing)
    from voxshelf.dataset import Dataset  # noqa: PLC0415 - loads the array libraries

    return widgets.SliceViewer(thing) if isinstance(thing, Dataset) else widgets.Manager(thing)


def _open(place: Path | str) -> DatasetStore | Dataset:
    """The store whose root the folder is, or the dataset that it holds: what lies in it decides."""
    from voxshelf.dataset import open_dataset  # noqa: PLC0415 - loads the array libraries

    folder = Path(place).expanduser()
    if not _URL.match(str(place)) and (folder / ".voxshelf").is_dir():
        return open_store(place)
    try:
        return open_dataset(place)
    except DatasetNotFoundError as error:
        if _is_root(folder):
            return open_store(place)
        raise DatasetNotFoundError(error.what, hint=_what_to_show(folder) or error.hint) from error


def _is_root(folder: Path) -> bool:
    """Whether a store can begin there: in an empty folder, or where datasets lie as a store wants them."""
    from voxshelf.intake import FoundFolder, scan_root  # noqa: PLC0415 - loads the array libraries

    if not folder.is_dir() or not os.access(folder, os.R_OK | os.X_OK):
        return False
    if next(folder.iterdir(), None) is None:
        return True
    # Of a home folder with thousands of others in it, the first ones tell enough.
    found = islice((item for item in scan_root(folder) if isinstance(item, FoundFolder)), _LOOKED_AT)
    return any(item.has_json or _is_dataset(Path(item.path)) for item in found)


def _is_dataset(folder: Path) -> bool:
    from voxshelf.dataset import open_dataset  # noqa: PLC0415 - loads the array libraries

    try:
        open_dataset(folder)
    except (VoxshelfError, OSError):
        return False
    return True


def _what_to_show(folder: Path) -> str:
    """What to write instead; empty where nobody knows."""
    if not folder.exists():
        return (
            f'Check the path for typing mistakes. A new store begins with vx.show(vx.open_store("{folder}")).'
        )
    if folder.is_dir() and any(_is_dataset(child) for child in islice(folder.iterdir(), _LOOKED_AT)):
        return f'Datasets lie right in it, so it is an organization: its parent is the store, vx.show("{folder.parent}").'
    return ""
