"""Pages of a long list for people with rights: 50 of 100,000 datasets of one organization, with the total.

As in an institute: 40 teams, each dataset with none to three of them, a tenth of the datasets in folders that allow
teams of their own, 1 of 100 public, 1 of 10 not imported yet; a member is in three teams. The catalog is SQLite; all
medians; the goal is the design's, 50 ms a page. What a page may hold is asked in the database, so a total is exact.

Run it alone: ``python -m benchmarks.bench_rights``.
"""

from __future__ import annotations

import json
import random
import statistics
import tempfile
import time
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select, text

from benchmarks.running import run_alone
from benchmarks.table import Row
from voxshelf.catalog import DATASET_TEAMS, Catalog, DatasetRow, TeamRow, add_datasets, settle_many
from voxshelf.model import Actor
from voxshelf.store import LocalDatasetStore

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

DATASETS = 100_000
TEAMS = 40
FOLDERS = 20
PAGE_GOAL = 50
_WORDS = ("mouse", "cortex", "retina", "em", "lightsheet", "human", "zebrafish", "hippocampus", "sbem")

PEOPLE = {
    "a member": {"teams": ["team1", "team2", "team3"]},
    "a team manager": {"teams": {"team1": True, "team2": False, "team3": False}},
    "an admin": {"is_admin": True},
    "a newcomer": {},
}
QUESTIONS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("by name", {}),
    ("by change", {"sort": "changed", "descending": True}),
    ("search a common word", {"search": "cortex", "sort": "changed", "descending": True}),
    ("search a rare word", {"search": "_004321"}),
    ("in a folder", {"folder": "folder7"}),
    ("ready ones", {"status": "ready"}),
    ("with segmentations", {"category": "segmentation"}),
)


def _median(work: Callable[[], object], repeats: int = 9) -> float:
    seconds = []
    for _ in range(repeats):
        started = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - started)
    return statistics.median(seconds) * 1e3


def _fill(catalog: Catalog, count: int) -> None:
    dice = random.Random(7)
    for start in range(0, count, 5000):
        keys = [
            f"lab/{dice.choice(_WORDS)}_{dice.choice(_WORDS)}_{number:06d}"
            for number in range(start, start + 5000)
        ]
        with catalog.writing() as writing:
            add_datasets(writing, keys)
    box = {"topleft": [0, 0, 0], "size": [1024, 1024, 512]}
    common = {"bounding_box": box, "mags": [[1, 1, 1], [2, 2, 1], [4, 4, 2]], "data_format": "wkw"}
    layer = {"name": "color", "category": "color", "element_class": "uint8", **common}
    more = {"name": "cells", "category": "segmentation", "element_class": "uint32", **common}
    change = (
        "UPDATE datasets SET layers = CASE id % 3 WHEN 0 THEN :one ELSE :two END, has_color = 1, has_segmentation = (id % 3 != 0), changed = changed + id, is_public = CASE id % 100 WHEN 1 THEN 1 ELSE 0 END, "
        "status = CASE id % 10 WHEN 0 THEN 'NOT_IMPORTED' ELSE 'READY' END"
    )
    with catalog.writing() as writing:
        layers = {"one": json.dumps([layer]), "two": json.dumps([layer, more])}
        writing.session.execute(text(change), layers)


def _give_rights(store: LocalDatasetStore, catalog: Catalog) -> None:
    people, dice = store.people, random.Random(8)
    for number in range(TEAMS):
        people.add_team(f"team{number}", organization="lab")
    for number in range(FOLDERS):
        people.add_folder(f"folder{number}", [f"team{number}"], organization="lab")
    for name, rights in PEOPLE.items():
        people.add_user(name, organization="lab", **rights)  # type: ignore[arg-type]
    with catalog.writing() as writing:
        session = writing.session
        teams = list(session.scalars(select(TeamRow.id).where(TeamRow.is_default.is_(False))))
        numbers = list(session.scalars(select(DatasetRow.id)))
        grants = [
            {"dataset_id": number, "team_id": team}
            for number in numbers
            for team in dice.sample(teams, dice.choice((0, 1, 2, 2, 3)))
        ]
        for start in range(0, len(grants), 10_000):
            session.execute(insert(DATASET_TEAMS), grants[start : start + 10_000])
        folders = "UPDATE datasets SET folder_id = (SELECT min(id) FROM folders) + (id / 10) % :count WHERE id % 10 = 3"
        session.execute(text(folders), {"count": FOLDERS})
        settle_many(session, DatasetRow.id > 0)


def _pages(
    acting: LocalDatasetStore, who: str, questions: Sequence[tuple[str, dict[str, Any]]]
) -> Iterator[Row]:
    total = acting.list().total
    middle = acting.list(offset=total // 2, limit=1).items
    further = [("behind one in the middle", {"after": middle[0]})] if middle else []
    for what, question in (*questions, *further):
        page = acting.list(**question)
        took = _median(lambda question=question: acting.list(**question))  # type: ignore[misc]
        yield Row(f"{who}, {what}: {len(page.items)} of {page.total:,}", took, limit=PAGE_GOAL)
    yield Row(f"{who}, tags", _median(acting.tags), limit=PAGE_GOAL)


def rows(*, quick: bool = False) -> Iterator[Row | str]:
    """Pages for everybody; ``quick``: of a tenth of the datasets."""
    with tempfile.TemporaryDirectory(prefix="voxshelf-bench-") as folder:
        url = f"sqlite:///{folder}/catalog.db"
        catalog = Catalog(url)
        _fill(catalog, DATASETS // (10 if quick else 1))
        with LocalDatasetStore(folder, catalog_url=url) as store:
            _give_rights(store, catalog)
            catalog.close()
            for name in PEOPLE:
                yield from _pages(store.acting_as(f"lab/{name}"), name, QUESTIONS)
            yield from _pages(store.acting_as(Actor.anonymous()), "a visitor", QUESTIONS[:3])
            yield from _pages(store, "the operator", QUESTIONS[:3])


if __name__ == "__main__":
    run_alone(rows, __doc__)
