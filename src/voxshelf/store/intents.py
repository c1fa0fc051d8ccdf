"""Edits of ``datasource-properties.json`` whose history is completed, whoever is killed when.

The file and the catalog cannot change in one step. So an *intent* is noted first: who is about to make which document
of which. Then the file is replaced; then the edit is recorded and the intent removed in one transaction. Whoever finds
an intent later, while nobody else edits that dataset, looks at the file: if it says what was intended, the edit is
recorded in the name of whoever made it and with its time; otherwise it did not happen, and nothing is recorded.
"""

from __future__ import annotations

import json
import logging
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, select

from voxshelf.catalog import IntentRow, LinkRow, ViewConfigurationRow, has_dataset, storable
from voxshelf.dataset import read_properties
from voxshelf.errors import DatasetNotFoundError, InvalidDataSourceError, VoxshelfError
from voxshelf.intake import scan_dataset
from voxshelf.model import Problem, diff_documents, read_document, rename_layers_in_view
from voxshelf.store.keys import split_key
from voxshelf.store.python_lines import renamed_layers
from voxshelf.store.recording import record_data_edit
from voxshelf.store.scanning import sight

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from voxshelf.catalog import Catalog, DatasetRow, Writing
    from voxshelf.model import ChangeEvent
    from voxshelf.store.examining import Places
    from voxshelf.store.recording import Sighting

    Tell = Callable[[Sequence[ChangeEvent]], None]

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Intent:
    """What somebody is about to do to a ``datasource-properties.json``.

    Parameters
    ----------
    key : str
        Of the dataset.
    before, after : dict
        The JSON documents; empty where there is no file.
    python : str
        The line that does it.
    undoes : int, optional
        The edit that it takes back.
    is_import : bool
        A dataset that is nobody's becomes theirs.
    """

    key: str
    before: dict[str, Any]
    after: dict[str, Any]
    python: str
    undoes: int | None = None
    is_import: bool = False


def note_intent(catalog: Catalog, intent: Intent, *, by: str) -> None:
    """Remember an edit before it is made; whoever calls it edits this dataset alone.

    Raises
    ------
    InvalidDataSourceError
        If the document is none that can be written as JSON.
    """
    try:
        before, after = json.dumps(intent.before), json.dumps(intent.after)
    except (TypeError, ValueError, RecursionError) as error:
        raise InvalidDataSourceError(
            f"{intent.key} cannot be described like this.",
            hint="Use text, numbers, true and false, lists and objects only; nothing was written.",
            problems=[Problem(message=f"The document cannot be written as JSON: {error}.")],
        ) from error
    with catalog.writing(by) as writing:
        row = IntentRow(
            key=intent.key,
            user=storable(by),
            at=writing.moment,
            before=before,
            after=after,
            python=storable(intent.python),
            undoes=intent.undoes,
            is_import=intent.is_import,
        )
        writing.session.merge(row)


def record_intent(writing: Writing, sighting: Sighting, intent: Intent, after: dict[str, Any]) -> None:
    """Record an edit that was made, with its history; ``after`` is the document that stands there now."""
    changes = diff_documents(intent.before, after)
    row = record_data_edit(writing, sighting, changes, python=intent.python, undoes=intent.undoes)
    _rename_layers_in_views(writing, row, _renamed(intent.before, after))
    if intent.is_import:
        row.owner = row.owner or storable(writing.user)
    _forget(writing, intent.key)


def settle_intents(catalog: Catalog, places: Places, tell: Tell) -> None:
    """Complete the history of what was being edited when a process died; what is edited now is left to whoever does."""
    with catalog.reading() as session:
        keys = session.scalars(select(IntentRow.key)).all()
    for key in keys:
        try:
            with catalog.exclusively(f"dataset {key}", waits=False) as is_alone:
                events = settle_intent(catalog, places, key) if is_alone else ()
        except (VoxshelfError, OSError) as error:
            logger.warning("It is not known yet whether an edit of %s was made. %s", key, error)
        else:
            tell(events)


def settle_intent(catalog: Catalog, places: Places, key: str) -> Sequence[ChangeEvent]:
    """The same for one dataset, for whoever holds its lock; gives what is to be told when the lock is free."""
    with catalog.reading() as session:
        row = session.get(IntentRow, key)
        is_known = has_dataset(session, key)
    if row is None:
        return ()
    found = scan_dataset(places.root, *split_key(key))
    if found is None and is_known:  # its disk may not be mounted
        return ()
    after = None if found is None else _document(Path(found.path))
    intent = _intent_of(row)
    with catalog.writing(row.user) as writing:
        if found is None or after is None or diff_documents(intent.after, after):
            _forget(writing, key)
        else:
            writing.moment = row.at
            record_intent(writing, sight(found, places, time.time_ns()), intent, after)
    return writing.events


def _document(folder: Path) -> dict[str, Any] | None:
    try:
        document = read_properties(folder).document
    except DatasetNotFoundError:
        return None
    return document if isinstance(document, dict) else None


def _intent_of(row: IntentRow) -> Intent:
    before, after = json.loads(row.before), json.loads(row.after)
    return Intent(row.key, before, after, row.python, row.undoes, row.is_import)


def _forget(writing: Writing, key: str) -> None:
    writing.session.execute(delete(IntentRow).where(IntentRow.key == key))


def _renamed(before: Any, after: Any) -> dict[str, str]:
    old, new = read_document(before).draft, read_document(after).draft
    return {} if old is None or new is None else renamed_layers(old, new)


def _rename_layers_in_views(writing: Writing, row: DatasetRow, renamed: dict[str, str]) -> None:
    """How a layer appears follows it to its new name, for everybody and in links."""
    if not renamed:
        return
    views = select(ViewConfigurationRow).where(ViewConfigurationRow.dataset_id == row.id)
    for view in writing.session.scalars(views):
        view.document = rename_layers_in_view(view.document, renamed)
    for link in writing.session.scalars(select(LinkRow).where(LinkRow.dataset_id == row.id)):
        link.view = None if link.view is None else rename_layers_in_view(link.view, renamed)
