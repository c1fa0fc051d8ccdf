"""Who may call what: every method of a store and of its desks, as every kind of actor."""

from __future__ import annotations

import shutil
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from voxshelf.errors import DatasetNotFoundError, NotAllowedError, NotFoundError, VoxshelfError
from voxshelf.model import Actor, BoundingBox, ChangeEvent, DatasetStatus
from voxshelf.store import LocalDatasetStore
from voxshelf.store.people import People
from voxshelf.store.samples import Samples
from voxshelf.store.uploads import Uploads
from voxshelf.testing.access_rules import DATASET_RIGHTS, DATASET_RULES, HELD, RULES, USERS, Rule, Scene
from voxshelf.testing.archives import packed_dataset
from voxshelf.testing.folders import write_dataset
from voxshelf.testing.store_fixtures import Clock

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

KEY = "lab/cells"
NOWHERE = Scene("lab/none", "zzzzzzzz", 1, "0" * 16, "0" * 16, "", 0)


def _people(store: LocalDatasetStore) -> None:
    people = store.people
    for team in ("imaging", "genetics"):
        people.add_team(team, organization="lab")
    people.add_user("ada", is_admin=True, organization="lab")
    people.add_user("dora", is_dataset_manager=True, organization="lab")
    people.add_user("tom", teams={"imaging": True}, organization="lab")
    people.add_user("mia", teams=["imaging"], organization="lab")
    people.add_user("olga", teams=["genetics"], organization="lab")
    people.add_user("omar", organization="lab")
    people.add_user("zoe", is_admin=True, organization="clinic")
    people.add_folder("Shelf/Empty", organization="lab")
    people.update_folder("Shelf", teams=["imaging"], organization="lab")


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Scene]:
    """A store's folder, to be copied, and what is in it."""
    root = tmp_path_factory.mktemp("stage")
    for name in ("cells", "gone", "tissue"):
        write_dataset(root, f"lab/{name}")
    write_dataset(root, "clinic/scan")
    with LocalDatasetStore(root) as store:
        store.refresh()
        _people(store)
        for name in ("cells", "gone"):
            store.update_permissions(f"lab/{name}", teams=["imaging"], owner="omar")
        store.update_view_configuration(KEY, {"zoom": 2})
        (edit, *_) = store.history(KEY)
        (entry,) = store.delete("lab/gone")
        link = store.create_link(KEY)
        data = packed_dataset(within="upload")
        uploads = store.acting_as("lab/tom").uploads
        upload = uploads.append(uploads.begin("upload", len(data)).id, 0, data)
    return root, Scene(KEY, link.id, edit.id, entry.id, upload.id, link.token, len(data))


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="module")
def untouched(
    stage: tuple[Path, Scene], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[str], LocalDatasetStore]]:
    """Gives one store, in which nobody may change anything, to the actors."""
    root = tmp_path_factory.mktemp("untouched") / "root"
    shutil.copytree(stage[0], root, symlinks=True)
    clocks = {actor: Clock() for actor in HELD}
    opened = {actor: LocalDatasetStore(root, clock=clocks[actor]) for actor in HELD}
    dressed = {actor: _dress(opened[actor], clocks[actor], actor) for actor in HELD}
    with LocalDatasetStore(root) as store:
        before = (store.list(limit=None), store.trash(), store.history(KEY), store.people.users("lab"))
        yield dressed.__getitem__
        assert before == (
            store.list(limit=None),
            store.trash(),
            store.history(KEY),
            store.people.users("lab"),
        )
    for each in opened.values():
        each.close()


@pytest.fixture
def store(stage: tuple[Path, Scene], tmp_path: Path, clock: Clock) -> Iterator[LocalDatasetStore]:
    shutil.copytree(stage[0], tmp_path / "root", symlinks=True)
    with LocalDatasetStore(tmp_path / "root", clock=clock) as opened:
        yield opened


@pytest.fixture
def scene(stage: tuple[Path, Scene]) -> Scene:
    return stage[1]


@pytest.fixture
def dressed(store: LocalDatasetStore, clock: Clock) -> Callable[[str], LocalDatasetStore]:
    """Gives the store to one of the actors."""
    return lambda actor: _dress(store, clock, actor)


