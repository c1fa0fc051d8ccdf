"""The access matrix: everybody who may come, times everything they may want, times every kind of dataset."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from voxshelf.errors import NotAllowedError
from voxshelf.model import Actor, DatasetStatus, Folder, Link, Role, User
from voxshelf.sharing import DATASET_ACTIONS, Action, DatasetAccess, grants, may

NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)
KEY = "springfield/retina_2026"
ORGANIZATION = "springfield"


def _user(name: str, organization: str = ORGANIZATION, **more: object) -> User:
    return User(id=name, organization=organization, name=name.title(), **more)


def _link(**more: object) -> Link:
    values = {"id": "abcd1234", "dataset": KEY, "label": "for Bob", "created": NOW - timedelta(days=9)}
    return Link(**(values | more))


ACTORS = {
    "anonymous": Actor.anonymous(),
    "outsider admin": Actor.of(_user("nelson", "shelbyville", is_admin=True, memberships={"Retina": True})),
    "no team": Actor.of(_user("lisa")),
    "other team": Actor.of(_user("ralph", memberships={"Cortex": False})),
    "member": Actor.of(_user("ada", memberships={"Retina": False})),
    "other manager": Actor.of(_user("otto", memberships={"Cortex": True})),
    "team manager": Actor.of(_user("carl", memberships={"Retina": True, "Cortex": False})),
    "dataset manager": Actor.of(_user("dora", is_dataset_manager=True)),
    "admin": Actor.of(_user("amy", is_admin=True)),
    "owner": Actor.of(_user("olga")),
    "namesake of the owner elsewhere": Actor.of(_user("olga", "shelbyville")),
    "link": Actor.anonymous(_link(expires=NOW + timedelta(days=1))),
    "endless link": Actor.anonymous(_link()),
    "expired link": Actor.anonymous(_link(expires=NOW)),
    "revoked link": Actor.anonymous(_link(revoked=NOW - timedelta(days=1))),
    "link elsewhere": Actor.anonymous(_link(dataset="springfield/other")),
    "member with link": Actor.of(_user("ralph", memberships={"Cortex": False}), _link()),
    "operator": Actor.operator(),
}
_FOLDERS = (Folder(path="Datasets", organization=ORGANIZATION), Folder(path="Datasets/2026"))
_OPEN_FOLDERS = (_FOLDERS[0].model_copy(update={"allowed_teams": ("Retina",)}), _FOLDERS[1])
DATASETS = {
    "private": DatasetAccess(key=KEY, owner="olga", allowed_teams=("Retina",)),
    "by folder": DatasetAccess(key=KEY, owner="olga", folders=_OPEN_FOLDERS),
    "public": DatasetAccess(key=KEY, owner="olga", allowed_teams=("Retina",), is_public=True),
    "no team": DatasetAccess(key=KEY, owner="olga", folders=_FOLDERS),
    "not imported": DatasetAccess(
        key=KEY,
        owner="olga",
        allowed_teams=("Retina",),
        is_public=True,
        status=DatasetStatus.NOT_IMPORTED,
    ),
    "in the trash": DatasetAccess(
        key=KEY, owner="olga", allowed_teams=("Retina",), is_public=True, status=DatasetStatus.DELETED
    ),
}

# What is allowed, by first letters: See, Read, Edit, sHare, Delete. One column per dataset, in their order.
MATRIX = {
    #                   private  by folder public   no team  not imp. trash
    "anonymous":       ("",      "",       "SR",    "",      "",      ""),
    "outsider admin":  ("",      "",       "SR",    "",      "",      ""),
    "no team":         ("",      "",       "SR",    "",      "",      ""),
    "other team":      ("",      "",       "SR",    "",      "",      ""),
    "member":          ("SR",    "SR",     "SR",    "",      "",      ""),
    "other manager":   ("",      "",       "SR",    "SREH",  "",      ""),
    "team manager":    ("SREH",  "SREH",   "SREH",  "SREH",  "SREH",  ""),
    "dataset manager": ("SREHD", "SREHD",  "SREHD", "SREHD", "SREHD", "SD"),
    "admin":           ("SREHD", "SREHD",  "SREHD", "SREHD", "SREHD", "SD"),
    "owner":           ("SREHD", "SREHD",  "SREHD", "SREHD", "SREHD", "SD"),
    "namesake of the owner elsewhere": ("", "", "SR", "",    "",      ""),
    "link":            ("SR",    "SR",     "SR",    "SR",    "",      ""),
    "endless link":    ("SR",    "SR",     "SR",    "SR",    "",      ""),
    "expired link":    ("",      "",       "SR",    "",      "",      ""),
    "revoked link":    ("",      "",       "SR",    "",      "",      ""),
    "link elsewhere":  ("",      "",       "SR",    "",      "",      ""),
    "member with link": ("SR",   "SR",     "SR",    "SR",    "",      ""),
    "operator":        ("SREHD", "SREHD",  "SREHD", "SREHD", "SREHD", "SD"),
}  # fmt: skip
LETTERS = {Action.SEE: "S", Action.READ: "R", Action.EDIT: "E", Action.SHARE: "H", Action.DELETE: "D"}


@pytest.mark.parametrize("action", LETTERS)
@pytest.mark.parametrize(("column", "dataset"), list(enumerate(DATASETS)))
@pytest.mark.parametrize("actor", MATRIX)
def test_each_may_do_what_the_matrix_says(actor: str, column: int, dataset: str, action: Action) -> None:
    decision = may(ACTORS[actor], action, DATASETS[dataset], now=NOW)
    assert decision.allowed is (LETTERS[action] in MATRIX[actor][column]), decision


def test_the_matrix_knows_every_actor_dataset_and_action() -> None:
    assert MATRIX.keys() == ACTORS.keys()
    assert {len(row) for row in MATRIX.values()} == {len(DATASETS)}
    assert LETTERS.keys() == DATASET_ACTIONS


@pytest.mark.parametrize("status", [DatasetStatus.BROKEN, DatasetStatus.MISSING])
@pytest.mark.parametrize("action", LETTERS)
@pytest.mark.parametrize("actor", ACTORS)
def test_a_broken_or_missing_dataset_keeps_its_audience(
    actor: str, action: Action, status: DatasetStatus
) -> None:
    ready = DATASETS["private"]
    other = ready.model_copy(update={"status": status})
    assert bool(may(ACTORS[actor], action, other, now=NOW)) is bool(
        may(ACTORS[actor], action, ready, now=NOW)
    )


def test_a_dataset_being_uploaded_is_seen_by_its_owner_only_among_those_without_a_role() -> None:
    dataset = DATASETS["private"].model_copy(update={"status": DatasetStatus.UPLOADING})
    seers = {name for name, actor in ACTORS.items() if may(actor, Action.SEE, dataset, now=NOW)}
    assert seers == {"team manager", "dataset manager", "admin", "owner", "operator"}


def test_the_first_team_takes_the_dataset_from_managers_of_other_teams() -> None:
    assert may(ACTORS["other manager"], Action.EDIT, DATASETS["no team"])
    assert not may(ACTORS["other manager"], Action.SEE, DATASETS["private"])


def test_a_team_on_any_folder_above_counts_as_a_first_team() -> None:
    assert not may(ACTORS["other manager"], Action.SEE, DATASETS["by folder"])


@pytest.mark.parametrize(
    ("actor", "dataset", "reason"),
    [
        ("member", "private", "Ada may read {}: member of team 'Retina', which is allowed on it."),
        ("member", "by folder", "Ada may read {}: member of team 'Retina', which folder 'Datasets' allows."),
        ("other manager", "no team", "Otto may read {}: manager of team 'Cortex', and no team has been given access yet."),
        ("owner", "private", "Olga may read {}: the owner, who put it there."),
        ("admin", "private", "Amy may read {}: admin of springfield."),
        ("anonymous", "public", "A visitor may read {}: it is public."),
        ("link", "private", "A visitor with a link may read {}: the link 'for Bob' works until 2026-07-02 12:00 UTC."),
        ("endless link", "private", "A visitor with a link may read {}: the link 'for Bob' works until somebody revokes it."),
    ],
)  # fmt: skip
def test_a_permission_says_where_it_comes_from(actor: str, dataset: str, reason: str) -> None:
    decision = may(ACTORS[actor], Action.READ, DATASETS[dataset], now=NOW)
    assert decision.reason == reason.format(KEY)


@pytest.mark.parametrize(
    ("actor", "action", "dataset", "words"),
    [
        ("anonymous", Action.READ, "private", "nobody is signed in. Sign in, or ask whoever told you"),
        ("expired link", Action.READ, "private", "the link 'for Bob' expired on 2026-07-01. Ask whoever sent"),
        ("revoked link", Action.READ, "private", "the link 'for Bob' was revoked. Ask whoever sent you"),
        ("link elsewhere", Action.READ, "private", "the link opens another dataset. Sign in"),
        ("link", Action.EDIT, "private", "but only for looking. Sign in"),
        ("outsider admin", Action.READ, "private", "it belongs to another organization. Ask"),
        ("other team", Action.READ, "private", "only team 'Retina' may. Ask a manager of team 'Retina', the owner or an"),
        ("other team", Action.READ, "no team", "no team has been given access, and it is not public. Ask the owner or"),
        ("member", Action.EDIT, "private", "and members only read. Ask a manager of team 'Retina'"),
        ("team manager", Action.DELETE, "private", "delete only what they put there themselves. Ask the owner"),
        ("member", Action.READ, "not imported", "it is not imported yet, and until it is imported only those"),
        ("admin", Action.EDIT, "in the trash", "it is in the trash. Restore it first"),
    ],
)  # fmt: skip
def test_a_refusal_says_why_and_what_to_do(actor: str, action: Action, dataset: str, words: str) -> None:
    assert words in str(may(ACTORS[actor], action, DATASETS[dataset], now=NOW))


@pytest.mark.parametrize("actor", ["anonymous", "outsider admin", "expired link", "link elsewhere", "link"])
@pytest.mark.parametrize("dataset", DATASETS)
@pytest.mark.parametrize("action", LETTERS)
def test_people_outside_are_not_told_about_teams_folders_or_owners(
    actor: str, dataset: str, action: Action
) -> None:
    said = str(may(ACTORS[actor], action, DATASETS[dataset], now=NOW)).replace(KEY, "")
    assert not any(secret in said for secret in ("Retina", "Datasets", "olga", "Olga"))


def test_a_decision_that_refuses_raises_with_reason_and_hint_when_enforced() -> None:
    with pytest.raises(NotAllowedError, match="may not edit") as caught:
        may(ACTORS["member"], Action.EDIT, DATASETS["private"]).enforce()
    assert caught.value.hint.startswith("Ask a manager of team 'Retina'")


def test_a_decision_that_allows_is_silent_when_enforced() -> None:
    may(ACTORS["admin"], Action.EDIT, DATASETS["private"]).enforce()


def test_without_a_given_time_links_are_held_against_this_moment() -> None:
    soon = Actor.anonymous(_link(expires=datetime.now(UTC) + timedelta(hours=1)))
    assert may(soon, Action.READ, DATASETS["private"])
    late = Actor.anonymous(_link(expires=datetime.now(UTC) - timedelta(hours=1)))
    assert not may(late, Action.READ, DATASETS["private"])


@pytest.mark.parametrize("action", sorted(set(Action) - DATASET_ACTIONS))
def test_asking_for_what_no_dataset_is_needed_for_is_a_mistake(action: Action) -> None:
    with pytest.raises(ValueError, match="does not concern one dataset"):
        may(ACTORS["admin"], action, DATASETS["private"])


def test_grants_come_with_the_most_powerful_first() -> None:
    user = User(id="x", organization=ORGANIZATION, is_admin=True, memberships={"A": False, "B": True})
    dataset = DatasetAccess(key=KEY, owner="x", allowed_teams=("A", "B"), is_public=True)
    roles = [grant.role for grant in grants(Actor.of(user), dataset)]
    assert roles == [Role.ADMIN, Role.OWNER, Role.TEAM_MANAGER, Role.MEMBER, Role.VISITOR]
