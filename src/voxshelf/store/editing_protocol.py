"""What every store offers for changing datasets: their data, their details, who may see them, and the history.

Words used here: an *edit* is one change by a person; it belongs to a *section* (see
:class:`~voxshelf.model.EditedSection`). A *stale* edit names a ``version`` of the dataset after which somebody
else edited the same section. What is not passed does not change.

Every method here raises :class:`~voxshelf.errors.DatasetNotFoundError` for a dataset that is not there, or that
whoever asks may not see, and :class:`~voxshelf.errors.NotAllowedError` where they may see it but not do this.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from voxshelf.model import UNSET

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from voxshelf.model import DatasetRecord, DataSource, HistoryEntry, MetadataEntry, Unset


class EditableStore(Protocol):
    """Editing, section by section; each edit is in the history and can be taken back."""

    def data_source(self, key: str) -> DataSource:
        """What ``datasource-properties.json`` says now.

        Raises
        ------
        InvalidDataSourceError
            If it does not describe a usable dataset; with every problem.
        """

    def properties_text(self, key: str) -> str:
        """The text of ``datasource-properties.json``, whatever is wrong with it; empty where there is none."""

    def update_data_source(
        self,
        key: str,
        data_source: DataSource | Mapping[str, Any] | str,
        *,
        base: DataSource | Mapping[str, Any] | str | None = None,
        merge: bool = False,
    ) -> DatasetRecord:
        """Write ``datasource-properties.json``; the old text goes to the backups beside it.

        Voxels are read with the rights of whoever runs the store. So only the operator and admins of the
        organization send a mag (``path``) out of the dataset's folder and the allowed roots; others keep such a path
        where it stands already.

        Parameters
        ----------
        key : str
            ``organization/name``.
        data_source : DataSource, mapping or str
            What it shall say: as a noun, as the whole JSON document, or as text typed into an editor.
        base : DataSource, mapping or str, optional
            What the edit started from. If the file says something else by now, the edit is stale.
        merge : bool
            Join a stale edit with what is stored, where both changed different fields.

        Raises
        ------
        EditConflict
            If the edit is stale and was not, or could not be, joined. Nothing is written.
        InvalidDataSourceError
            If it breaks a rule; with every problem and its place. Nothing is written.
        ReadOnlyError
            If the folder cannot be written.
        """

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
        """Change what people wrote about a dataset.

        Parameters
        ----------
        key : str
            ``organization/name``.
        display_name : str
            How to call it; empty: its folder name.
        description : str
            Markdown, at most 64 KiB.
        tags : iterable of str
            All of them.
        folder : str
            Where it lies among the organization's folders, such as ``Datasets/2026``; empty: in none. It takes
            the right to manage that folder; one that is missing is made.
        metadata : iterable of MetadataEntry
            All of them; no key twice.
        publication_date : date or ISO text, optional
            None: not published.
        version : int, optional
            Of the record that the edit started from; default: whatever is stored now.
        merge : bool
            Join a stale edit with what is stored, where both changed different fields.

        Raises
        ------
        EditConflict
            If the edit is stale and was not, or could not be, joined.
        InvalidDataSourceError
            If values cannot be used; with every problem.
        """

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
        """Change who may see a dataset. It takes the right to share it.

        Parameters
        ----------
        key : str
            ``organization/name``.
        teams : iterable of str
            All teams that are allowed on the dataset itself. Team managers add and take off only their own.
        is_public : bool
            Whether everybody may look at it, and finds it in the gallery.
        owner : str
            The id of a user of the organization. Only the owner, admins and dataset managers hand it over.
        version, merge
            As in :meth:`update_details`.

        Raises
        ------
        EditConflict
            If the edit is stale and was not, or could not be, joined.
        NotAllowedError
            If the actor may not change these teams; it names them.
        NotFoundError
            If there is no such team or user.
        """

    def history(
        self, key: str, *, limit: int | None = 50, before: int | None = None
    ) -> tuple[HistoryEntry, ...]:
        """The edits of a dataset, the newest first. It takes the right to edit it.

        Parameters
        ----------
        key : str
            ``organization/name``.
        limit : int, optional
            How many at most; None: all.
        before : int, optional
            Only those with smaller ids: the page after the one that ended there.
        """

    def undo(self, key: str, edit: int) -> DatasetRecord:
        """Take one edit back; later edits of other fields stay. The taking back is an edit of its own.

        Parameters
        ----------
        key : str
            ``organization/name``.
        edit : int
            The id of the history's entry.

        Raises
        ------
        EditConflict
            If a field of it was edited again since.
        NotFoundError
            If the dataset has no such edit.
        InvalidDataSourceError
            If what would be left breaks a rule. An import is not taken back: there would be no JSON.
        """
