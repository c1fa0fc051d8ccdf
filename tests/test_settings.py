from __future__ import annotations

import os
from pathlib import Path

import pytest
from pydantic import ValidationError

from voxshelf.settings import Settings


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"VOXSHELF_{name.upper()}", raising=False)


def test_the_root_is_a_folder_at_home() -> None:
    assert Settings().root == Path.home() / "voxshelf-data"


def test_the_environment_wins_over_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOXSHELF_ROOT", "/data/shelf")
    monkeypatch.setenv("VOXSHELF_ORGANIZATION", "lab")
    assert (Settings().root, Settings().organization) == (Path("/data/shelf"), "lab")


def test_an_argument_wins_over_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOXSHELF_ORGANIZATION", "lab")
    assert Settings(organization="other").organization == "other"


def test_an_empty_variable_counts_as_unset(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOXSHELF_URL", "")
    assert Settings().url is None


def test_a_token_is_never_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOXSHELF_TOKEN", "hush-hush")
    assert "hush-hush" not in repr(Settings())


def test_allowed_roots_are_parted_as_in_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOXSHELF_ALLOWED_ROOTS", f"/a{os.pathsep}/b")
    assert Settings().allowed_roots == (Path("/a"), Path("/b"))


@pytest.mark.parametrize("name", ["a/b", ".hidden", "a\\b"])
def test_an_organization_is_a_folders_name(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv("VOXSHELF_ORGANIZATION", name)
    with pytest.raises(ValidationError, match="folder"):
        Settings()
