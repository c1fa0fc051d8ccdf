"""What the tests of a store share: how it is opened, and what lies in it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from voxshelf.model import VoxelSize
from voxshelf.testing.folders import write_dataset

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from voxshelf.model import DataSource
    from voxshelf.store import DatasetStore


SIZE = VoxelSize((11.24, 11.24, 28))


class Clock:
    """The present moment, and whatever a test lets pass beyond it."""

    def __init__(self) -> None:
        self._ahead = timedelta(0)

    def __call__(self) -> datetime:
        """The moment."""
        return datetime.now(UTC) + self._ahead

    def advance(self, by: timedelta) -> None:
        """Let time pass."""
        self._ahead += by


class StoreFixtures:
    """A test gets ``root``, the folder whose datasets the store shows, and ``store``; see ``DatasetStoreTests``."""

    def open_store(self, root: Path, request: pytest.FixtureRequest) -> DatasetStore:
        """Open the store over ``root`` as its operator, with the fixture ``clock`` as its clock.

        Called again in one test, it opens the same store once more.
        """
        raise NotImplementedError

    def act_as(self, store: DatasetStore, who: str) -> DatasetStore:
        """The same store for somebody that it knows: ``organization/login``, or a visitor where that is empty."""
        raise NotImplementedError

    def with_link(self, store: DatasetStore, token: str) -> DatasetStore:
        """The same store for whoever bears a link, in addition to their own rights."""
        raise NotImplementedError

    @pytest.fixture
    def clock(self) -> Clock:
        """The store's clock."""
        return Clock()

    @pytest.fixture
    def root(self, tmp_path: Path) -> Path:
        """The folder that holds one folder per organization."""
        folder = tmp_path / "data"
        folder.mkdir()
        return folder

    @pytest.fixture
    def open_another(
        self, root: Path, request: pytest.FixtureRequest
    ) -> Iterator[Callable[[], DatasetStore]]:
        """Opens the store once more, as another process would."""
        opened: list[DatasetStore] = []

        def open_one() -> DatasetStore:
            opened.append(self.open_store(root, request))
            return opened[-1]

        yield open_one
        for store in opened:
            store.close()

    @pytest.fixture
    def store(self, open_another: Callable[[], DatasetStore]) -> DatasetStore:
        """The store under test, empty."""
        return open_another()

    @pytest.fixture
    def filled(self, store: DatasetStore, root: Path) -> DatasetStore:
        """The store with some datasets in two organizations."""
        for number in range(1, 13):
            write_dataset(root, f"lab/region_{number}", with_json=number % 2 == 0)
        write_dataset(root, "clinic/Scan")
        store.refresh()
        return store

    @pytest.fixture
    def staffed(self, store: DatasetStore, root: Path) -> DatasetStore:
        """The store with a laboratory: ``lab/cells`` is its team imaging's, ``lab/plain`` nobody's, and people.

        ``ada`` is admin, ``dora`` manages datasets, ``tom`` manages imaging, ``mia`` is its member, ``olga`` is in
        team genetics, which ``gus`` manages; ``zoe`` is admin of the clinic.
        """
        write_dataset(root, "lab/cells", layers={"color": "uint8", "segmentation": "uint32"})
        write_dataset(root, "lab/plain")
        write_dataset(root, "clinic/scan")
        store.refresh()
        people = store.people
        for team in ("imaging", "genetics"):
            people.add_team(team, organization="lab")
        people.add_user("ada", title="Ada", email="ada@lab.org", is_admin=True, organization="lab")
        people.add_user("dora", is_dataset_manager=True, organization="lab")
        people.add_user("tom", teams={"imaging": True}, organization="lab")
        people.add_user("mia", teams=["imaging"], organization="lab")
        people.add_user("gus", teams={"genetics": True}, organization="lab")
        people.add_user("olga", teams=["genetics"], organization="lab")
        people.add_user("zoe", is_admin=True, organization="clinic")
        store.update_permissions("lab/cells", teams=["imaging"])
        return store

    def propose(self, store: DatasetStore, key: str, size: VoxelSize = SIZE) -> DataSource:
        """What an import of that folder would write, with the voxel size that only a person knows."""
        return store.propose_import(key).with_value(("voxel_size",), size).data_source()
