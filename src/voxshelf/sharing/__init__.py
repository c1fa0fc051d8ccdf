"""Who may do what with a dataset, and the tokens of links. Pure: no catalog, no files, no clock of its own.

The rules stand in :mod:`voxshelf.sharing.policy`. They bind only where the data is owned: a store asks them
before it acts.
"""

from voxshelf.sharing.access_list import Access, explain_access, who_can, who_has_access
from voxshelf.sharing.actions import DATASET_ACTIONS, Action, DatasetAccess, Decision, FolderAccess, Grant
from voxshelf.sharing.policy import grants, may
from voxshelf.sharing.scope import ListScope, list_scope
from voxshelf.sharing.surroundings import may_in_folder, may_in_organization
from voxshelf.sharing.teams import allowed_folder_team_change, allowed_team_change, assignable_teams
from voxshelf.sharing.tokens import MintedToken, TokenRecord, mint, parse, redact, verify

__all__ = [
    "DATASET_ACTIONS",
    "Access",
    "Action",
    "DatasetAccess",
    "Decision",
    "FolderAccess",
    "Grant",
    "ListScope",
    "MintedToken",
    "TokenRecord",
    "allowed_folder_team_change",
    "allowed_team_change",
    "assignable_teams",
    "explain_access",
    "grants",
    "list_scope",
    "may",
    "may_in_folder",
    "may_in_organization",
    "mint",
    "parse",
    "redact",
    "verify",
    "who_can",
    "who_has_access",
]
