"""Good archives are unpacked whole; bad ones are refused with every reason and leave nothing."""

from __future__ import annotations

import json
import stat
import struct
import zipfile
from typing import TYPE_CHECKING

import pytest

from voxshelf.errors import (
    DamagedDataError,
    InvalidDataSourceError,
    OperationCancelledError,
    StoreUnavailableError,
)
from voxshelf.intake.archives import ArchiveLimits, extract_archive, inspect_archive, require_free_space

if TYPE_CHECKING:
    from pathlib import Path

GOOD = {"ds/color/1/header.wkw": b"WKW-header", "ds/color/1/z0/y0/x0.wkw": bytes(range(256)) * 100}


def _zip(path: Path, entries: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return path


def _tree(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_a_good_archive_is_unpacked_byte_for_byte(tmp_path: Path, method: int) -> None:
    contents = inspect_archive(_zip(tmp_path / "a.zip", GOOD, method))
    written: list[int] = []
    extract_archive(contents, tmp_path / "out", progress=written.append)
    assert _tree(tmp_path / "out") == {name.removeprefix("ds/"): data for name, data in GOOD.items()}
    assert sum(written) == contents.expanded_bytes


def test_what_systems_leave_behind_is_left_out(tmp_path: Path) -> None:
    litter = {
        "__MACOSX/ds/._header.wkw": b"x",
        "ds/.DS_Store": b"x",
        "ds/.git/config": b"x",
        "ds/Thumbs.db": b"x",
    }
    contents = inspect_archive(_zip(tmp_path / "a.zip", GOOD | litter))
    extract_archive(contents, tmp_path / "out")
    assert set(_tree(tmp_path / "out")) == {"color/1/header.wkw", "color/1/z0/y0/x0.wkw"}


def test_the_archives_own_json_is_seen(tmp_path: Path) -> None:
    with_json = GOOD | {"ds/datasource-properties.json": b"{}"}
    assert inspect_archive(_zip(tmp_path / "a.zip", with_json)).has_properties
    assert not inspect_archive(_zip(tmp_path / "b.zip", GOOD)).has_properties


def _with_path(path: str) -> dict[str, bytes]:
    layer = {"name": "color", "mags": [{"mag": 1, "path": path}]}
    return GOOD | {"ds/datasource-properties.json": json.dumps({"dataLayers": [layer]}).encode()}


@pytest.mark.parametrize(
    "path",
    [
        "../../clinic/secret/color/1",
        "../other/color/1",
        "color/../../other/color/1",
        "/srv/data/clinic/secret/color/1",
        "file:///srv/data/clinic/secret/color/1",
        "..\\other\\color\\1",
        "C:/data/color/1",
    ],
)
def test_a_json_that_leads_out_of_the_dataset_is_refused_before_the_rest_is_unpacked(
    tmp_path: Path, path: str
) -> None:
    contents = inspect_archive(_zip(tmp_path / "a.zip", _with_path(path)))
    with pytest.raises(InvalidDataSourceError, match="leads out of the dataset's folder") as caught:
        extract_archive(contents, tmp_path / "out")
    assert caught.value.problems[0].place == ("dataLayers", 0, "mags", 0, "path")
    assert list(_tree(tmp_path / "out")) == ["datasource-properties.json"]


@pytest.mark.parametrize(
    "path", ["color/1", "./color/1", "color/../color/1", "..data/1", "https://example.org/ds/color/1"]
)
def test_a_json_whose_paths_stay_inside_is_taken(tmp_path: Path, path: str) -> None:
    contents = inspect_archive(_zip(tmp_path / "a.zip", _with_path(path)))
    extract_archive(contents, tmp_path / "out")
    assert len(_tree(tmp_path / "out")) == 3


@pytest.mark.parametrize(
    "name",
    [
        "../evil",
        "a/../../evil",
        "/etc/passwd",
        "C:/evil",
        "C:\\evil",
        "..\\evil",
        "\\evil",
        "a/b\x01c",
        "x" * 300,
        "/".join(["x" * 200] * 6),
    ],
)
def test_a_name_that_leads_astray_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(InvalidDataSourceError, match="This entry is refused"):
        inspect_archive(_zip(tmp_path / "a.zip", GOOD | {name: b"x"}))


def test_a_link_in_an_archive_is_refused(tmp_path: Path) -> None:
    path = _zip(tmp_path / "a.zip", GOOD)
    with zipfile.ZipFile(path, "a") as archive:
        info = zipfile.ZipInfo("ds/link")
        info.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(info, "/etc/passwd")
    with pytest.raises(InvalidDataSourceError, match="is a link or a device"):
        inspect_archive(path)


def test_names_that_differ_only_in_case_are_refused(tmp_path: Path) -> None:
    clash = GOOD | {"ds/color/1/HEADER.wkw": b"other"}
    with pytest.raises(InvalidDataSourceError, match=r"differs from .* only in case"):
        inspect_archive(_zip(tmp_path / "a.zip", clash))


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_name_that_occurs_twice_is_refused(tmp_path: Path) -> None:
    path = _zip(tmp_path / "a.zip", GOOD)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("ds/color/1/header.wkw", b"second")
    with pytest.raises(InvalidDataSourceError, match="occurs twice"):
        inspect_archive(path)


def test_a_name_that_is_both_file_and_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidDataSourceError, match="both a file and a folder"):
        inspect_archive(_zip(tmp_path / "a.zip", GOOD | {"ds/color": b"x"}))


def test_an_encrypted_archive_is_refused(tmp_path: Path) -> None:
    path = _zip(tmp_path / "a.zip", GOOD)
    data = bytearray(path.read_bytes())
    directory = data.index(b"PK\x01\x02")
    data[directory + 8] |= 1
    path.write_bytes(data)
    with pytest.raises(InvalidDataSourceError, match="is encrypted"):
        inspect_archive(path)


def test_an_unknown_compression_is_refused(tmp_path: Path) -> None:
    path = _zip(tmp_path / "a.zip", GOOD)
    data = bytearray(path.read_bytes())
    directory = data.index(b"PK\x01\x02")
    data[directory + 10 : directory + 12] = struct.pack("<H", 97)
    path.write_bytes(data)
    with pytest.raises(InvalidDataSourceError, match="compression method 97"):
        inspect_archive(path)


@pytest.mark.parametrize(("method", "name"), [(zipfile.ZIP_BZIP2, "bzip2"), (zipfile.ZIP_LZMA, "LZMA")])
def test_a_compression_that_could_fill_the_memory_is_refused(tmp_path: Path, method: int, name: str) -> None:
    with pytest.raises(InvalidDataSourceError, match=f"{name} compression"):
        inspect_archive(_zip(tmp_path / "a.zip", GOOD, method))


@pytest.mark.parametrize(
    ("start", "kind"),
    [
        (b"\x1f\x8b\x08", "a gzip file"),
        (b"Rar!\x1a\x07\x01", "a RAR archive"),
        (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
        (b"ds/color/1".ljust(257, b"\0") + b"ustar", "a tar archive"),
    ],
)
def test_another_kind_of_archive_is_called_by_its_name(tmp_path: Path, start: bytes, kind: str) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(start + bytes(600))
    with pytest.raises(InvalidDataSourceError, match=f"This is {kind}, not a ZIP file"):
        inspect_archive(path)


def test_entries_that_share_their_bytes_are_refused(tmp_path: Path) -> None:
    path = _zip(tmp_path / "a.zip", GOOD | {"ds/color/1/z0/y0/x1.wkw": bytes(range(256)) * 100})
    data = bytearray(path.read_bytes())
    entries = [at for at in range(len(data)) if data[at : at + 4] == b"PK\x01\x02"]
    # Offset of the local header, at byte 42 of an entry of the directory.
    data[entries[2] + 42 : entries[2] + 46] = data[entries[1] + 42 : entries[1] + 46]
    path.write_bytes(data)
    with pytest.raises(InvalidDataSourceError, match="overlaps with"):
        inspect_archive(path)


def test_names_that_differ_only_in_how_an_accent_is_written_are_refused(tmp_path: Path) -> None:
    clash = GOOD | {"ds/notes-e\u0301": b"x", "ds/notes-\u00e9": b"y"}
    with pytest.raises(InvalidDataSourceError, match="only in case"):
        inspect_archive(_zip(tmp_path / "a.zip", clash))


def test_a_file_named_like_a_folder_in_another_case_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidDataSourceError, match="both a file and a folder"):
        inspect_archive(_zip(tmp_path / "a.zip", GOOD | {"ds/COLOR": b"x"}))


@pytest.mark.parametrize("is_large", [False, True])
def test_a_list_of_entries_that_would_fill_the_memory_is_refused_unread(
    tmp_path: Path, is_large: bool
) -> None:
    path = tmp_path / "a.zip"
    claimed = 1 << 34 if is_large else 0xFFFF_0000
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 1, 1, 0xFFFF_FFFF if is_large else claimed, 0, 0)
    large = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, 1, 1, claimed, 0)
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, 0, 1)
    path.write_bytes(large + locator + end if is_large else end)
    with pytest.raises(InvalidDataSourceError, match="are taken"):
        inspect_archive(path)