def _dress(store: LocalDatasetStore, clock: Clock, actor: str) -> LocalDatasetStore:
    if actor == "the operator":
        return store
    if actor == "a visitor":
        return store.acting_as(Actor.anonymous())
    if actor in USERS:
        return store.acting_as(USERS[actor])
    link = store.create_link(KEY, expires=timedelta(hours=1) if "expired" in actor else None)
    bearer = store.with_link(link.token)
    if "revoked" in actor:
        store.revoke_link(link.id)
    if "expired" in actor:
        clock.advance(timedelta(hours=2))
    return bearer


def _public(thing: type[Any], prefix: str = "") -> set[str]:
    own = {"__getitem__", "__contains__", "__iter__", "__enter__", "__exit__"}
    return {f"{prefix}{name}" for name in dir(thing) if not name.startswith("_") or name in own}


def test_every_public_method_and_property_has_a_rule(store: LocalDatasetStore) -> None:
    found = _public(LocalDatasetStore) | {name for name in vars(store) if not name.startswith("_")}
    for desk, thing in (("people", People), ("uploads", Uploads), ("samples", Samples)):
        found |= _public(thing, f"{desk}.")
    assert {rule.name for rule in RULES} == found


def _title(part: Rule | str) -> str:
    return part if isinstance(part, str) else f"{part.name} ({'+'.join(part.needs) or 'everybody'})"


CASES = [(rule, actor) for rule in RULES for actor in HELD]
ALLOWED = [case for case in CASES if case[0].refusal(HELD[case[1]]) is None]
REFUSED = [case for case in CASES if case not in ALLOWED]


@pytest.mark.parametrize(("rule", "actor"), ALLOWED, ids=_title)
def test_whoever_may_make_a_call_can(
    dressed: Callable[[str], LocalDatasetStore], scene: Scene, rule: Rule, actor: str
) -> None:
    rule.call(dressed(actor), scene)


@pytest.mark.parametrize(("rule", "actor"), REFUSED, ids=_title)
def test_whoever_may_not_make_a_call_is_refused(
    untouched: Callable[[str], LocalDatasetStore], scene: Scene, rule: Rule, actor: str
) -> None:
    with pytest.raises(VoxshelfError) as caught:
        rule.call(untouched(actor), scene)
    assert type(caught.value) is rule.refusal(HELD[actor])


@pytest.mark.parametrize("actor", [actor for actor, held in HELD.items() if "see" not in held])
@pytest.mark.parametrize("rule", DATASET_RULES, ids=_title)
def test_what_one_may_not_see_is_refused_in_the_words_for_what_is_not_there(
    untouched: Callable[[str], LocalDatasetStore], scene: Scene, rule: Rule, actor: str
) -> None:
    acting, told = untouched(actor), []
    for what in (scene, replace(NOWHERE, edit=scene.edit)):
        with pytest.raises((DatasetNotFoundError, NotFoundError)) as caught:
            rule.call(acting, what)
        words = str(caught.value)
        told.append(words.replace(what.key, "KEY").replace(what.link, "LINK"))
    assert told[0] == told[1]


@pytest.mark.parametrize("actor", [actor for actor, held in HELD.items() if "see" not in held])
def test_what_one_may_not_see_is_in_no_list(
    untouched: Callable[[str], LocalDatasetStore], actor: str
) -> None:
    acting = untouched(actor)
    assert acting.get(KEY) is None
    assert KEY not in acting
    assert KEY not in list(acting)
    assert acting.list(search="cells").total == 0
    assert "cells" not in repr([*acting.list(limit=None).items, acting.tags(), acting.trash()])


STATES: dict[str, dict[str, tuple[str, ...]]] = {
    "of a team": {
        "a member": DATASET_RIGHTS[:2],
        "a team manager": DATASET_RIGHTS[:4],
        "the bearer of a link": DATASET_RIGHTS[:2],
    },
    "public": {
        **dict.fromkeys(HELD, DATASET_RIGHTS[:2]),
        "a team manager": DATASET_RIGHTS[:4],
    },
    "of no team": {"a team manager": DATASET_RIGHTS[:4], "the bearer of a link": DATASET_RIGHTS[:2]},
    "of another team": {
        "somebody of another team": DATASET_RIGHTS[:2],
        "the bearer of a link": DATASET_RIGHTS[:2],
    },
    "of a team through its folder": {
        "a member": DATASET_RIGHTS[:2],
        "a team manager": DATASET_RIGHTS[:4],
        "the bearer of a link": DATASET_RIGHTS[:2],
    },
    "public, but not imported": {"a team manager": DATASET_RIGHTS[:4]},
    "missing": {
        "a member": DATASET_RIGHTS[:2],
        "a team manager": DATASET_RIGHTS[:4],
        "the bearer of a link": DATASET_RIGHTS[:2],
    },
    "public, but in the trash": {},
}
"""What others than the four below may do, by the state of the dataset."""

