"""What the desks that bring datasets into the store have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voxshelf.errors import NotFoundError, ReadOnlyError, VoxshelfError
from voxshelf.sharing import Action
from voxshelf.store.desk import Desk
from voxshelf.store.keys import is_valid_name

if TYPE_CHECKING:
    from voxshelf.model import DatasetRecord


class IntakeDesk(Desk):
    """Knows where a new dataset goes, and whether the actor may put it there."""

    def _home_of_new(self, organization: str | None) -> str:
        """The organization of a new dataset: the one named, the actor's own, or the store's default.

        In the store of one person, who belongs to no organization, the first dataset must go somewhere.

        Raises
        ------
        NotFoundError
            If it is not clear which one is meant.
        """
        try:
            return self._home(organization)
        except NotFoundError:
            if not self._gate.is_operator:
                raise
            return self._premises.organization

    def _require_place(self, home: str, name: str) -> None:
        """Refuse unless the actor may put a dataset of that name there.

        Raises
        ------
        NotAllowedError
            If they may not.
        VoxshelfError
            If one of the two is no name.
        ReadOnlyError
            If the organization's folder is a link to where the store may not go.
        """
        self._gate.require_in_organization(Action.CREATE, home)
        for value in (home, name):
            if not is_valid_name(value):
                raise VoxshelfError(
                    f"{value!r} cannot be the name of a dataset or an organization.",
                    hint="Use letters, digits, '_', '-' and '.', at most 128, beginning with a letter, a digit or '_'.",
                )
        if problem := self._premises.places.problem(self._premises.root / home):
            raise ReadOnlyError(problem.message, hint=problem.hint)

    def _told(self, key: str) -> DatasetRecord:
        """What the actor is told about a dataset."""
        with self._reading() as session:
            row = self._gate.row(session, Action.SEE, key)
            return self._gate.record(session, row, self._premises.root)