def test_a_crowd_of_bad_entries_is_counted_not_listed(tmp_path: Path) -> None:
    with pytest.raises(InvalidDataSourceError) as caught:
        inspect_archive(_zip(tmp_path / "a.zip", GOOD | {f"../{number}": b"" for number in range(300)}))
    assert len(caught.value.problems) == 101
    assert "200 more" in caught.value.problems[-1].message


def test_a_bomb_is_refused_before_a_byte_of_it_is_written(tmp_path: Path) -> None:
    path = _zip(tmp_path / "a.zip", GOOD | {"ds/color/1/z0/y0/x1.wkw": bytes(8 << 20)})
    with pytest.raises(InvalidDataSourceError, match="would expand to"):
        inspect_archive(path, ArchiveLimits(harmless=1 << 20, ratio=100))


def test_too_many_files_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidDataSourceError, match="at most 1 are taken"):
        inspect_archive(_zip(tmp_path / "a.zip", GOOD), ArchiveLimits(entries=1))


@pytest.mark.parametrize("data", [b"", b"not a zip", b"PK\x05\x06" + bytes(5)])
def test_what_is_no_zip_file_is_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(data)
    with pytest.raises(InvalidDataSourceError, match="not a whole ZIP file"):
        inspect_archive(path)


def test_a_truncated_archive_is_refused(tmp_path: Path) -> None:
    path = _zip(tmp_path / "a.zip", GOOD)
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(InvalidDataSourceError, match="not a whole ZIP file"):
        inspect_archive(path)


