"""``datasource-properties.json`` on disk: whole or not at all, in its own style, with the old text kept."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import Any

import pytest

from voxshelf.dataset import BACKUPS_NAME, PROPERTIES_NAME, read_properties, save_properties
from voxshelf.errors import (
    DatasetNotFoundError,
    EditConflict,
    InvalidDataSourceError,
    NameTakenError,
    StoreUnavailableError,
)
from voxshelf.model import DataSource, Severity, VoxelSize


def _document(scale: Any = (11.24, 11.24, 28)) -> dict[str, Any]:
    return {
        "id": {"name": "l4", "team": "Zürich"},
        "dataLayers": [
            {
                "name": "color",
                "category": "color",
                "boundingBox": {"topLeft": [0, 0, 0], "width": 64, "height": 64, "depth": 32},
                "wkwResolutions": [{"resolution": 1, "cubeLength": 1024}],
                "elementClass": "uint8",
                "dataFormat": "wkw",
            }
        ],
        "scale": list(scale),
        "myOwnKey": {"a": 1.50},
    }


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    _put(tmp_path, json.dumps(_document(), indent=4))
    return tmp_path


def _put(folder: Path, text: str, encoding: str = "utf-8") -> None:
    (folder / PROPERTIES_NAME).write_bytes(text.encode(encoding))


def _with_voxel_size(folder: Path, *edges: float) -> DataSource:
    return read_properties(folder).data_source().model_copy(update={"voxel_size": VoxelSize(edges)})


def _names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_a_save_can_be_read_back(folder: Path) -> None:
    save_properties(folder, _with_voxel_size(folder, 1, 2, 3))
    assert read_properties(folder).data_source().voxel_size == VoxelSize((1, 2, 3))


def test_a_save_leaves_every_other_character_as_it_was(folder: Path) -> None:
    before = (folder / PROPERTIES_NAME).read_text()
    save_properties(folder, _with_voxel_size(folder, 11.24, 11.24, 30))
    assert (folder / PROPERTIES_NAME).read_text() == before.replace("        28\n", "        30.0\n")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_every_unicode_encoding_is_read_and_kept(folder: Path, encoding: str) -> None:
    _put(folder, json.dumps(_document(), ensure_ascii=False), encoding)
    save_properties(folder, _with_voxel_size(folder, 1, 2, 3))
    text = (folder / PROPERTIES_NAME).read_bytes().decode(encoding)
    assert text == json.dumps(_document((1.0, 2.0, 3.0)), ensure_ascii=False)


def test_saving_what_stands_there_touches_nothing(folder: Path) -> None:
    before = (folder / PROPERTIES_NAME).stat()
    save_properties(folder, read_properties(folder).data_source())
    after = (folder / PROPERTIES_NAME).stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    assert _names(folder) == {PROPERTIES_NAME}


def test_the_old_text_goes_to_the_log_every_time(folder: Path) -> None:
    texts = [(folder / PROPERTIES_NAME).read_text()]
    texts += [save_properties(folder, _with_voxel_size(folder, edge, 1, 1)).text for edge in (1, 2)]
    log = (folder / BACKUPS_NAME).read_text()
    assert log.index(texts[0]) < log.index(texts[1])
    assert texts[2] not in log


def test_nothing_but_the_file_and_its_log_stays_in_the_folder(folder: Path) -> None:
    save_properties(folder, _with_voxel_size(folder, 1, 2, 3))
    assert _names(folder) == {PROPERTIES_NAME, BACKUPS_NAME}


def test_a_first_save_needs_no_log(tmp_path: Path, folder: Path) -> None:
    data_source = read_properties(folder).data_source()
    new = tmp_path / "new"
    new.mkdir()
    assert save_properties(new, data_source).data_source() == read_properties(new).data_source()
    assert _names(new) == {PROPERTIES_NAME}


def test_the_files_mode_is_kept(folder: Path) -> None:
    (folder / PROPERTIES_NAME).chmod(0o640)
    save_properties(folder, _with_voxel_size(folder, 1, 2, 3))
    assert (folder / PROPERTIES_NAME).stat().st_mode & 0o777 == 0o640


def test_a_linked_file_is_written_through(folder: Path) -> None:
    target = folder / "elsewhere"
    target.mkdir()
    (folder / PROPERTIES_NAME).rename(target / "shared.json")
    (folder / PROPERTIES_NAME).symlink_to(target / "shared.json")
    save_properties(folder, _with_voxel_size(folder, 1, 2, 3))
    assert (folder / PROPERTIES_NAME).is_symlink()
    assert json.loads((target / "shared.json").read_text())["scale"] == [1.0, 2.0, 3.0]


def test_a_linked_folder_is_written_through(folder: Path) -> None:
    link = folder / "link"
    link.symlink_to(folder, target_is_directory=True)
    save_properties(link, _with_voxel_size(link, 1, 2, 3))
    assert link.is_symlink()
    assert read_properties(folder).data_source().voxel_size == VoxelSize((1, 2, 3))


def test_exact_text_from_an_editor_is_written_as_it_is(folder: Path) -> None:
    text = "\n" + json.dumps(_document((5, 5, 5))) + "  \n"
    save_properties(folder, text)
    assert (folder / PROPERTIES_NAME).read_text() == text


def test_a_whole_document_is_written_in_the_style_found(folder: Path) -> None:
    save_properties(folder, _document((5, 5, 5)))
    assert (folder / PROPERTIES_NAME).read_text() == json.dumps(_document((5, 5, 5)), indent=4)


@pytest.mark.parametrize(
    "content", ["{", "[]", {"scale": [0, 1, 1]}, {"scale": [float("nan"), 1, 1]}, "\ud800"]
)
def test_content_that_describes_no_dataset_is_never_written(folder: Path, content: Any) -> None:
    before = (folder / PROPERTIES_NAME).read_bytes()
    with pytest.raises(InvalidDataSourceError) as caught:
        save_properties(folder, content)
    assert caught.value.problems
    assert (folder / PROPERTIES_NAME).read_bytes() == before


def test_a_broken_file_can_be_replaced_and_is_kept_byte_for_byte(folder: Path) -> None:
    data_source = read_properties(folder).data_source()
    (folder / PROPERTIES_NAME).write_bytes(b'{"scale": \xff')
    save_properties(folder, data_source)
    assert read_properties(folder).data_source().voxel_size == data_source.voxel_size
    assert b'{"scale": \xff' in (folder / BACKUPS_NAME).read_bytes()


def test_a_change_by_somebody_else_is_not_overwritten(folder: Path) -> None:
    seen = read_properties(folder)
    save_properties(folder, _with_voxel_size(folder, 1, 2, 3))
    with pytest.raises(EditConflict):
        save_properties(folder, _with_voxel_size(folder, 3, 2, 1), expected=seen)
    assert read_properties(folder).data_source().voxel_size == VoxelSize((1, 2, 3))


def test_a_missing_file_is_told_with_its_path(tmp_path: Path) -> None:
    with pytest.raises(DatasetNotFoundError, match=PROPERTIES_NAME):
        read_properties(tmp_path)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "empty"),
        (b'{\n"a": \xff}', "Line 2"),
        (b'{"scale": [1, 1, 1e999]}', "too large"),
        (b"null", "object"),
    ],
)
def test_what_is_wrong_with_the_text_is_a_problem_not_a_crash(
    tmp_path: Path, data: bytes, message: str
) -> None:
    (tmp_path / PROPERTIES_NAME).write_bytes(data)
    found = read_properties(tmp_path)
    assert found.reading.data_source is None
    assert any(message in str(problem) for problem in found.reading.problems)


def test_a_double_key_is_a_warning_and_the_dataset_still_opens(folder: Path) -> None:
    _put(folder, json.dumps(_document())[:-1] + ', "scale": [9, 9, 9]}')
    found = read_properties(folder)
    assert [problem.severity for problem in found.reading.problems] == [Severity.WARNING]
    assert found.data_source().voxel_size == VoxelSize((9, 9, 9))


def test_a_dataset_without_layers_is_unfinished_and_can_be_opened(folder: Path) -> None:
    save_properties(folder, _document() | {"dataLayers": []})
    assert read_properties(folder).data_source().layers == ()
    assert read_properties(folder).reading.data_source is None


def test_every_place_has_its_line(folder: Path) -> None:
    found = read_properties(folder)
    lines = found.text.splitlines()
    line = found.line_of(("dataLayers", 0, "elementClass"))
    assert line is not None
    assert '"elementClass"' in lines[line - 1]


_SAVE_FOR_EVER = """
import sys
from voxshelf.dataset import read_properties, save_properties
from voxshelf.model import VoxelSize
folder = sys.argv[1]
data_source = read_properties(folder).data_source()
for edge in range(1, 1_000_000):
    save_properties(folder, data_source.model_copy(update={"voxel_size": VoxelSize((edge, edge, edge))}))
    print(edge, flush=True)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL")
