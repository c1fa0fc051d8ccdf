"""The report of a scan for somebody who may not see everything: as if the rest were not there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from voxshelf.catalog import DatasetQuery, DatasetRow, find_datasets, visible
from voxshelf.model import DatasetStatus

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from voxshelf.model import ScanReport
    from voxshelf.sharing import ListScope

_CHUNK = 5000
_ON_DISK = (DatasetStatus.READY, DatasetStatus.NOT_IMPORTED, DatasetStatus.BROKEN)


def seen_report(session: Session, report: ScanReport, scope: ListScope | None) -> ScanReport:
    """What of a report concerns datasets that ``scope`` covers."""
    if scope is None:
        return report
    seen = _seen_keys(
        session,
        [*report.found, *report.changed, *report.vanished, *report.returned, *report.broken],
        scope,
    )

    def kept(keys: Sequence[str]) -> tuple[str, ...]:
        return tuple(key for key in keys if key in seen)

    _, present = find_datasets(session, DatasetQuery(statuses=_ON_DISK, limit=0), scope)
    changed = {*kept(report.found), *kept(report.changed), *kept(report.returned), *kept(report.broken)}
    return report.model_copy(
        update={
            "found": kept(report.found),
            "changed": kept(report.changed),
            "vanished": kept(report.vanished),
            "returned": kept(report.returned),
            "broken": kept(report.broken),
            "unchanged": max(0, present - len(changed)),
        }
    )


def _seen_keys(session: Session, keys: Sequence[str], scope: ListScope) -> frozenset[str]:
    covered = visible(session, scope)
    wanted = select(DatasetRow.key) if covered is None else select(DatasetRow.key).where(covered.along)
    found: set[str] = set()
    for start in range(0, len(keys), _CHUNK):
        found.update(session.scalars(wanted.where(DatasetRow.key.in_(keys[start : start + _CHUNK]))))
    return frozenset(found)
