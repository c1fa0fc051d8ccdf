"""A list holds what the policy lets somebody see, no more and no less, however it is narrowed, sorted and paged."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select, update

from voxshelf.catalog import Catalog, DatasetRow, TagRow, add_datasets, visible
from voxshelf.catalog.search import search
from voxshelf.model import Actor, Category, DatasetStatus, User
from voxshelf.sharing import Action, DatasetAccess, list_scope, may
from voxshelf.store import LocalDatasetStore

if TYPE_CHECKING:
    from collections.abc import Iterator

    from voxshelf.model import DatasetRecord, Folder

COUNT = 80
TEAMS = ("imaging", "genetics")
FOLDERS = ("", "", "open", "open/below", "closed")
WHO = ("ada", "dora", "tom", "mia", "gus", "omar")
CATEGORIES = ("color", "segmentation")
STATUSES = [status for status in DatasetStatus if status is not DatasetStatus.DELETED]


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    if request.param == "postgresql":
        return str(request.getfixturevalue("postgres_server").new_catalog())
    return f"sqlite:///{tmp_path_factory.mktemp('catalog') / 'catalog.db'}"


@pytest.fixture(scope="module")
def store(url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalDatasetStore]:
    """Many datasets with all kinds of permissions, which lie nowhere on the disk."""
    root = tmp_path_factory.mktemp("many")
    dice = random.Random(20_261_127)
    keys = [f"{'lab' if number % 4 else 'clinic'}/d{number:02d}" for number in range(COUNT)]
    catalog = Catalog(url)
    with catalog.writing() as writing:
        add_datasets(writing, keys)
    with LocalDatasetStore(root, catalog_url=url) as opened:
        people = opened.people
        for home in ("lab", "clinic"):
            for team in TEAMS:
                people.add_team(team, organization=home)
            people.add_user("ada", is_admin=True, organization=home)
        people.add_user("dora", is_dataset_manager=True, organization="lab")
        people.add_user("tom", teams={"imaging": True}, organization="lab")
        people.add_user("mia", teams=["imaging"], organization="lab")
        people.add_user("gus", teams={"genetics": True, "imaging": False}, organization="lab")
        people.add_user("omar", organization="lab")
        people.add_folder("open", teams=["imaging"], organization="lab")
        for key in keys:
            in_lab = key.startswith("lab/")
            opened.update_permissions(
                key,
                teams=dice.sample(TEAMS, dice.choice((0, 0, 1, 2))),
                is_public=dice.random() < 0.2,
                owner=dice.choice(("", "", *WHO)) if in_lab else "",
            )
            opened.update_details(
                key, folder=dice.choice(FOLDERS) if in_lab else "", tags=dice.sample("abc", 1)
            )
        with catalog.writing() as writing:
            for number, key in enumerate(keys):
                trashed = dice.random() < 0.1
                status = DatasetStatus.DELETED if trashed else dice.choice(STATUSES)
                values = {"status": status, "trash_id": f"{number:016x}" if trashed else ""}
                row = writing.session.scalars(select(DatasetRow).where(DatasetRow.key == key)).one()
                row.layers = [_layer(name) for name in dice.sample(CATEGORIES, dice.choice((0, 1, 1, 2)))]
                writing.session.execute(update(DatasetRow).where(DatasetRow.id == row.id).values(**values))
        catalog.close()
        yield opened


def _layer(category: str) -> dict[str, Any]:
    box = {"topleft": [0, 0, 0], "size": [8, 8, 8]}
    return {"name": category, "category": category, "element_class": "uint8", "bounding_box": box}


def _actors(store: LocalDatasetStore) -> dict[str, LocalDatasetStore]:
    seen = {f"lab/{name}": store.acting_as(f"lab/{name}") for name in WHO}
    seen["clinic/ada"] = store.acting_as("clinic/ada")
    seen["visitor"] = store.acting_as(Actor.anonymous())
    links = [
        store.create_link(record.key) for record in store.list(status=DatasetStatus.READY, limit=5).items
    ]
    bearer = store.acting_as("lab/mia")
    for link in links:
        bearer = bearer.with_link(link.token)
    seen["bearer"] = bearer
    seen["guest"] = store.acting_as(User(id="eve", organization="lab", memberships={"genetics": False}))
    return seen


@pytest.fixture(scope="module")
def actors(store: LocalDatasetStore) -> dict[str, LocalDatasetStore]:
    return _actors(store)


@pytest.fixture(scope="module")
def accesses(store: LocalDatasetStore) -> dict[str, DatasetAccess]:
    """What the policy must know of each dataset."""
    folders = {home: store.people.folders(home) for home in ("lab", "clinic")}
    records = store.list(status=list(DatasetStatus), limit=None).items
    return {record.key: _access(record, folders[record.organization]) for record in records}


def _known_folder(record: DatasetRecord, acting: LocalDatasetStore) -> str:
    """The folder, as whoever asks is told it: folders of other organizations are not."""
    user = acting.actor.user
    return record.folder if user is not None and user.organization == record.organization else ""


def _is_in(folder: str, wanted: str | None) -> bool:
    if wanted is None:
        return True
    return f"{folder}/".startswith(f"{wanted}/") if wanted else folder == ""


def _access(record: DatasetRecord, known: tuple[Folder, ...]) -> DatasetAccess:
    folders = {folder.path: folder for folder in known}
    lineage = [path for path in folders if record.folder == path or record.folder.startswith(f"{path}/")]
    return DatasetAccess(
        key=record.key,
        owner=record.owner or None,
        is_public=record.is_public,
        allowed_teams=record.teams,
        folders=tuple(folders[path] for path in sorted(lineage)),
        status=record.status,
    )


QUESTIONS: tuple[dict[str, Any], ...] = (
    {},
    {"sort": "changed", "descending": True},
    {"sort": "status"},
    {"organization": "lab"},
    {"tags": ["a"]},
    {"folder": "open"},
    {"folder": ""},
    {"search": "lab"},
    {"search": "d1", "organization": "clinic"},
    {"category": "segmentation"},
    {"category": "color", "folder": "open", "organization": "lab"},
    {"category": "color", "status": DatasetStatus.NOT_IMPORTED},
    {"category": "color", "is_public": True},
    {"is_public": False, "folder": "open"},
    {"category": "segmentation", "search": "d1", "tags": ["a"]},
    {"status": list(DatasetStatus)},
    {"status": DatasetStatus.DELETED},
    {"status": [DatasetStatus.READY, DatasetStatus.NOT_IMPORTED], "tags": "b", "search": "d"},
)
PEOPLE = (*(f"lab/{name}" for name in WHO), "clinic/ada", "visitor", "bearer", "guest")


@pytest.mark.parametrize("question", QUESTIONS, ids=str)
@pytest.mark.parametrize("who", PEOPLE)
def test_a_list_is_what_the_operators_list_is_without_what_one_may_not_see(
    store: LocalDatasetStore,
    actors: dict[str, LocalDatasetStore],
    accesses: dict[str, DatasetAccess],
    who: str,
    question: dict[str, Any],
) -> None:
    acting = actors[who]
    asked = {name: value for name, value in question.items() if name != "folder"}
    everything = [record.key for record in store.list(**asked, limit=None).items]
    known = {
        record.key: _known_folder(record, acting)
        for record in store.list(status=list(DatasetStatus), limit=None).items
    }
    wanted = [key for key in everything if _is_in(known[key], question.get("folder"))]
    expected = [key for key in wanted if may(acting.actor, Action.SEE, accesses[key])]
    page = acting.list(**question, limit=19)
    found = []
    while page.items:
        assert page.total == len(expected)
        found += [record.key for record in page.items]
        page = acting.list(**question, limit=19, after=page.items[-1])
    assert found == expected


@pytest.mark.parametrize("category", [None, *Category], ids=str)
@pytest.mark.parametrize("who", PEOPLE)
def test_what_one_may_see_among_very_many_matches_is_counted_as_among_few(
    url: str, actors: dict[str, LocalDatasetStore], who: str, category: Category | None
) -> None:
    acting = actors[who]
    expected = acting.list(search="d1", tags=["a"], category=category).total
    catalog = Catalog(url)
    with catalog.reading() as session:
        statuses = frozenset(DatasetStatus) - {DatasetStatus.DELETED}
        seen = visible(session, list_scope(acting.actor), statuses, category=category)
        found = search(session, "d1")
        assert seen is not None
        assert found is not None
        tagged = select(TagRow.dataset_id).where(TagRow.tag == "a")
        assert seen.count(session, [found.matches, tagged]) == expected
    catalog.close()


@pytest.mark.parametrize("who", PEOPLE)
def test_tags_are_counted_of_what_one_may_see(
    store: LocalDatasetStore, actors: dict[str, LocalDatasetStore], who: str
) -> None:
    counts = {tag: actors[who].list(tags=[tag]).total for tag in "abc"}
    assert actors[who].tags() == {tag: number for tag, number in counts.items() if number}