def test_a_killed_save_leaves_a_whole_file_and_stops_nobody(folder: Path) -> None:
    for kill_after in (1, 4, 9):
        process = subprocess.Popen(
            [sys.executable, "-c", _SAVE_FOR_EVER, str(folder)], stdout=subprocess.PIPE, text=True
        )
        assert process.stdout is not None
        for _ in range(kill_after):
            process.stdout.readline()
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
        edges = json.loads((folder / PROPERTIES_NAME).read_text())["scale"]
        assert len(set(edges)) == 1
        assert edges[0] >= kill_after
        save_properties(folder, _with_voxel_size(folder, 0.5, 0.5, 0.5))
        assert _names(folder) == {PROPERTIES_NAME, BACKUPS_NAME}


def test_saves_from_several_threads_lose_no_text(folder: Path) -> None:
    def save(edge: int) -> None:
        save_properties(folder, _document((edge, 1, 1)))

    threads = [threading.Thread(target=save, args=(edge,)) for edge in range(1, 9)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    log = (folder / BACKUPS_NAME).read_text()
    final = read_properties(folder).text
    everything = log + final
    assert all(f"        {edge},\n        1,\n" in everything for edge in range(1, 9))


_SAVE_AS_NOBODY = """
import os, sys
from voxshelf.dataset import read_properties, save_properties
from voxshelf.errors import ReadOnlyError
from voxshelf.model import VoxelSize
folder = sys.argv[1]
data_source = read_properties(folder).data_source()
save_properties(folder, data_source)
# A first save also loads what nobody may not be able to load from here.
save_properties(folder, data_source.model_copy(update={"voxel_size": VoxelSize((1, 2, 3))}))
os.chmod(folder, 0o555)
if os.geteuid() == 0:
    os.setuid(65534)
try:
    save_properties(folder, data_source)
except ReadOnlyError as error:
    print("read-only:", error.hint)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX permissions")
def test_a_folder_that_cannot_be_written_is_told_with_a_hint() -> None:
    # Not below pytest's own folder, which nobody else may enter.
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _put(folder, json.dumps(_document()))
        result = subprocess.run(
            [sys.executable, "-c", _SAVE_AS_NOBODY, name], capture_output=True, text=True, check=True
        )
        folder.chmod(0o755)
        assert result.stdout.startswith("read-only: Ask the owner")
        assert read_properties(folder).data_source().voxel_size == VoxelSize((1, 2, 3))


def test_a_link_that_leads_in_a_circle_cannot_be_read_now(tmp_path: Path) -> None:
    (tmp_path / PROPERTIES_NAME).symlink_to(PROPERTIES_NAME)
    with pytest.raises(StoreUnavailableError, match="cannot be read now"):
        read_properties(tmp_path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no named pipes")
def test_a_pipe_in_the_place_of_the_file_is_not_waited_for(folder: Path) -> None:
    (folder / PROPERTIES_NAME).unlink()
    os.mkfifo(folder / PROPERTIES_NAME)
    with pytest.raises(DatasetNotFoundError, match="not a file"):
        read_properties(folder)


def test_a_folder_in_the_place_of_the_file_is_named_when_saving(folder: Path) -> None:
    (folder / PROPERTIES_NAME).unlink()
    (folder / PROPERTIES_NAME).mkdir()
    with pytest.raises(NameTakenError, match="not a file"):
        save_properties(folder, _document())