def test_every_problem_is_reported_at_once(tmp_path: Path) -> None:
    path = _zip(tmp_path / "a.zip", GOOD | {"../one": b"x", "/two": b"x"})
    with pytest.raises(InvalidDataSourceError) as caught:
        inspect_archive(path)
    assert len(caught.value.problems) == 2


def test_an_entry_that_expands_to_more_than_it_claims_is_refused(tmp_path: Path) -> None:
    path = _zip(tmp_path / "a.zip", GOOD | {"ds/color/1/z0/y0/x1.wkw": bytes(1 << 20)})
    data = bytearray(path.read_bytes())
    entries = [at for at in range(len(data)) if data[at : at + 4] == b"PK\x01\x02"]
    data[entries[2] + 24 : entries[2] + 28] = struct.pack("<L", 1000)
    path.write_bytes(data)
    with pytest.raises(DamagedDataError, match=r"x1\.wkw.* is damaged"):
        extract_archive(inspect_archive(path), tmp_path / "out")
    assert (tmp_path / "out" / "color" / "1" / "z0" / "y0" / "x1.wkw").stat().st_size <= 1000


def test_a_damaged_entry_is_named(tmp_path: Path) -> None:
    path = _zip(tmp_path / "a.zip", GOOD, zipfile.ZIP_STORED)
    data = bytearray(path.read_bytes())
    data[data.index(bytes(range(200, 256))) + 3] ^= 0xFF
    path.write_bytes(data)
    with pytest.raises(DamagedDataError, match=r"x0\.wkw.* is damaged"):
        extract_archive(inspect_archive(path), tmp_path / "out")


def test_cancelling_stops_the_unpacking(tmp_path: Path) -> None:
    contents = inspect_archive(_zip(tmp_path / "a.zip", GOOD))
    with pytest.raises(OperationCancelledError):
        extract_archive(contents, tmp_path / "out", cancel=lambda: True)


def test_a_disk_that_is_too_full_is_said_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailableError, match="not enough room"):
        require_free_space(tmp_path, 1 << 60)
