"""Looking at the disk: what is new, changed, gone or back since the last time.

Folders whose fingerprint is as recorded are not read again. If everything that was known is gone at once, a
disk is probably not mounted: that is refused, not recorded.
"""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from sqlalchemy import select

from voxshelf.catalog import DatasetRow, rows_to_change
from voxshelf.errors import StoreUnavailableError
from voxshelf.intake import FoundFolder, SkippedFolder, scan_dataset, scan_root
from voxshelf.model import DatasetStatus, ScanReport
from voxshelf.store.examining import examine
from voxshelf.store.fingerprints import fingerprint, is_unchanged
from voxshelf.store.recording import (
    Outcome,
    Sighting,
    record_sightings,
    record_unreachable,
    record_vanished,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from voxshelf.catalog import Catalog, Writing
    from voxshelf.model import ChangeEvent
    from voxshelf.store.examining import Places

Item = TypeVar("Item")

logger = logging.getLogger(__name__)

BATCH = 200
"""How many datasets are written at once: others wait no longer than that takes."""

_NOT_ON_DISK = {DatasetStatus.MISSING, DatasetStatus.DELETED, DatasetStatus.UPLOADING}


class _Known(NamedTuple):
    fingerprint: str
    status: DatasetStatus
    version: int


@dataclass
class _Look:
    """What lies on the disk, compared with what was known."""

    unchanged: int = 0
    to_examine: list[FoundFolder] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    unreachable: dict[str, str] = field(default_factory=dict)
    skipped: list[SkippedFolder] = field(default_factory=list)
    has_found_any: bool = False


class Scanner:
    """Scans a store's root.

    Parameters
    ----------
    catalog : Catalog
        Where findings are recorded.
    places : Places
        The root, and where links may lead.
    tell : callable
        Is given the changes when all is recorded and no lock is held: listeners may call the store.
    clock : callable
        Nanoseconds since 1970.
    """

    def __init__(
        self,
        catalog: Catalog,
        places: Places,
        tell: Callable[[Sequence[ChangeEvent]], None],
        clock: Callable[[], int] = time.time_ns,
    ) -> None:
        self._catalog = catalog
        self._places = places
        self._tell = tell
        self._clock = clock

    def scan(self, *, accept_loss: bool = False, by: str | None = None) -> ScanReport:
        """Look at everything once; one scan at a time, also across processes.

        Parameters
        ----------
        accept_loss : bool
            Believe it if everything is gone.
        by : str, optional
            Who is named in the log; default the catalog's own user.

        Raises
        ------
        StoreUnavailableError
            If the root cannot be read or everything is gone at once.
        """
        started = time.perf_counter()
        with self._catalog.exclusively("scan"):
            known = self._known()
            look = self._look(known)
            if not accept_loss:
                self._refuse_loss(known, look)
            outcomes, events = self._record_found(look.to_examine, known, by)
            events += self._record(look.gone, by, record_vanished)
            events += self._record(
                tuple(look.unreachable),
                by,
                lambda writing, keys: record_unreachable(
                    writing, {key: look.unreachable[key] for key in keys}
                ),
            )
        self._tell(events)
        for skipped in look.skipped:
            logger.warning("%s", skipped.problem)
        return _report(outcomes, look, time.perf_counter() - started)

    def _known(self) -> dict[str, _Known]:
        columns = select(DatasetRow.key, DatasetRow.fingerprint, DatasetRow.status, DatasetRow.version)
        columns = columns.where(DatasetRow.trash_id == "")
        with self._catalog.reading() as session:
            return {
                key: _Known(seen, status, version) for key, seen, status, version in session.execute(columns)
            }

    def _look(self, known: dict[str, _Known]) -> _Look:
        look = _Look()
        missing = dict(known)
        blocked: dict[str, SkippedFolder] = {}
        for found in scan_root(self._places.root):
            if isinstance(found, SkippedFolder):
                look.skipped.append(found)
                if Path(found.path).parent == self._places.root:
                    blocked[found.organization] = found
                continue
            before = missing.pop(found.key, None)
            look.has_found_any = True
            if before is None or before.status in _NOT_ON_DISK or not is_unchanged(found, before.fingerprint):
                look.to_examine.append(found)
            else:
                look.unchanged += 1
        for key, before in missing.items():
            if before.status in _NOT_ON_DISK:
                continue
            organization = key.partition("/")[0]
            if organization in blocked:
                look.unreachable[key] = str(blocked[organization].problem)
            else:
                look.gone.append(key)
        return look

    def _refuse_loss(self, known: dict[str, _Known], look: _Look) -> None:
        present = [key for key, before in known.items() if before.status not in _NOT_ON_DISK]
        if look.has_found_any or not look.gone or len(look.gone) < len(present):
            return
        # One dataset that is gone while its organization's folder stays was taken away by a person.
        homes = [self._places.root / key.partition("/")[0] for key in look.gone]
        if len(look.gone) == 1 and homes[0].is_dir():
            return
        raise StoreUnavailableError(
            f"All {len(look.gone)} datasets of {self._places.root} are gone at once.",
            hint="Check that the disk is mounted. If they were really taken away, call "
            "store.refresh(accept_loss=True).",
        )

    def _record_found(
        self, folders: Sequence[FoundFolder], known: dict[str, _Known], by: str | None
    ) -> tuple[dict[str, Sighted], list[ChangeEvent]]:
        outcomes: dict[str, Sighted] = {}
        events: list[ChangeEvent] = []
        for batch in _batches(folders):
            sightings = [sight(found, self._places, self._clock()) for found in batch]
            with self._catalog.writing(by) as writing:
                sightings = self._seen_last(writing, batch, sightings, known)
                results = record_sightings(writing, sightings)
            events += writing.events
            for sighting in sightings:
                outcomes[sighting.key] = Sighted(results[sighting.key], sighting.examined.status)
        return outcomes, events

    def _seen_last(
        self,
        writing: Writing,
        folders: Sequence[FoundFolder],
        sightings: Sequence[Sighting],
        known: dict[str, _Known],
    ) -> list[Sighting]:
        """The sightings; a folder that somebody recorded since this scan began is looked at again, now.

        Nobody else records it before this transaction ends, so an import is not undone by what was seen before it.
        """
        rows = rows_to_change(writing.session, [found.key for found in folders])
        last = []
        for found, sighting in zip(folders, sightings, strict=True):
            row, before = rows.get(found.key), known.get(found.key)
            is_older = row is not None and (before is None or row.version != before.version)
            now = scan_dataset(self._places.root, *found.key.split("/", 1)) if is_older else None
            last.append(sighting if now is None else sight(now, self._places, self._clock()))
        return last

    def _record(
        self, keys: Sequence[str], by: str | None, write: Callable[[Writing, Sequence[str]], None]
    ) -> list[ChangeEvent]:
        events: list[ChangeEvent] = []
        for batch in _batches(keys):
            with self._catalog.writing(by) as writing:
                write(writing, batch)
            events += writing.events
        return events


def sight(found: FoundFolder, places: Places, now_ns: int) -> Sighting:
    """Look into one folder, now."""
    examined = examine(found, places)
    return Sighting(found.key, examined, fingerprint(found, examined.watched, now_ns))


class Sighted(NamedTuple):
    """The outcome of recording a folder, and its status."""

    outcome: Outcome
    status: DatasetStatus


def _batches(items: Sequence[Item]) -> Iterator[Sequence[Item]]:
    return (items[start : start + BATCH] for start in range(0, len(items), BATCH))


def _report(outcomes: dict[str, Sighted], look: _Look, seconds: float) -> ScanReport:
    broken = [
        key
        for key, (outcome, status) in outcomes.items()
        if status is DatasetStatus.BROKEN and outcome is not Outcome.SAME
    ]
    usable = {key: seen.outcome for key, seen in outcomes.items() if key not in set(broken)}
    same = sum(outcome is Outcome.SAME for outcome in usable.values())

    def keys_of(outcome: Outcome) -> tuple[str, ...]:
        return tuple(key for key, result in usable.items() if result is outcome)

    return ScanReport(
        found=keys_of(Outcome.NEW),
        changed=keys_of(Outcome.CHANGED),
        vanished=tuple(look.gone),
        returned=keys_of(Outcome.RETURNED),
        broken=(*broken, *look.unreachable),
        unchanged=look.unchanged + same,
        seconds=seconds,
    )
