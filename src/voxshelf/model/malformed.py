"""Saying in plain words what is wrong with the values of a noun, all of it at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeAlias

from pydantic import ValidationError

from voxshelf.errors import InvalidDataSourceError
from voxshelf.model.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydantic_core import ErrorDetails

Names: TypeAlias = Mapping[str, tuple[str, str]]

_AXES = ("x", "y", "z")
_WORDS = {
    "missing": "is missing",
    "greater_than": "must be greater than 0",
    "greater_than_equal": "must be 0 or greater",
    "finite_number": "must be a finite number",
    "float_parsing": "must be a number",
    "float_type": "must be a number",
    "int_parsing": "must be a whole number",
    "int_parsing_size": "must be a smaller number",
    "int_type": "must be a whole number",
    "int_from_float": "must be a whole number",
    "tuple_type": "must be three numbers, x, y, z",
    "too_long": "must be three numbers, x, y, z",
    "enum": "must be one that is known here",
    "extra_forbidden": "is nothing that is known here",
}


@contextmanager
def plainly(what: str, names: Names, hint: str) -> Iterator[None]:
    """Raise in plain words what pydantic finds wrong in the block.

    Parameters
    ----------
    what : str
        What cannot be made of the values, as a sentence.
    names : mapping of str to (str, str)
        What each field is called, and one of its numbers, with ``{axis}`` in it.
    hint : str
        What is right.

    Raises
    ------
    InvalidDataSourceError
        With every problem, each at its field.
    """
    try:
        yield
    except ValidationError as error:
        problems = [_problem(detail, names) for detail in error.errors()]
        raise InvalidDataSourceError(what, hint=hint, problems=problems) from None


def is_sequence(value: object) -> bool:
    """Whether a value may be several numbers; text is not, although it has letters."""
    return isinstance(value, Iterable) and not isinstance(value, str | bytes | Mapping)


def _problem(detail: ErrorDetails, names: Names) -> Problem:
    place = detail["loc"]
    name, part = names.get(str(place[0]), (repr(place[0]), "")) if place else ("The value", "")
    if len(place) > 1 and isinstance(place[1], int) and place[1] < len(_AXES):
        name = part.format(axis=_AXES[place[1]])
    words = _WORDS.get(detail["type"])
    if words is None:
        reason: Any = detail.get("ctx", {}).get("error", detail["msg"])
        return Problem(place=place, message=f"{name}: {reason}")
    got = "" if detail["type"] in ("missing", "extra_forbidden") else f", not {detail['input']!r}"
    return Problem(place=place, message=f"{name} {words}{got}.")
