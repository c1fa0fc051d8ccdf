"""What must hold for every actor and every dataset, whoever they are."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from voxshelf.model import Actor, DatasetStatus, Folder, Link, User
from voxshelf.sharing import DATASET_ACTIONS, Action, DatasetAccess, list_scope, may, who_has_access

NOW = datetime(2026, 7, 1, tzinfo=UTC)
TEAMS = ("A", "B", "C")
ORGANIZATIONS = ("one", "two")

team_sets = st.lists(st.sampled_from(TEAMS), unique=True, max_size=3).map(tuple)
organizations = st.sampled_from(ORGANIZATIONS)
keys = st.sampled_from([f"{organization}/{name}" for organization in ORGANIZATIONS for name in ("p", "q")])
users = st.builds(
    User,
    id=st.sampled_from(["u", "v"]),
    organization=organizations,
    is_admin=st.booleans(),
    is_dataset_manager=st.booleans(),
    memberships=st.dictionaries(st.sampled_from(TEAMS), st.booleans()),
)
moments = st.sampled_from([None, NOW - timedelta(days=1), NOW, NOW + timedelta(days=1)])
links = st.builds(
    Link, id=st.just("abcd1234"), dataset=keys, created=st.just(NOW), expires=moments, revoked=moments
)
actors = st.builds(
    Actor,
    user=st.none() | users,
    links=st.lists(links, max_size=2).map(tuple),
    is_operator=st.sampled_from([False] * 5 + [True]),
)
folders = st.lists(team_sets, max_size=2).map(
    lambda allowed: tuple(
        Folder(path="/".join("abc"[: depth + 1]), allowed_teams=teams) for depth, teams in enumerate(allowed)
    )
)
datasets = st.builds(
    DatasetAccess,
    key=keys,
    owner=st.sampled_from([None, "u", "v", "w"]),
    is_public=st.booleans(),
    allowed_teams=team_sets,
    folders=folders,
    status=st.sampled_from(DatasetStatus),
)
bounded = settings(deadline=None, max_examples=150, derandomize=True)


def _rights(actor: Actor, dataset: DatasetAccess) -> set[Action]:
    return {action for action in DATASET_ACTIONS if may(actor, action, dataset, now=NOW)}


@bounded
@given(users, st.lists(links, max_size=1), st.dictionaries(st.sampled_from(TEAMS), st.booleans()), datasets)
def test_joining_a_team_or_managing_it_never_takes_a_right_away(
    user: User, held: list[Link], joined: dict[str, bool], dataset: DatasetAccess
) -> None:
    memberships = {
        team: user.memberships.get(team, False) or joined.get(team, False)
        for team in user.memberships.keys() | joined.keys()
    }
    richer = user.model_copy(update={"memberships": memberships})
    assert _rights(Actor.of(user, *held), dataset) <= _rights(Actor.of(richer, *held), dataset)


@bounded
@given(users, st.sampled_from(["is_admin", "is_dataset_manager"]), datasets)
def test_a_role_never_takes_a_right_away(user: User, role: str, dataset: DatasetAccess) -> None:
    promoted = user.model_copy(update={role: True})
    assert _rights(Actor.of(user), dataset) <= _rights(Actor.of(promoted), dataset)


@bounded
@given(actors, datasets, team_sets)
def test_another_team_on_a_dataset_that_has_one_never_takes_a_right_away(
    actor: Actor, dataset: DatasetAccess, more: tuple[str, ...]
) -> None:
    wider = dataset.model_copy(update={"allowed_teams": (*dataset.allowed_teams, *more)})
    if dataset.cumulative_teams:
        assert _rights(actor, dataset) <= _rights(actor, wider)


@bounded
@given(actors, datasets, st.sampled_from(TEAMS))
def test_the_first_team_takes_rights_only_from_managers_of_other_teams(
    actor: Actor, dataset: DatasetAccess, team: str
) -> None:
    before = dataset.model_copy(update={"allowed_teams": (), "folders": ()})
    after = before.model_copy(update={"allowed_teams": (team,)})
    if _rights(actor, before) - _rights(actor, after):
        assert actor.user is not None
        assert actor.user.managed_teams
        assert team not in actor.user.managed_teams


@bounded
@given(actors, datasets)
def test_publishing_never_takes_a_right_away(actor: Actor, dataset: DatasetAccess) -> None:
    private, public = (dataset.model_copy(update={"is_public": value}) for value in (False, True))
    assert _rights(actor, private) <= _rights(actor, public)


@bounded
@given(actors, links, datasets)
def test_a_link_gives_at_most_a_look_at_its_own_dataset(
    actor: Actor, link: Link, dataset: DatasetAccess
) -> None:
    gained = _rights(actor.with_links(link), dataset) - _rights(actor, dataset)
    assert gained <= ({Action.SEE, Action.READ} if link.dataset == dataset.key else set())


@bounded
@given(users, datasets)
def test_organizations_are_isolated_but_for_what_is_public(user: User, dataset: DatasetAccess) -> None:
    if user.organization != dataset.organization:
        assert _rights(Actor.of(user), dataset) == _rights(Actor.anonymous(), dataset)


@bounded
@given(actors, datasets)
def test_rights_build_on_each_other(actor: Actor, dataset: DatasetAccess) -> None:
    rights = _rights(actor, dataset)
    assert not rights or Action.SEE in rights
    assert (Action.EDIT in rights) == (Action.SHARE in rights)
    if Action.EDIT in rights:
        assert Action.READ in rights


@bounded
@given(actors, datasets)
def test_a_list_shows_exactly_what_may_be_seen(actor: Actor, dataset: DatasetAccess) -> None:
    assert list_scope(actor, now=NOW).covers(dataset) is bool(may(actor, Action.SEE, dataset, now=NOW))


@bounded
@given(st.lists(users, max_size=5), datasets)
def test_the_access_list_holds_those_who_may_see_a_private_dataset(
    people: list[User], dataset: DatasetAccess
) -> None:
    private = dataset.model_copy(update={"is_public": False})
    listed = [access.user for access in who_has_access(private, people)]
    able = [user for user in people if may(Actor.of(user), Action.SEE, private)]
    assert sorted(map(repr, listed)) == sorted(map(repr, able))
