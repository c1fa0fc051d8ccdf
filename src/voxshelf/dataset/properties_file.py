"""The file ``datasource-properties.json`` of a dataset folder: read with all its problems, written with care.

A save replaces the file whole or not at all, whoever gets killed when; it changes only the characters that
have to change, keeps the file's mode, follows symbolic links, and appends the old text with the time to
``datasource-properties-backups.log``. Saving what stands there already touches nothing.
"""

from __future__ import annotations

import codecs
import os
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from voxshelf.dataset.json_edit import edit_text, new_text
from voxshelf.dataset.json_text import line_of, locate, parse_text
from voxshelf.errors import (
    DatasetNotFoundError,
    EditConflict,
    InvalidDataSourceError,
    NameTakenError,
    NotAllowedError,
    ReadOnlyError,
    StoreUnavailableError,
)
from voxshelf.formats.bytes import opened_file
from voxshelf.formats.wkw.locks import locked, replacing, system_errors_explained
from voxshelf.model import (
    DataSource,
    Place,
    Problem,
    Reading,
    check_data_source,
    errors_among,
    read_document,
    write_document,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["BACKUPS_NAME", "PROPERTIES_NAME", "PropertiesFile", "read_properties", "save_properties"]

PROPERTIES_NAME = "datasource-properties.json"
BACKUPS_NAME = "datasource-properties-backups.log"
_LARGEST_FILE = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class PropertiesFile:
    """What stands in a ``datasource-properties.json``.

    Parameters
    ----------
    path : Path
        The file, as reached through the dataset folder.
    text : str
        Its text without a byte order mark; undecodable bytes appear as U+FFFD.
    document : Any
        What the text means; None where it is no JSON.
    reading : Reading
        The data source, or the good half and every problem.
    encoding : str
        How the text is stored.
    """

    path: Path
    text: str
    document: Any
    reading: Reading
    encoding: str = "utf-8"

    def data_source(self) -> DataSource:
        """The data source, also one that is still being built (see :func:`unfinished`).

        Raises
        ------
        InvalidDataSourceError
            With every problem.
        """
        draft = self.reading.draft
        if draft is not None and not _mistakes(self.reading):
            return draft
        return self.reading.require(source=str(self.path))

    def line_of(self, place: Place) -> int | None:
        """The line, counted from 1, of the value at ``place`` or of what should hold it; None without JSON."""
        if self.document is None:
            return None
        span = locate(self.text)
        for key in place:
            if key not in span.keys:
                break
            span = dict(zip(span.keys, span.children, strict=True))[key]
        return line_of(self.text, span.start)


def read_properties(folder: Path | str) -> PropertiesFile:
    """Read a dataset folder's properties file, whatever is wrong with its content.

    Parameters
    ----------
    folder : path
        The dataset folder.

    Raises
    ------
    DatasetNotFoundError
        If the folder has no such file.
    NotAllowedError
        If the operating system refuses to open it.
    StoreUnavailableError
        If it cannot be read now: a failing disk, links in a circle.
    """
    path = Path(folder) / PROPERTIES_NAME
    try:
        with open(path, "rb", opener=opened_file) as file:
            data = file.read(_LARGEST_FILE + 1)
    except (FileNotFoundError, NotADirectoryError) as error:
        raise DatasetNotFoundError(
            f"{path} does not exist.", hint="Import the dataset, or check the folder's name."
        ) from error
    except IsADirectoryError as error:
        raise DatasetNotFoundError(
            f"{path} is not a file.", hint="Move it away and import the dataset."
        ) from error
    except PermissionError as error:
        raise NotAllowedError(
            f"{path} may not be read by this user.", hint="Ask its owner for the right to read it."
        ) from error
    except OSError as error:
        raise StoreUnavailableError(
            f"{path} cannot be read now: {error.strerror or error}.",
            hint="Check the disk it lies on, and links that lead in circles.",
        ) from error
    if len(data) > _LARGEST_FILE:
        problem = Problem(message="The file is larger than 64 MiB.", hint="This is no dataset's JSON.")
        return PropertiesFile(path, "", None, Reading(None, {}, (problem,)))
    return _interpret(path, data)


def save_properties(
    folder: Path | str,
    content: DataSource | dict[str, Any] | str,
    *,
    expected: PropertiesFile | None = None,
) -> PropertiesFile:
    """Write a dataset folder's properties file.

    Parameters
    ----------
    folder : path
        The dataset folder; it exists.
    content : DataSource, dict or str
        The data source, written in the style of the file that stands there; or the whole document; or the
        exact text, as typed into an editor.
    expected : PropertiesFile, optional
        What the change is based on: if the file says something else by now, nothing is written.

    Returns
    -------
    PropertiesFile
        What stands there now.

    Raises
    ------
    InvalidDataSourceError
        If the content breaks a rule; with every problem. Nothing is written.
    EditConflict
        If the file is not as ``expected``.
    NameTakenError
        If a folder or a pipe has taken the file's name.
    ReadOnlyError
        If folder or file cannot be written.
    """
    path = Path(folder) / PROPERTIES_NAME
    with _as_read_only_error(path):
        old = _read_if_there(path)
        _require_expected(path, old, expected)
        if old is not None and _next_text(path, old, content) == old.text:
            return old
        with locked(path) as real:
            old = _read_if_there(path)
            _require_expected(path, old, expected)
            text = _next_text(path, old, content)
            encoding = old.encoding if old is not None else "utf-8"
            if old is not None and text == old.text:
                return old
            data = _encoded(path, text, encoding)
            if old is not None:
                _append_backup(path.with_name(BACKUPS_NAME), old)
            with replacing(real) as replacement:
                replacement.file.write(data)
    return _interpret(path, data)


def require_saveable(data_source: DataSource, *, source: str) -> None:
    """Raise if a data source breaks a rule, other than by being unfinished.

    Raises
    ------
    InvalidDataSourceError
        With every problem.
    """
    errors = errors_among(check_data_source(data_source))
    mistakes = [problem for problem in errors if not unfinished(problem, data_source)]
    if mistakes:
        raise _invalid(Path(source) / PROPERTIES_NAME, mistakes)


def unfinished(problem: Problem, draft: DataSource) -> bool:
    """Whether a problem only says that a dataset is still being built.

    Such a dataset has no layer yet, or a layer without mags or with an empty box, and can be opened and saved.
    """
    if problem.place == ("dataLayers",):
        return not draft.layers
    if len(problem.place) != 3 or not isinstance(problem.place[1], int):
        return False
    layer = draft.layers[problem.place[1]]
    return (problem.place[2] == "boundingBox" and layer.bounding_box.is_empty) or (
        problem.place[2] == "mags" and not layer.mags
    )


def _mistakes(reading: Reading) -> list[Problem]:
    errors = errors_among(reading.problems)
    if reading.draft is None:
        return errors
    return [problem for problem in errors if not unfinished(problem, reading.draft)]


def _interpret(path: Path, data: bytes) -> PropertiesFile:
    encoding = _encoding_of(data)
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        problem = Problem(
            message=f"Line {line}: byte {error.start} is not {encoding} text.",
            hint="Save the file as UTF-8.",
        )
        text = data.decode(encoding, errors="replace")
        return PropertiesFile(path, text, None, Reading(None, {}, (problem,)), encoding)
    parsing = parse_text(text)
    if parsing.document is None and parsing.problems:
        return PropertiesFile(path, text, None, Reading(None, {}, parsing.problems), encoding)
    reading = read_document(parsing.document)
    reading = replace(reading, problems=(*parsing.problems, *reading.problems))
    if errors_among(parsing.problems):
        reading = replace(reading, data_source=None, draft=None)
    return PropertiesFile(path, text, parsing.document, reading, encoding)


def _encoding_of(data: bytes) -> str:
    if data.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    return "utf-8"


def _read_if_there(path: Path) -> PropertiesFile | None:
    try:
        return read_properties(path.parent)
    except DatasetNotFoundError as error:
        if isinstance(error.__cause__, IsADirectoryError):
            raise NameTakenError(f"{path} is not a file.", hint="Move it away, then try again.") from error
        return None


def _require_expected(path: Path, old: PropertiesFile | None, expected: PropertiesFile | None) -> None:
    if expected is not None and (old is None or old.text != expected.text):
        raise EditConflict(
            f"{path} was changed by somebody else in the meantime.",
            hint="Open the dataset again and repeat the change.",
        )


def _next_text(path: Path, old: PropertiesFile | None, content: DataSource | dict[str, Any] | str) -> str:
    """The text to write; raises if it would not describe a usable dataset."""
    if isinstance(content, str):
        text = content
    else:
        previous = old.document if old is not None and isinstance(old.document, dict) else None
        document = write_document(content, previous) if isinstance(content, DataSource) else content
        try:
            if old is None or previous is None:
                text = new_text(document)
            else:
                text = edit_text(old.text, previous, document)
        except (TypeError, ValueError) as error:
            problem = Problem(message=f"The document cannot be written as JSON: {error}.")
            raise _invalid(path, [problem]) from error
    mistakes = _mistakes(_interpret(path, _encoded(path, text, "utf-8")).reading)
    if mistakes:
        raise _invalid(path, mistakes)
    return text


def _encoded(path: Path, text: str, encoding: str) -> bytes:
    try:
        return text.encode(encoding)
    except UnicodeEncodeError as error:
        problem = Problem(message=f"Character {error.start} of the text cannot be stored as {encoding}.")
        raise _invalid(path, [problem]) from error


def _invalid(path: Path, problems: list[Problem]) -> InvalidDataSourceError:
    return InvalidDataSourceError(
        f"{path} is not written: the content does not describe a usable dataset.",
        hint="Correct the places below.",
        problems=problems,
    )


def _append_backup(path: Path, old: PropertiesFile) -> None:
    """Append what stood there to the log: as UTF-8 text or, where it was no JSON, byte for byte."""
    now = datetime.now(UTC).isoformat(timespec="seconds")
    content = old.text.encode() if old.document is not None else old.path.read_bytes()
    heading = f"Contents of {PROPERTIES_NAME} before the change of {now}:\n".encode()
    with path.open("ab") as file:
        file.write(heading + content.rstrip(b"\r\n") + b"\n\n")
        file.flush()
        os.fsync(file.fileno())


@contextmanager
def _as_read_only_error(path: Path) -> Iterator[None]:
    try:
        with system_errors_explained(path):
            yield
    except NotAllowedError as error:
        raise ReadOnlyError(
            f"{path} cannot be written: {error.__cause__ or error.what}.",
            hint="Ask the owner of the dataset folder for the right to write in it.",
        ) from error
