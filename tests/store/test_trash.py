"""Deleted datasets come back whole, and links never cost anybody their data."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from voxshelf.errors import DatasetNotFoundError, NameTakenError
from voxshelf.store.trash import Trash

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2026, 11, 22, tzinfo=UTC)


@pytest.fixture
def trash(tmp_path: Path) -> Trash:
    layer = tmp_path / "org" / "great" / "color"
    layer.mkdir(parents=True)
    (layer / "data").write_bytes(b"voxels")
    return Trash(tmp_path)


def test_a_deleted_dataset_is_gone_from_its_place_and_listed_in_the_trash(trash: Trash) -> None:
    entry = trash.put("org", "great", by="ada", now=NOW)
    assert not (trash.root / "org" / "great").exists()
    assert trash.list() == (entry,)
    assert (entry.key, entry.deleted_by) == ("org/great", "ada")


def test_a_restored_dataset_is_back_with_everything_and_leaves_no_trace(trash: Trash) -> None:
    trash.restore(trash.put("org", "great").id)
    assert (trash.root / "org" / "great" / "color" / "data").read_bytes() == b"voxels"
    assert list((trash.root / "org" / ".trash").iterdir()) == []


def test_two_deleted_datasets_of_one_name_are_kept_apart(trash: Trash) -> None:
    first = trash.put("org", "great")
    (trash.root / "org" / "great").mkdir()
    second = trash.put("org", "great")
    assert {entry.id for entry in trash.list()} == {first.id, second.id}


def test_restoring_over_another_dataset_is_refused_and_loses_nothing(trash: Trash) -> None:
    entry = trash.put("org", "great")
    (trash.root / "org" / "great").mkdir()
    with pytest.raises(NameTakenError):
        trash.restore(entry.id)
    assert trash.list() == (entry,)


def test_deleting_what_is_not_there_is_said(trash: Trash) -> None:
    with pytest.raises(DatasetNotFoundError):
        trash.put("org", "other")


@pytest.mark.parametrize("entry_id", ["", "..", "../../org", "0123456789abcdef"])
def test_an_id_that_is_none_leads_nowhere(trash: Trash, entry_id: str) -> None:
    with pytest.raises(DatasetNotFoundError):
        trash.restore(entry_id)


def test_purging_removes_only_what_is_old(trash: Trash) -> None:
    old = trash.put("org", "great", now=NOW - timedelta(days=31))
    (trash.root / "org" / "new").mkdir()
    young = trash.put("org", "new", now=NOW - timedelta(days=29))
    assert trash.purge(now=NOW) == (old,)
    assert trash.list() == (young,)


def test_what_was_given_up_is_out_of_the_trash_and_gone_after_a_sweep(trash: Trash) -> None:
    entry = trash.put("org", "great")
    trash.give_up(entry.id)
    assert (trash.list(), trash.remains()) == ((), {entry.id: True})
    trash.sweep([entry.id])
    assert (trash.remains(), list((trash.root / "org" / ".trash").iterdir())) == ({}, [])


def test_what_is_left_of_a_restored_dataset_was_not_given_up(trash: Trash) -> None:
    entry = trash.put("org", "great")
    folder = trash.root / "org" / ".trash" / entry.id
    (folder / "great").rename(trash.root / "org" / "great")
    folder.rename(folder.with_name(f".gone-{entry.id}"))
    assert trash.remains() == {entry.id: False}


@pytest.mark.parametrize("relative", [True, False])
def test_a_linked_dataset_loses_the_link_and_never_the_target(
    trash: Trash, tmp_path: Path, relative: bool
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "data").write_bytes(b"precious")
    link = tmp_path / "org" / "linked"
    link.symlink_to("../elsewhere" if relative else elsewhere)
    trash.restore(trash.put("org", "linked").id)
    assert (link / "data").read_bytes() == b"precious"
    trash.put("org", "linked", now=NOW - timedelta(days=99))
    trash.purge(now=NOW)
    assert (elsewhere / "data").read_bytes() == b"precious"


def test_a_linked_layer_inside_a_deleted_dataset_keeps_its_target(trash: Trash, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "data").write_bytes(b"precious")
    (tmp_path / "org" / "great" / "segmentation").symlink_to(elsewhere)
    trash.put("org", "great", now=NOW - timedelta(days=99))
    trash.purge(now=NOW)
    assert (elsewhere / "data").read_bytes() == b"precious"
