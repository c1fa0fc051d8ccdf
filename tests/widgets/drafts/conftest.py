"""A laboratory's store with people in it, and a small section over real details of one of its datasets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import pytest

from voxshelf.store import LocalDatasetStore
from voxshelf.testing.folders import write_dataset
from voxshelf.widgets.drafts import Section

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

KEY = "lab/cells"


class NameSection(Section):
    """Edits display name and description, without any field of its own."""

    title = "Names"
    labels: ClassVar[dict[str, str]] = {"display_name": "Display name", "description": "Description"}

    def _read(self, record: Any) -> dict[str, Any]:
        return {"display_name": record.display_name, "description": record.description}

    def _write(self, mine: dict[str, Any]) -> None:
        changed = {name: mine[name] for name in self._changed_names(mine)}
        self.store.update_details(self.key, version=self.draft.version, merge=True, **changed)

    def _find_hindrances(self) -> Any:
        if "!" in self.draft.mine["display_name"]:
            yield ("display_name",), "Do not shout."

    def put(self, **values: str) -> None:
        self.edit({**self.draft.mine, **values})


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[LocalDatasetStore]:
    write_dataset(tmp_path, KEY)
    with LocalDatasetStore(tmp_path, user="me") as store:
        store.refresh()
        store.people.add_user("ada", title="Ada", is_admin=True, organization="lab")
        store.people.add_user("mia", organization="lab")
        yield store


@pytest.fixture
def ada(lab: LocalDatasetStore) -> LocalDatasetStore:
    """The same store for an admin of the laboratory."""
    return lab.acting_as("lab/ada")


@pytest.fixture
def section(lab: LocalDatasetStore, at_once: Any) -> NameSection:
    section = NameSection(lab, KEY, at_once)
    section.follow(lab.record(KEY))
    return section


@pytest.fixture
def follow(section: NameSection, lab: LocalDatasetStore) -> Any:
    """Tell the section what is stored now."""
    return lambda: section.follow(lab.record(KEY))
