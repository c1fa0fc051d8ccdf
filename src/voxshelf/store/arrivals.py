"""A dataset that was just put into its place is recorded at once, with who put it there.

It is imported by that if it carries a valid ``datasource-properties.json``; otherwise it is not imported yet. A
scan that comes between the two finds the same, only not whose it is.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from voxshelf.catalog import DatasetRow, rows_to_change, set_details, storable
from voxshelf.errors import DatasetNotFoundError
from voxshelf.intake import scan_dataset
from voxshelf.model import ChangeKind
from voxshelf.store.keys import split_key
from voxshelf.store.markdown import render_description
from voxshelf.store.recording import Outcome, record_sightings
from voxshelf.store.scanning import sight

if TYPE_CHECKING:
    from voxshelf.catalog import Writing
    from voxshelf.store.premises import Premises


@dataclass(frozen=True)
class Arrival:
    """What is known of a dataset that arrived.

    Parameters
    ----------
    key : str
        ``organization/name``.
    owner : str
        The id of the user who put it there.
    uploaded_bytes : int
        What it takes of the organization's quota.
    display_name, description : str
        What is to be shown of it; empty leaves what is there.
    """

    key: str
    owner: str
    uploaded_bytes: int = 0
    display_name: str = ""
    description: str = ""


def record_arrival(premises: Premises, arrival: Arrival, *, by: str) -> None:
    """Record a dataset whose folder is in its place; once more changes nothing.

    Raises
    ------
    DatasetNotFoundError
        If its folder is not there any more.
    """
    organization, name = split_key(arrival.key)
    with premises.catalog.exclusively(f"dataset {arrival.key}"):
        found = scan_dataset(premises.root, organization, name)
        if found is None:
            raise DatasetNotFoundError(
                f"The folder of {arrival.key} is gone already.", hint="Somebody deleted or renamed it."
            )
        sighting = sight(found, premises.places, time.time_ns())
        with premises.catalog.writing(by) as writing:
            outcome = record_sightings(writing, [sighting])[arrival.key]
            row = rows_to_change(writing.session, [arrival.key])[arrival.key]
            if _complete(writing, row, arrival) and outcome is Outcome.SAME:
                row.changed = writing.moment
                row.version += 1
                writing.log(ChangeKind.EDITED, arrival.key)
    premises.watch.tell(writing.events)


def _complete(writing: Writing, row: DatasetRow, arrival: Arrival) -> bool:
    """Add what a scan cannot know; whether that changed anything."""
    owner = row.owner or storable(arrival.owner)
    changed = (row.owner, row.uploaded_bytes) != (owner, arrival.uploaded_bytes)
    row.owner, row.uploaded_bytes = owner, arrival.uploaded_bytes
    if arrival.display_name and not row.display_name:
        writing.session.refresh(row, ["tags"])
        set_details(writing.session, row, display_name=arrival.display_name, description=arrival.description)
        row.description_html = render_description(arrival.description)
        changed = True
    return changed
