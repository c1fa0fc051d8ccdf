"""What every store offers about how datasets appear: the view configuration and its levels.

The hierarchy is built-in ← JSON file ← dataset (Edit View) ← user; it is merged key by key. Everybody who may
read a dataset may keep settings of their own for it; the dataset's level takes the right to edit it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    from voxshelf.model import (
        Place,
        ResolvedViewConfiguration,
        ViewConfiguration,
        ViewLevel,
        ViewLevels,
    )
    from voxshelf.model.view_configuration import Profile


class ViewableStore(Protocol):
    """View configurations: read with origins, changed per level, reset, copied."""

    def view_configuration(self, key: str, *, profile: Profile = "current") -> ResolvedViewConfiguration:
        """How a dataset appears for whoever asks: each value with its origin, and what was repaired.

        Parameters
        ----------
        key : str
            ``organization/name``.
        profile : {"current", "2020"}
            The era of the built-in defaults.
        """

    def view_levels(self, key: str) -> ViewLevels:
        """The stored documents: of the JSON file, of the dataset, and of whoever asks; empty where none is."""

    def update_view_configuration(
        self,
        key: str,
        document: ViewConfiguration | Mapping[str, Any],
        *,
        level: ViewLevel | str = "dataset",
        replace: bool = False,
        version: int | None = None,
        merge: bool = False,
    ) -> ResolvedViewConfiguration:
        """Store how a dataset appears, for everybody or for whoever asks.

        Parameters
        ----------
        key : str
            ``organization/name``.
        document : ViewConfiguration or mapping
            Partial, keys in camelCase; it is laid over what the level says, key by key.
        level : {"dataset", "user"}
            For everybody, or for oneself.
        replace : bool
            Forget what the level said before.
        version, merge
            As in :meth:`~voxshelf.store.EditableStore.update_details`; for the dataset's level.

        Raises
        ------
        EditConflict
            If the edit is stale and was not, or could not be, joined.
        InvalidDataSourceError
            If values are out of range or of the wrong kind; with every problem. Nothing is stored then.
        """

    def reset_view_configuration(
        self, key: str, place: Place = (), *, to: ViewLevel | str = "file"
    ) -> ResolvedViewConfiguration:
        """Forget what the levels above ``to`` say.

        Parameters
        ----------
        key : str
            ``organization/name``.
        place : tuple of str
            One value, ``("zoom",)`` or ``("layers", "color", "alpha")``, or one layer; default: everything.
        to : {"file", "dataset"}
            ``"dataset"`` forgets one's own settings; ``"file"`` those of Edit View too. What the JSON file says
            is changed with :meth:`~voxshelf.store.EditableStore.update_data_source`.
        """

    def copy_view_configuration(self, key: str, folder: str) -> tuple[str, ...]:
        """Give all datasets of a folder, and of those below it, the same view configuration (Edit View).

        Positions stay behind: they belong to one dataset. Layers are matched by name and category.

        Returns
        -------
        tuple of str
            The keys of the datasets that were changed; those that the actor may not edit are left alone.
        """
