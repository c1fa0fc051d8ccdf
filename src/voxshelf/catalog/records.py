"""From rows to the nouns that a store hands out, and back."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter

from voxshelf.catalog.column_types import EPOCH
from voxshelf.catalog.search import fold
from voxshelf.model import DatasetRecord, LayerSummary, MetadataEntry, Problem, VoxelSize

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from voxshelf.catalog.tables import DatasetRow

_LAYERS = TypeAdapter(tuple[LayerSummary, ...])
_PROBLEMS = TypeAdapter(tuple[Problem, ...])
METADATA = TypeAdapter(tuple[MetadataEntry, ...])
SORTED_LENGTH = 300
"""Titles that agree in so many letters are ordered by key: an index cannot hold entries of any length."""

TRASH_NAME = ".trash"
"""The folder of each organization that holds what was deleted."""

_NUMBER = re.compile("[0-9]+")


def sort_name(title: str) -> str:
    """What a list sorts a title by: without case, and ``region_2`` before ``region_10``."""

    def with_its_length(match: re.Match[str]) -> str:
        digits = match[0].lstrip("0")
        return f"{len(digits):03d}{digits}"

    return _NUMBER.sub(with_its_length, fold(title))[:SORTED_LENGTH]


def layers_to_json(layers: Iterable[LayerSummary]) -> list[Any]:
    """Layer summaries as the catalog keeps them."""
    kept: list[Any] = _LAYERS.dump_python(tuple(layers), mode="json")
    return kept


def problems_to_json(problems: Iterable[Problem]) -> list[Any]:
    """Problems as the catalog keeps them."""
    kept: list[Any] = _PROBLEMS.dump_python(tuple(problems), mode="json")
    return kept


def record_of(row: DatasetRow, root: Path, rights: Iterable[str] = ()) -> DatasetRecord:
    """The record of a dataset.

    Parameters
    ----------
    row : DatasetRow
        With its tags, teams and folder loaded (:data:`~voxshelf.catalog.listing.WITH_PARTS`).
    root : Path
        The store's root, which the row's path is relative to.
    rights : iterable of str
        What whoever asks may do with it.
    """
    organization, _, name = row.key.partition("/")
    teams = tuple(team.name for team in row.teams)
    inherited = set() if row.folder is None else {allowed.team.name for allowed in row.folder.allowed}
    return DatasetRecord(
        organization=organization,
        name=name,
        path=str(root / (f"{organization}/{TRASH_NAME}/{row.trash_id}/{name}" if row.trash_id else row.path)),
        status=row.status,
        status_message=row.status_message,
        problems=_PROBLEMS.validate_python(row.problems),
        display_name=row.display_name,
        description=row.description,
        tags=tuple(tag.tag for tag in row.tags),
        folder="" if row.folder is None else row.folder.path,
        teams=teams,
        inherited_teams=tuple(sorted(inherited - set(teams))),
        is_public=row.is_public,
        owner=row.owner,
        metadata=METADATA.validate_python(row.notes),
        publication_date=row.publication_date,
        voxel_size=None if row.voxel_size is None else VoxelSize(**row.voxel_size),
        layers=_LAYERS.validate_python(row.layers),
        created=row.created,
        changed=row.changed,
        last_used=None if row.last_used == EPOCH else row.last_used,
        version=row.version,
        rights=tuple(rights),
    )
