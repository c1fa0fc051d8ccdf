"""Who may call what of a store: one rule for every public method and property of the store and of its desks.

A *need* is a right on the dataset of the scene (``see``, ``read``, ``edit``, ``share``, ``delete``) or one of
:data:`ELSEWHERE`. Rights are written down here by hand, once per actor, so that the policy is not its own witness.
A method that has no rule fails the test that reads this table.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from voxshelf.errors import (
    DatasetNotFoundError,
    NotAllowedError,
    NotFoundError,
    UploadNotFoundError,
    VoxshelfError,
)
from voxshelf.testing.folders import properties

if TYPE_CHECKING:
    from collections.abc import Callable

    from voxshelf.store import LocalDatasetStore

DATASET_RIGHTS = ("see", "read", "edit", "share", "delete")

ELSEWHERE: dict[str, type[VoxshelfError]] = {
    "person": NotAllowedError,  # settings of one's own
    "create": NotAllowedError,  # new datasets in the organization of the scene
    "scan": NotAllowedError,  # looking for new datasets
    "people": NotAllowedError,  # users, roles and teams of the organization
    "team": NotAllowedError,  # members of the scene's team
    "folder": NotAllowedError,  # the scene's folder
    "operator": NotAllowedError,
    "insider": NotFoundError,  # belonging to the organization
    "upload": UploadNotFoundError,  # going on with the scene's upload
    "trash": DatasetNotFoundError,  # the scene's deleted dataset
}
"""What rights there are besides those on a dataset, and what somebody is told who has not got them."""

_READ, _CHANGE, _ALL = DATASET_RIGHTS[:2], DATASET_RIGHTS[:4], DATASET_RIGHTS

HELD: dict[str, frozenset[str]] = {
    "a visitor": frozenset(),
    "somebody of another team": frozenset({"person", "insider"}),
    "a member": frozenset({*_READ, "person", "insider"}),
    "a team manager": frozenset(
        {*_CHANGE, "person", "insider", "create", "scan", "team", "folder", "upload"}
    ),
    "a dataset manager": frozenset({*_ALL, "person", "insider", "create", "scan", "folder", "trash"}),
    "an admin": frozenset({*_ALL, *ELSEWHERE} - {"operator"}),
    "the owner": frozenset({*_ALL, "person", "insider", "trash"}),
    "the bearer of a link": frozenset(_READ),
    "the bearer of an expired link": frozenset(),
    "the bearer of a revoked link": frozenset(),
    "an admin of another organization": frozenset({"person", "scan"}),
    "the operator": frozenset({*_ALL, *ELSEWHERE}),
}
"""What each actor may do in the scene: a dataset with one team and an owner."""

USERS = {
    "somebody of another team": "lab/olga",
    "a member": "lab/mia",
    "a team manager": "lab/tom",
    "a dataset manager": "lab/dora",
    "an admin": "lab/ada",
    "the owner": "lab/omar",
    "an admin of another organization": "clinic/zoe",
}
"""The users among them."""


@dataclass(frozen=True)
class Scene:
    """What a call is about.

    Parameters
    ----------
    key : str
        The dataset.
    link, edit : str, int
        One of its links, and one of the edits in its history.
    entry : str
        A deleted dataset in the trash.
    upload : str
        An upload of the team manager, of which all bytes are there.
    token : str
        Of the link.
    bytes : int
        Of the upload.
    """

    key: str
    link: str
    edit: int
    entry: str
    upload: str
    token: str
    bytes: int


@dataclass(frozen=True)
class Rule:
    """What a call needs; nothing: everybody may make it."""

    name: str
    call: Callable[[LocalDatasetStore, Scene], Any]
    needs: tuple[str, ...] = ()

    def refusal(self, held: frozenset[str]) -> type[VoxshelfError] | None:
        """What somebody with these rights is told; None if they may."""
        for need in self.needs:
            if need in held:
                continue
            if need in ELSEWHERE:
                return ELSEWHERE[need]
            if "see" in held:
                return NotAllowedError
            is_about_a_link = self.name in ("update_link", "revoke_link", "renew_link")
            return NotFoundError if is_about_a_link else DatasetNotFoundError
        return None


def _rule(name: str, call: Callable[[LocalDatasetStore, Scene], Any], *needs: str) -> Rule:
    return Rule(name, call, needs)


DATASET_RULES = (
    _rule("record", lambda store, it: store.record(it.key), "see"),
    _rule("__getitem__", lambda store, it: store[it.key], "read"),
    _rule("propose_import", lambda store, it: store.propose_import(it.key), "edit"),
    _rule("import_dataset", lambda store, it: store.import_dataset(it.key), "edit"),
    _rule("data_source", lambda store, it: store.data_source(it.key), "read"),
    _rule("properties_text", lambda store, it: store.properties_text(it.key), "read"),
    _rule(
        "update_data_source",
        lambda store, it: store.update_data_source(it.key, properties(scale=[1, 2, 3])),
        "edit",
    ),
    _rule("update_details", lambda store, it: store.update_details(it.key, tags=["new"]), "edit"),
    _rule("update_details", lambda store, it: store.update_details(it.key, folder="Shelf"), "edit", "folder"),
    _rule("update_permissions", lambda store, it: store.update_permissions(it.key, is_public=True), "share"),
    _rule("history", lambda store, it: store.history(it.key), "edit"),
    _rule("undo", lambda store, it: store.undo(it.key, it.edit), "edit"),
    _rule("view_configuration", lambda store, it: store.view_configuration(it.key), "read"),
    _rule("view_levels", lambda store, it: store.view_levels(it.key), "read"),
    _rule(
        "update_view_configuration",
        lambda store, it: store.update_view_configuration(it.key, {"zoom": 3}),
        "edit",
    ),
    _rule(
        "update_view_configuration",
        lambda store, it: store.update_view_configuration(it.key, {"zoom": 3}, level="user"),
        "read",
        "person",
    ),
    _rule("reset_view_configuration", lambda store, it: store.reset_view_configuration(it.key), "edit"),
    _rule(
        "reset_view_configuration",
        lambda store, it: store.reset_view_configuration(it.key, to="dataset"),
        "read",
    ),
    _rule(
        "copy_view_configuration", lambda store, it: store.copy_view_configuration(it.key, "Shelf"), "read"
    ),
    _rule("create_link", lambda store, it: store.create_link(it.key), "share"),
    _rule("links", lambda store, it: store.links(it.key), "share"),
    _rule("update_link", lambda store, it: store.update_link(it.link, label="new"), "share"),
    _rule("revoke_link", lambda store, it: store.revoke_link(it.link), "share"),
    _rule("renew_link", lambda store, it: store.renew_link(it.link), "share"),
    _rule("who_has_access", lambda store, it: store.who_has_access(it.key), "share"),
    _rule("explain_access", lambda store, it: store.explain_access(store.actor, it.key), "see"),
    _rule("delete", lambda store, it: store.delete(it.key), "delete"),
    _rule("people.who_has_access", lambda store, it: store.people.who_has_access(it.key), "share"),
    _rule("people.assignable_teams", lambda store, it: store.people.assignable_teams(it.key), "see"),
    _rule("people.explain_access", lambda store, it: store.people.explain_access(store.actor, it.key), "see"),
)
"""What concerns one dataset: whoever may not see it is told the same as if it were not there."""

STORE_RULES = (
    _rule("root", lambda store, _: store.root),
    _rule("actor", lambda store, _: store.actor),
    _rule("capabilities", lambda store, _: store.capabilities),
    _rule("changed", lambda store, _: store.changed),
    _rule("noted", lambda store, _: store.noted),
    _rule("people", lambda store, _: store.people),
    _rule("uploads", lambda store, _: store.uploads),
    _rule("samples", lambda store, _: store.samples),
    _rule("list", lambda store, _: store.list(limit=None)),
    _rule("tags", lambda store, _: store.tags()),
    _rule("organizations", lambda store, _: store.organizations()),
    _rule("trash", lambda store, _: store.trash()),
    _rule("get", lambda store, it: store.get(it.key)),
    _rule("__contains__", lambda store, it: it.key in store),
    _rule("__iter__", lambda store, _: list(store)),
    _rule("__enter__", lambda store, _: store.__enter__()),
    _rule("__exit__", lambda store, _: store.__exit__(None, None, None)),
    _rule("close", lambda store, _: store.close()),
    _rule("with_link", lambda store, it: store.with_link(it.token)),
    _rule("acting_as", lambda store, _: store.acting_as("lab/mia"), "operator"),
    _rule("refresh", lambda store, _: store.refresh(), "scan"),
    _rule("refresh", lambda store, _: store.refresh(accept_loss=True), "operator"),
    _rule("keep_refreshed", lambda store, _: store.keep_refreshed().stop(), "scan"),
    _rule("restore", lambda store, it: store.restore(it.entry), "trash"),
    _rule("purge", lambda store, it: store.purge([it.entry]), "trash"),
    _rule("purge", lambda store, _: store.purge()),
)
"""What concerns the whole store."""

ARRIVING_RULES = (
    _rule("uploads.begin", lambda store, _: store.uploads.begin("fresh", 10, organization="lab"), "create"),
    _rule("uploads.append", lambda store, it: store.uploads.append(it.upload, it.bytes, b""), "upload"),
    _rule("uploads.finish", lambda store, it: store.uploads.finish(it.upload), "upload"),
    _rule("uploads.cancel", lambda store, it: store.uploads.cancel(it.upload), "upload"),
    _rule("uploads.get", lambda store, it: store.uploads.get(it.upload), "upload"),
    _rule("uploads.list", lambda store, _: store.uploads.list("lab")),
    _rule("uploads.expire", lambda store, _: store.uploads.expire(), "operator"),
    _rule("samples.available", lambda store, _: store.samples.available("lab")),
    _rule("samples.add", lambda store, _: store.samples.add("tissue", organization="lab"), "create"),
)
"""Uploads and samples."""

PEOPLE_RULES = (
    _rule("people.organizations", lambda store, _: store.people.organizations()),
    _rule("people.add_organization", lambda store, _: store.people.add_organization("new"), "operator"),
    _rule(
        "people.update_organization",
        lambda store, _: store.people.update_organization("lab", display_name="Lab"),
        "people",
    ),
    _rule(
        "people.update_organization",
        lambda store, _: store.people.update_organization("lab", upload_quota=5),
        "operator",
    ),
    _rule("people.users", lambda store, _: store.people.users("lab"), "insider"),
    _rule("people.user", lambda store, _: store.people.user("mia", organization="lab"), "insider"),
    _rule("people.teams", lambda store, _: store.people.teams("lab"), "insider"),
    _rule("people.folders", lambda store, _: store.people.folders("lab"), "insider"),
    _rule("people.add_user", lambda store, _: store.people.add_user("new", organization="lab"), "people"),
    _rule(
        "people.update_user",
        lambda store, _: store.people.update_user("mia", is_admin=True, organization="lab"),
        "people",
    ),
    _rule(
        "people.remove_user", lambda store, _: store.people.remove_user("olga", organization="lab"), "people"
    ),
    _rule("people.add_team", lambda store, _: store.people.add_team("new", organization="lab"), "people"),
    _rule(
        "people.rename_team",
        lambda store, _: store.people.rename_team("imaging", "new", organization="lab"),
        "people",
    ),
    _rule(
        "people.remove_team",
        lambda store, _: store.people.remove_team("imaging", organization="lab"),
        "people",
    ),
    _rule(
        "people.add_member",
        lambda store, _: store.people.add_member("imaging", "olga", organization="lab"),
        "team",
    ),
    _rule(
        "people.add_member",
        lambda store, _: store.people.add_member("imaging", "mia", is_manager=True, organization="lab"),
        "people",
    ),
    _rule(
        "people.remove_member",
        lambda store, _: store.people.remove_member("imaging", "mia", organization="lab"),
        "team",
    ),
    _rule(
        "people.add_folder",
        lambda store, _: store.people.add_folder("Shelf/New", organization="lab"),
        "folder",
    ),
    _rule(
        "people.update_folder",
        lambda store, _: store.people.update_folder(
            "Shelf", teams=["imaging"], metadata=[], organization="lab"
        ),
        "folder",
    ),
    _rule(
        "people.move_folder",
        lambda store, _: store.people.move_folder("Shelf/Empty", "Shelf/Full", organization="lab"),
        "folder",
    ),
    _rule(
        "people.remove_folder",
        lambda store, _: store.people.remove_folder("Shelf/Empty", organization="lab"),
        "folder",
    ),
)
"""Users, teams and folders."""

RULES = (*DATASET_RULES, *STORE_RULES, *ARRIVING_RULES, *PEOPLE_RULES)
