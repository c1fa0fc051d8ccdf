"""What a store remembers between runs: datasets, what people wrote about them, and the log of changes.

Only :mod:`voxshelf.store` opens it. The tables are in :mod:`voxshelf.catalog.tables`, their history in
``migrations/``; SQLite (one file) and PostgreSQL (a URL) behave alike.
"""

from voxshelf.catalog.catalog import Catalog
from voxshelf.catalog.changes import Writing
from voxshelf.catalog.column_types import EPOCH, now, storable
from voxshelf.catalog.editing_tables import EditRow, IntentRow, LinkRow, ViewConfigurationRow
from voxshelf.catalog.folders import (
    contents,
    ensure_folder,
    folder_of,
    folder_row,
    folder_rows,
    lineages,
    move_folder,
    put_into_folder,
    remove_folder,
    set_folder_teams,
    settle_subtree,
    within,
)
from voxshelf.catalog.listing import (
    LARGEST_NUMBER,
    WITH_PARTS,
    DatasetQuery,
    SortKey,
    dataset_keys,
    dataset_row,
    find_datasets,
    has_dataset,
    organization_names,
    tag_counts,
    unknown_dataset,
)
from voxshelf.catalog.organizations import organization_ids, organization_row, queue_up
from voxshelf.catalog.people import team_row, teams_of, user_of, user_row, user_rows
from voxshelf.catalog.people_tables import (
    DATASET_TEAMS,
    FolderRow,
    FolderTeamRow,
    MembershipRow,
    TeamRow,
    UserRow,
)
from voxshelf.catalog.recording import add_datasets, rows_to_change, set_details
from voxshelf.catalog.records import TRASH_NAME, layers_to_json, problems_to_json, record_of, sort_name
from voxshelf.catalog.search import search_text
from voxshelf.catalog.tables import ChangeRow, DatasetRow, OrganizationRow, SearchRow, TagRow
from voxshelf.catalog.teams import set_dataset_teams, settle_many, settle_one, team_rows
from voxshelf.catalog.visibility import visible
from voxshelf.catalog.watching import Bell

__all__ = [
    "DATASET_TEAMS",
    "EPOCH",
    "LARGEST_NUMBER",
    "TRASH_NAME",
    "WITH_PARTS",
    "Bell",
    "Catalog",
    "ChangeRow",
    "DatasetQuery",
    "DatasetRow",
    "EditRow",
    "FolderRow",
    "FolderTeamRow",
    "IntentRow",
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
    "contents",
    "dataset_keys",
    "dataset_row",
    "ensure_folder",
    "find_datasets",
    "folder_of",
    "folder_row",
    "folder_rows",
    "has_dataset",
    "layers_to_json",
    "lineages",
    "move_folder",
    "now",
    "organization_ids",
    "organization_names",
    "organization_row",
    "problems_to_json",
    "put_into_folder",
    "queue_up",
    "record_of",
    "remove_folder",
    "rows_to_change",
    "search_text",
    "set_dataset_teams",
    "set_details",
    "set_folder_teams",
    "settle_many",
    "settle_one",
    "settle_subtree",
    "sort_name",
    "storable",
    "tag_counts",
    "team_row",
    "team_rows",
    "teams_of",
    "unknown_dataset",
    "user_of",
    "user_row",
    "user_rows",
    "visible",
    "within",
]