MASTERS = ("a dataset manager", "an admin", "the owner", "the operator")


def _bring_about(state: str, store: LocalDatasetStore) -> None:
    if "public" in state:
        store.update_permissions(KEY, is_public=True)
    if "of no team" in state or "of another team" in state or "folder" in state:
        store.update_permissions(KEY, teams=["genetics"] if "another" in state else [])
    if "folder" in state:
        store.update_details(KEY, folder="Shelf/Empty")
    if "not imported" in state:
        (store.root / KEY / "datasource-properties.json").unlink()
        store.refresh()
    if state == "missing":
        shutil.rmtree(store.root / KEY)
        store.refresh()
    if "trash" in state:
        store.delete(KEY)


TRIALS: dict[str, Callable[[LocalDatasetStore], object]] = {
    "see": lambda store: store.record(KEY),
    "read": lambda store: store.view_levels(KEY),
    "edit": lambda store: store.history(KEY),
    "share": lambda store: store.links(KEY),
}


@pytest.mark.parametrize("actor", list(HELD))
@pytest.mark.parametrize("state", list(STATES))
def test_rights_depend_on_the_state_of_a_dataset(
    store: LocalDatasetStore, dressed: Callable[[str], LocalDatasetStore], state: str, actor: str
) -> None:
    acting = dressed(actor)
    _bring_about(state, store)
    rights = STATES[state].get(actor, ())
    if actor in MASTERS:
        rights = ("see", "delete") if "trash" in state else DATASET_RIGHTS
    record = acting.get(KEY)
    assert (() if record is None else record.rights) == rights
    listed = [known.key for known in acting.list(limit=None, status=list(DatasetStatus)).items]
    assert (KEY in listed) is ("see" in rights)
    assert (KEY in list(acting)) is ("see" in rights and "trash" not in state)
    allowed = set()
    for action, trial in TRIALS.items():
        with suppress(DatasetNotFoundError, NotAllowedError):
            trial(acting)
            allowed.add(action)
    assert allowed == set(rights) - {"delete"}


def test_a_handle_changes_data_only_for_those_who_may_edit(store: LocalDatasetStore) -> None:
    mia, tom = store.acting_as("lab/mia"), store.acting_as("lab/tom")
    plane = np.ones((2, 2, 2), np.uint8)
    for change in (
        lambda: mia[KEY]["color"].write(plane),
        lambda: mia[KEY]["color"].mag(1).write(plane),
        mia[KEY]["color"].compress,
        mia[KEY]["color"].downsample,
        lambda: mia[KEY].add_layer("more", category="color", dtype="uint8"),
        lambda: mia[KEY].edit(lambda data_source: data_source),
    ):
        with pytest.raises(NotAllowedError, match="not edit"):
            change()
    tom[KEY]["color"].write(plane)
    assert (mia[KEY]["color"].read(BoundingBox((0, 0, 0), (2, 2, 2))) == 1).all()


@pytest.mark.parametrize("actor", list(HELD))
def test_only_those_who_see_a_dataset_hear_of_its_changes(
    store: LocalDatasetStore, dressed: Callable[[str], LocalDatasetStore], actor: str
) -> None:
    acting = dressed(actor)
    told: list[ChangeEvent] = []
    acting.changed.connect(told.append)
    store.update_details(KEY, tags=["new"])
    assert [event.key for event in told] == ([KEY] if "see" in HELD[actor] else [])


@pytest.mark.parametrize("actor", list(HELD))
def test_a_folder_that_no_scan_has_seen_is_imported_by_those_who_create(
    store: LocalDatasetStore, dressed: Callable[[str], LocalDatasetStore], actor: str
) -> None:
    acting = dressed(actor)
    write_dataset(store.root, "lab/fresh")
    for call in (acting.propose_import, acting.import_dataset):
        if "create" in HELD[actor]:
            call("lab/fresh")
            continue
        with pytest.raises(DatasetNotFoundError) as caught:
            call("lab/fresh")
        with pytest.raises(DatasetNotFoundError) as unknown:
            call("lab/none")
        assert str(caught.value) == str(unknown.value).replace("lab/none", "lab/fresh")
