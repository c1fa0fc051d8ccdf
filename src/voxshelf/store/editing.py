"""Editing details and permissions of datasets: what the catalog remembers, section by section.

What each method means is written in :class:`~voxshelf.store.editing_protocol.EditableStore`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from voxshelf.catalog import rows_to_change
from voxshelf.errors import NotAllowedError
from voxshelf.model import UNSET, ChangeKind, EditedSection, Unset, diff_documents
from voxshelf.sharing import Action, allowed_team_change
from voxshelf.store import python_lines
from voxshelf.store.desk import Desk
from voxshelf.store.edit_log import Start, record_edit, settled, touch
from voxshelf.store.sections import (
    apply_details,
    apply_permissions,
    checked_details,
    checked_permissions,
    details_of,
    permissions_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import date

    from sqlalchemy.orm import Session

    from voxshelf.catalog import DatasetRow, Writing
    from voxshelf.model import DatasetRecord, MetadataEntry

    Document = dict[str, Any]

_NEEDS = {EditedSection.DETAILS: Action.EDIT, EditedSection.PERMISSIONS: Action.SHARE}
_READ = {EditedSection.DETAILS: details_of, EditedSection.PERMISSIONS: permissions_of}


class Editing(Desk):
    """Details and permissions."""

    def update_details(  # noqa: PLR0913 - each is one property, by name
        self,
        key: str,
        *,
        display_name: str | Unset = UNSET,
        description: str | Unset = UNSET,
        tags: Iterable[str] | Unset = UNSET,
        folder: str | Unset = UNSET,
        metadata: Iterable[MetadataEntry | Mapping[str, Any]] | Unset = UNSET,
        publication_date: date | str | Unset | None = UNSET,
        version: int | None = None,
        merge: bool = False,
    ) -> DatasetRecord:
        """Change what people wrote about a dataset."""
        given = {
            "display_name": display_name,
            "description": description,
            "tags": tags,
            "folder": folder,
            "metadata": metadata,
            "publication_date": publication_date,
        }
        wanted = checked_details({name: value for name, value in given.items() if value is not UNSET})
        python = python_lines.call("update_details", key, options=wanted)
        return self._edit(key, EditedSection.DETAILS, lambda old: old | wanted, Start(version, merge), python)

    def update_permissions(
        self,
        key: str,
        *,
        teams: Iterable[str] | Unset = UNSET,
        is_public: bool | Unset = UNSET,
        owner: str | Unset = UNSET,
        version: int | None = None,
        merge: bool = False,
    ) -> DatasetRecord:
        """Change who may see a dataset."""
        given = {"teams": teams, "is_public": is_public, "owner": owner}
        wanted = checked_permissions({name: value for name, value in given.items() if value is not UNSET})
        python = python_lines.call("update_permissions", key, options=wanted)
        return self._edit(
            key, EditedSection.PERMISSIONS, lambda old: old | wanted, Start(version, merge), python
        )

    def _edit(
        self,
        key: str,
        section: EditedSection,
        edit: Callable[[Document], Document],
        start: Start,
        python: str,
        *,
        undoes: int | None = None,
    ) -> DatasetRecord:
        """Make one edit of a section that the catalog keeps; one that changes nothing leaves no trace."""
        with self._changing() as writing:
            session = writing.session
            rows_to_change(session, [key])
            row = self._gate.row(session, _NEEDS[section], key)
            before = _READ[section](row)
            after = settled(session, row, section, before, edit, start)
            changes = diff_documents(before, after)
            if changes:
                self._apply(writing, row, section, before, after)
                touch(writing, row)
                record_edit(writing, row, section, changes, python=python, undoes=undoes)
                writing.log(ChangeKind.EDITED, key, section=section.name)
                session.flush()
            return self._gate.record(session, row, self._premises.root)

    def _apply(
        self, writing: Writing, row: DatasetRow, section: EditedSection, before: Document, after: Document
    ) -> None:
        if section is EditedSection.DETAILS:
            if after["folder"] != before["folder"]:
                self._require_move(writing.session, row, after["folder"])
            apply_details(writing, row, after)
            return
        actor = self._gate.present_actor(writing.session)
        access = self._gate.access(writing.session, row)
        allowed_team_change(actor, access, after["teams"]).enforce()
        if after["owner"] != before["owner"]:
            self._require_ownership(row, before["owner"])
        apply_permissions(writing, row, after)

    def _require_move(self, session: Session, row: DatasetRow, folder: str) -> None:
        """Whoever puts a dataset into a folder lends it the folder's teams: both are asked."""
        if folder:
            self._gate.require_folder(session, row.key.partition("/")[0], folder)

    def _require_ownership(self, row: DatasetRow, owner: str) -> None:
        actor = self._gate.actor
        user = actor.user
        leads = actor.is_operator or (user is not None and (user.is_admin or user.is_dataset_manager))
        if not leads and (user is None or user.id != owner):
            raise NotAllowedError(
                f"{actor.title} may not hand over {row.key}: that is for its owner, admins and dataset managers.",
                hint="Ask one of them.",
            )
