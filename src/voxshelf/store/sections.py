"""The documents of a dataset's sections that the catalog keeps: read from its row, checked, written back.

Each section of :class:`~voxshelf.model.EditedSection` is one JSON object, so that edits of all of them can be
compared, merged and undone in the same way. The data's document is the file on the disk.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter, ValidationError

from voxshelf.catalog import put_into_folder, set_dataset_teams, set_details, storable, user_row
from voxshelf.errors import InvalidDataSourceError, NotFoundError
from voxshelf.model import MetadataEntry, Problem, check_metadata, tidy_folder_path
from voxshelf.store.markdown import LARGEST_TEXT, render_description

if TYPE_CHECKING:
    from collections.abc import Mapping

    from voxshelf.catalog import DatasetRow, Writing

_DATE = TypeAdapter(date)
_LONGEST = {"display_name": 300, "tags": 100}


def details_of(row: DatasetRow) -> dict[str, Any]:
    """What people wrote about a dataset; the row comes with its parts."""
    return {
        "display_name": row.display_name,
        "description": row.description,
        "tags": [tag.tag for tag in row.tags],
        "folder": "" if row.folder is None else row.folder.path,
        "metadata": list(row.notes),
        "publication_date": None if row.publication_date is None else row.publication_date.isoformat(),
    }


def permissions_of(row: DatasetRow) -> dict[str, Any]:
    """Who may see a dataset; the row comes with its parts."""
    return {"teams": [team.name for team in row.teams], "is_public": row.is_public, "owner": row.owner}


def checked_details(given: Mapping[str, Any]) -> dict[str, Any]:
    """Some details in the form of their document.

    Raises
    ------
    InvalidDataSourceError
        With every problem.
    """
    problems: list[Problem] = []
    document: dict[str, Any] = {}
    for name, value in given.items():
        try:
            document[name] = _FORMS[name](value)
        except ValidationError as error:
            problems += [Problem(place=(name,), message=f"{detail['msg']}.") for detail in error.errors()]
        except InvalidDataSourceError as error:
            problems += error.problems
        except (TypeError, ValueError) as error:
            problems.append(Problem(place=(name,), message=str(error)))
    if problems:
        raise InvalidDataSourceError(
            "These details cannot be stored.", hint="Correct the values below.", problems=problems
        )
    return document


def apply_details(writing: Writing, row: DatasetRow, document: Mapping[str, Any]) -> None:
    """Write a whole document of details into the row, which comes with its parts."""
    if row.description != document["description"]:
        row.description_html = render_description(document["description"])
    set_details(
        writing.session,
        row,
        display_name=document["display_name"],
        description=document["description"],
        tags=document["tags"],
    )
    row.notes = document["metadata"]
    published = document["publication_date"]
    row.publication_date = None if published is None else date.fromisoformat(published)
    if document["folder"] != ("" if row.folder is None else row.folder.path):
        put_into_folder(writing, row, document["folder"])


def apply_permissions(writing: Writing, row: DatasetRow, document: Mapping[str, Any]) -> None:
    """Write a whole document of permissions into the row, which comes with its parts.

    Raises
    ------
    NotFoundError
        If the organization has no such team or user.
    """
    set_dataset_teams(writing.session, row, document["teams"])
    row.is_public = bool(document["is_public"])
    owner = document["owner"]
    if owner and owner != row.owner:
        user_row(writing.session, owner, organization=row.key.partition("/")[0])
    row.owner = owner


def _text(name: str, value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"This is no text: {value!r}.")
    plain = storable(value.strip() if name != "description" else value)
    if name == "description" and len(plain.encode()) > LARGEST_TEXT:
        raise ValueError(f"It has {len(plain.encode()):,} bytes, but {LARGEST_TEXT:,} is the limit.")
    if len(plain) > _LONGEST.get(name, LARGEST_TEXT):
        raise ValueError(f"It has {len(plain)} letters, but {_LONGEST[name]} is the limit.")
    return plain


def _tags(value: Any) -> list[str]:
    tags = [value] if isinstance(value, str) else list(value)
    plain = {_text("tags", tag) for tag in tags}
    return sorted(plain - {""})


def _folder(value: Any) -> str:
    text = _text("folder", value)
    return tidy_folder_path(text) if text.strip("/") else ""


def _metadata(value: Any) -> list[dict[str, Any]]:
    entries = [MetadataEntry.model_validate(entry) for entry in value]
    problems = check_metadata(entries)
    if problems:
        raise InvalidDataSourceError("The metadata cannot be used.", problems=problems)
    return [entry.model_dump(mode="json") for entry in entries]


def _date(value: Any) -> str | None:
    return None if value in (None, "") else _DATE.validate_python(value).isoformat()


def checked_permissions(given: Mapping[str, Any]) -> dict[str, Any]:
    """Some permissions in the form of their document.

    Raises
    ------
    NotFoundError
        If a value cannot name a team or a user.
    """
    document: dict[str, Any] = {}
    if "teams" in given:
        teams = given["teams"]
        document["teams"] = sorted({teams} if isinstance(teams, str) else set(teams))
    if "is_public" in given:
        document["is_public"] = bool(given["is_public"])
    if "owner" in given:
        if not isinstance(given["owner"], str):
            raise NotFoundError(f"{given['owner']!r} is no user.", hint="Give the id of a user, or ''.")
        document["owner"] = given["owner"]
    return document


_FORMS: dict[str, Any] = {
    "display_name": lambda value: _text("display_name", value),
    "description": lambda value: _text("description", value),
    "tags": _tags,
    "folder": _folder,
    "metadata": _metadata,
    "publication_date": _date,
}
