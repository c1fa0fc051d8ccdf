"""What a store remembers between runs: datasets, what people wrote about them, and the log of changes.

Only :mod:`voxshelf.store` opens it. The tables are in :mod:`voxshelf.catalog.tables`, their history in
``migrations/``; SQLite (one file) and PostgreSQL (a URL) behave alike.
"""

from voxshelf.catalog.catalog import Catalog
from voxshelf.catalog.changes import Writing
from voxshelf.catalog.column_types import EPOCH, now
from voxshelf.catalog.editing_tables import EditRow, LinkRow, ViewConfigurationRow
from voxshelf.catalog.listing import DatasetQuery, SortKey, dataset_row, find_datasets, organization_names
from voxshelf.catalog.people_tables import (
    DATASET_TEAMS,
    FolderRow,
    FolderTeamRow,
    MembershipRow,
    TeamRow,
    UserRow,
)
from voxshelf.catalog.recording import add_datasets, rows_to_change, set_details
from voxshelf.catalog.records import layers_to_json, problems_to_json, record_of, sort_name, storable
from voxshelf.catalog.search import search_text
from voxshelf.catalog.tables import ChangeRow, DatasetRow, OrganizationRow, SearchRow, TagRow
from voxshelf.catalog.watching import Bell

__all__ = [
    "DATASET_TEAMS",
    "EPOCH",
    "Bell",
    "Catalog",
    "ChangeRow",
    "DatasetQuery",
    "DatasetRow",
    "EditRow",
    "FolderRow",
    "FolderTeamRow",
    "LinkRow",
    "MembershipRow",
    "OrganizationRow",
    "SearchRow",
    "SortKey",
    "TagRow",
    "TeamRow",
    "UserRow",
    "ViewConfigurationRow",
    "Writing",
    "add_datasets",
    "dataset_row",
    "find_datasets",
    "layers_to_json",
    "now",
    "organization_names",
    "problems_to_json",
    "record_of",
    "rows_to_change",
    "search_text",
    "set_details",
    "sort_name",
    "storable",
]
