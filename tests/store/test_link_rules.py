"""With allowed roots, an import proposes nothing of what a link leads to beyond them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from voxshelf.store import LocalDatasetStore
from voxshelf.testing.folders import write_dataset, write_layer

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A dataset with a layer of its own and one that is a link to somewhere else."""
    write_layer(tmp_path / "elsewhere" / "layer")
    made = write_dataset(tmp_path / "data", "lab/one", with_json=False)
    (made / "linked").symlink_to(tmp_path / "elsewhere" / "layer")
    return made


def test_a_layer_that_is_a_link_beyond_the_allowed_roots_is_not_proposed(
    tmp_path: Path, folder: Path
) -> None:
    with LocalDatasetStore(tmp_path / "data", allowed_roots=[]) as store:
        proposal = store.propose_import("lab/one")
    assert proposal.layer_names == ("color",)
    assert any("outside of what this store may read" in problem.message for problem in proposal.problems)


@pytest.mark.parametrize("allowed", ["elsewhere", None])
def test_a_layer_that_is_a_link_to_an_allowed_place_is_proposed(
    tmp_path: Path, folder: Path, allowed: str | None
) -> None:
    roots = None if allowed is None else [tmp_path / allowed]
    with LocalDatasetStore(tmp_path / "data", allowed_roots=roots) as store:
        assert store.propose_import("lab/one").layer_names == ("color", "linked")
