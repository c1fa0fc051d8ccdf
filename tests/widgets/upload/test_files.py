from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voxshelf.store.keys import is_valid_name
from voxshelf.widgets.upload.files import TAIL, ChosenFile, name_in_key, refusal


def file(name: str, size: int = 10) -> ChosenFile:
    return ChosenFile(name, size, 1_700_000_000_000)


@pytest.mark.parametrize(
    ("name", "dataset"),
    [
        ("brain.zip", "brain"),
        ("Brain.ZIP", "Brain"),
        ("mouse brain (1).zip", "mouse_brain_1"),
        ("Gewebe größer.zip", "Gewebe_groer"),
        (".hidden.zip", "hidden"),
        ("-x.zip", "x"),
        ("脳.zip", "dataset"),
        ("e2006_wkw.v2.zip", "e2006_wkw.v2"),
    ],
)
def test_a_datasets_name_is_made_of_the_files(name: str, dataset: str) -> None:
    assert file(name).dataset_name == dataset


@given(st.text(max_size=200))
def test_whatever_a_file_is_called_the_dataset_may_be_called_so(name: str) -> None:
    assert is_valid_name(file(f"{name}.zip").dataset_name)


@given(st.text(min_size=1).filter(lambda name: "/" not in name))
def test_a_key_remembers_the_files_name(name: str) -> None:
    assert name_in_key(file(name).key, "else") == name


def test_a_key_of_another_program_has_no_name() -> None:
    assert name_in_key("5f2b", "brain.zip") == "brain.zip"


def zipped(*, comment: bytes = b"") -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as archive:
        archive.writestr("a/color/1/header.wkw", bytes(5000))
        archive.comment = comment
    return sink.getvalue()


def ends(data: bytes) -> tuple[bytes, bytes]:
    return data[:4], data[-TAIL:]


@pytest.mark.parametrize("comment", [b"", b"x" * 65_535])
def test_a_zip_file_is_taken(comment: bytes) -> None:
    assert refusal(file("a.zip"), *ends(zipped(comment=comment))) is None


def told(name: str, data: bytes) -> Any:
    message = refusal(file(name, len(data)), *ends(data))
    assert message is not None
    return message


def test_a_zip_file_that_was_cut_off_is_seen_before_it_travels() -> None:
    assert "cut off" in told("a.zip", zipped()[:-30]).text


def test_a_tar_file_is_refused_with_the_way_out() -> None:
    message = told("a.tar.gz", b"\x1f\x8b\x08\0" + bytes(100))
    assert message.text == "a.tar.gz is not a ZIP file."
    assert "make a ZIP file" in message.hint


def test_an_image_is_refused_with_the_way_out() -> None:
    assert "Put the dataset's folder" in told("slice.png", b"\x89PNG" + bytes(100)).hint


def test_an_empty_file_is_refused() -> None:
    assert told("a.zip", b"").text == "a.zip is empty."


def test_a_folder_that_was_dropped_is_refused_as_no_zip() -> None:
    # The browser shows a folder as a file of some size that cannot be read.
    message = refusal(file("folder", 4096), b"", b"")
    assert message is not None
    assert "into a ZIP file" in message.hint
