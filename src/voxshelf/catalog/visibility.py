"""Which datasets somebody may see, as a condition of a query.

What is asked for is a *scope*: plain values that the policy gives (:class:`voxshelf.sharing.ListScope`). The same
condition is made of it in two forms. *Along* looks at one dataset: right where a page is found by walking down a
sorted index. *Ids* collects them from the indexes of owners, teams, folders, public ones and links: right where
few are visible, and to count. Collecting is done without looking at a single row of the table itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from sqlalchemy import and_, case, exists, false, func, or_, select, true, union, union_all

from voxshelf.catalog.people_tables import DATASET_TEAMS, FolderTeamRow, TeamRow
from voxshelf.catalog.tables import DatasetRow, OrganizationRow
from voxshelf.model import Category, DatasetStatus

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from sqlalchemy import ColumnElement, Select
    from sqlalchemy.orm import Session

_TEAM_OF = DATASET_TEAMS.c.team_id
_NOT_YET = (DatasetStatus.NOT_IMPORTED, DatasetStatus.UPLOADING)
_LIVE = frozenset(DatasetStatus) - {DatasetStatus.DELETED}
_SHOWN = _LIVE - {*_NOT_YET}


class Scope(Protocol):
    """What a query must know; each value as in :class:`voxshelf.sharing.ListScope`."""

    @property
    def everything(self) -> bool:
        """No filter at all."""

    @property
    def organization(self) -> str | None:
        """Where the user belongs."""

    @property
    def whole_organization(self) -> bool:
        """Everything in it."""

    @property
    def user(self) -> str | None:
        """To be compared with the owner."""

    @property
    def teams(self) -> frozenset[str]:
        """Teams of the user."""

    @property
    def managed_teams(self) -> frozenset[str]:
        """Those that the user manages."""

    @property
    def linked(self) -> frozenset[str]:
        """Keys that links open."""


@dataclass(frozen=True)
class Visible:
    """A scope, ready to be put into a statement over :class:`~voxshelf.catalog.tables.DatasetRow`.

    Parameters
    ----------
    along : ColumnElement
        The condition on one dataset.
    arms : tuple of Select
        Ids of datasets that fulfil it; one may be in several of them.
    apart : tuple of Select
        Further ones, none of which is in another arm.
    except_for : Select, optional
        What an arm may hold although it is not wanted; it is not counted.
    """

    along: ColumnElement[bool]
    arms: tuple[Select[Any], ...]
    apart: tuple[Select[Any], ...] = ()
    except_for: Select[Any] | None = None

    @property
    def among(self) -> ColumnElement[bool]:
        """The same condition, from a collection of ids."""
        return DatasetRow.id.in_(union_all(*self.apart, self._collected()))

    def count(self, session: Session, collections: Sequence[Select[Any]] = ()) -> int:
        """How many datasets there are whose ids are in all of these collections."""
        numbers = [_count(session, arm, collections) for arm in self.apart]
        return sum(numbers) + _count(session, self._collected(), collections, self.except_for)

    def _collected(self) -> Select[Any]:
        collected = union(*self.arms).subquery()
        return select(collected.c[0])


def visible(
    session: Session,
    scope: Scope,
    statuses: Collection[DatasetStatus] = tuple(DatasetStatus),
    organization: str | None = None,
    category: Category | None = None,
) -> Visible | None:
    """What ``scope`` means in this catalog; None where nothing is hidden.

    Parameters
    ----------
    session : Session
        On the catalog.
    scope : Scope
        Whose view it is.
    statuses : collection of DatasetStatus
        The only ones wanted.
    organization : str, optional
        The only one wanted.
    category : Category, optional
        Of the layers, one of which must be of it; only ``count`` looks at all of them.
    """
    if scope.everything:
        return None
    wanted = _Wanted(frozenset(statuses), category)
    home = _Home.of(session, scope)
    there = true() if organization is None else _in_organization(organization)
    apart = true() if home is None else home.not_counted_apart(scope)
    conditions = [and_(_is(_SHOWN), DatasetRow.is_public)]
    arms = [wanted.among(_SHOWN).ids().where(DatasetRow.is_public, there, apart)]
    if scope.linked:
        opened = DatasetRow.key.in_(scope.linked)
        conditions.append(and_(_is(_SHOWN), opened))
        arms.append(wanted.among(_SHOWN).ids().where(opened, there, apart))
    if home is None:
        return Visible(_unindexed(session, or_(*conditions)), tuple(arms))
    along = _unindexed(session, or_(*conditions, *home.conditions(scope)))
    if organization not in (None, scope.organization):
        return Visible(along, tuple(arms))
    arms += home.arms(scope, wanted)
    rest = None if scope.whole_organization else wanted.without_category()
    return Visible(along, tuple(arms), tuple(home.apart(scope, wanted)), rest)


def _count(
    session: Session, arm: Select[Any], collections: Sequence[Select[Any]], rest: Select[Any] | None = None
) -> int:
    ids = arm.subquery()
    conditions = [ids.c[0].in_(collection) for collection in collections]
    if rest is not None:
        conditions.append(ids.c[0].not_in(rest))
    return session.scalar(select(func.count()).select_from(ids).where(*conditions)) or 0


def has_category(category: Category) -> ColumnElement[bool]:
    """Whether a dataset has a layer of this category."""
    return (DatasetRow.has_color if category is Category.COLOR else DatasetRow.has_segmentation).is_(true())


class _Wanted(NamedTuple):
    """What is looked for among the visible."""

    statuses: frozenset[DatasetStatus]
    category: Category | None = None

    def among(self, statuses: frozenset[DatasetStatus]) -> _Wanted:
        """The same, but in no other status than these."""
        return _Wanted(self.statuses & statuses, self.category)

    def ids(self) -> Select[Any]:
        """The ids of all such datasets."""
        ids = select(DatasetRow.id).where(_is(self.statuses))
        return ids if self.category is None else ids.where(has_category(self.category))

    def others(self) -> Select[Any]:
        """The ids of all datasets in other statuses."""
        return select(DatasetRow.id).where(_is(frozenset(DatasetStatus) - self.statuses))

    def without_category(self) -> Select[Any] | None:
        """The ids of datasets without such a layer; None where any will do."""
        if self.category is None:
            return None
        return select(DatasetRow.id).where(~has_category(self.category))


def _unindexed(session: Session, condition: ColumnElement[bool]) -> ColumnElement[bool]:
    """The condition in a form for which SQLite does not collect rows from several indexes: that is what arms are for."""
    return (
        case((condition, true()), else_=false()) if session.get_bind().dialect.name == "sqlite" else condition
    )


def _in_organization(name: str) -> ColumnElement[bool]:
    wanted = select(OrganizationRow.id).where(OrganizationRow.name == name)
    return DatasetRow.organization_id == wanted.scalar_subquery()


@dataclass(frozen=True)
class _Home:
    """The organization of whoever asks, and their teams, by id."""

    organization: int
    teams: tuple[int, ...]
    managed: tuple[int, ...]

    @classmethod
    def of(cls, session: Session, scope: Scope) -> _Home | None:
        if scope.organization is None:
            return None
        wanted = select(OrganizationRow.id).where(OrganizationRow.name == scope.organization)
        organization = session.scalar(wanted)
        if organization is None:
            return None
        teams: dict[str, int] = {}
        if scope.teams and not scope.whole_organization:
            named = select(TeamRow.name, TeamRow.id)
            named = named.where(TeamRow.organization_id == organization, TeamRow.name.in_(scope.teams))
            teams = {row.name: row.id for row in session.execute(named)}
        managed = tuple(teams[name] for name in sorted(scope.managed_teams & teams.keys()))
        return cls(organization, tuple(sorted(teams.values())), managed)

    @property
    def inside(self) -> ColumnElement[bool]:
        return DatasetRow.organization_id == self.organization

    def conditions(self, scope: Scope) -> list[ColumnElement[bool]]:
        """What else is visible, dataset by dataset."""
        if scope.whole_organization:
            return [self.inside]
        conditions = [and_(self.inside, DatasetRow.owner == scope.user)]
        if scope.managed_teams:
            conditions.append(and_(self.inside, _is(_LIVE), ~DatasetRow.has_team))
        for teams, statuses in ((self.managed, _LIVE), (self.teams, _SHOWN)):
            if teams:
                conditions.append(and_(self.inside, _is(statuses), _allows(teams)))
        return conditions

    def apart(self, scope: Scope, wanted: _Wanted) -> list[Select[Any]]:
        """The ids that may be most of all, and are in an index as they are."""
        if scope.whole_organization:
            return [wanted.ids().where(self.inside)]
        if scope.managed_teams:
            return [wanted.among(_LIVE).ids().where(self.inside, ~DatasetRow.has_team)]
        return []

    def not_counted_apart(self, scope: Scope) -> ColumnElement[bool]:
        """The condition that keeps those out of the other arms."""
        if scope.whole_organization:
            return ~self.inside
        return or_(~self.inside, DatasetRow.has_team) if scope.managed_teams else true()

    def arms(self, scope: Scope, wanted: _Wanted) -> list[Select[Any]]:
        """The ids of all others; of those that teams are allowed on, in any category."""
        if scope.whole_organization:
            return []
        own = wanted.ids().where(self.inside, DatasetRow.owner == scope.user)
        found = [own.where(DatasetRow.has_team | ~_is(_LIVE)) if scope.managed_teams else own]
        for teams, which in ((self.managed, wanted.among(_LIVE)), (self.teams, wanted.among(_SHOWN))):
            if teams:
                found.append(_allowed_on(teams, which))
                found.append(which.ids().where(DatasetRow.folder_id.in_(_folders_allowing(teams))))
        return found


def _is(statuses: Collection[DatasetStatus]) -> ColumnElement[bool]:
    others = sorted(set(DatasetStatus) - set(statuses))
    if not others:
        return true()
    if len(others) <= len(statuses):  # few are to be left out
        return DatasetRow.status != others[0] if len(others) == 1 else DatasetRow.status.not_in(others)
    return DatasetRow.status.in_(sorted(statuses)) if statuses else false()


def _allowed_on(teams: Collection[int], wanted: _Wanted) -> Select[Any]:
    """The ids of datasets that allow one of these teams themselves."""
    found = select(DATASET_TEAMS.c.dataset_id).where(_TEAM_OF.in_(teams))
    if DatasetStatus.READY in wanted.statuses:  # most are: it is quicker to collect the others
        return found.where(DATASET_TEAMS.c.dataset_id.not_in(wanted.others()))
    return found.where(DATASET_TEAMS.c.dataset_id.in_(wanted.ids()))


def _allows(teams: Collection[int]) -> ColumnElement[bool]:
    itself = exists().where(DATASET_TEAMS.c.dataset_id == DatasetRow.id, _TEAM_OF.in_(teams))
    return and_(DatasetRow.has_team, or_(itself, DatasetRow.folder_id.in_(_folders_allowing(teams))))


def _folders_allowing(teams: Collection[int]) -> Select[Any]:
    return select(FolderTeamRow.folder_id).where(FolderTeamRow.team_id.in_(teams))
