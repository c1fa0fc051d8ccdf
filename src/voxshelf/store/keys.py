"""Names of organizations and datasets, and the *key* ``organization/name`` made of them."""

from __future__ import annotations

import re

from voxshelf.errors import DatasetNotFoundError
from voxshelf.model import Problem

_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,127}")


def is_valid_name(name: str) -> bool:
    """Whether an organization or a dataset may have that name.

    Letters, digits, ``_``, ``-`` and ``.``, at most 128 of them, and neither ``.`` nor ``-`` first: such a name
    is the same in a folder, in a URL and on every file system.
    """
    return _NAME.fullmatch(name) is not None


def name_problem(organization: str, name: str) -> Problem | None:
    """What is wrong with the names of a dataset's folders; None if nothing is."""
    for what, value in (("organization", organization), ("dataset", name)):
        if not is_valid_name(value):
            return Problem(
                message=f"{value!r} is no name for {'an' if what == 'organization' else 'a'} {what}.",
                hint="Rename the folder: letters, digits, '_', '-' and '.', at most 128, beginning with a letter, "
                "a digit or '_'.",
            )
    return None


def split_key(key: str) -> tuple[str, str]:
    """Organization and name of a key.

    Raises
    ------
    DatasetNotFoundError
        If it cannot be the key of any dataset.
    """
    organization, _, name = key.partition("/")
    if "/" in name or "\0" in key or {organization, name} & {"", ".", ".."}:
        raise DatasetNotFoundError(
            f"{key!r} does not name a dataset.", hint="Write organization/dataset, as in the list."
        )
    return organization, name
