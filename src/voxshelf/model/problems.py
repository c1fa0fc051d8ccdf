"""What can be wrong with a document, as data: :class:`Problem`.

A validation collects every problem, each with its *place*: the path of keys and list positions from the
document's root, as ``("dataLayers", 0, "boundingBox", "width")``.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias

from pydantic import BaseModel, ConfigDict

if TYPE_CHECKING:
    from collections.abc import Iterable

Place: TypeAlias = tuple[str | int, ...]


class Severity(StrEnum):
    """How much a problem matters."""

    ERROR = "error"
    """The value cannot be used."""
    WARNING = "warning"
    """The value is used, but somebody should look at it."""
    INFO = "info"
    """Worth knowing."""


class Problem(BaseModel):
    """One finding of a validation.

    Parameters
    ----------
    place : tuple of str and int
        Path from the document's root to the value; ``()`` is the document itself.
    message : str
        What is wrong there, as a sentence.
    hint : str
        What to do about it, as a sentence.
    severity : Severity
        Default ``error``.
    """

    model_config = ConfigDict(frozen=True)

    place: Place = ()
    message: str
    hint: str = ""
    severity: Severity = Severity.ERROR

    @property
    def where(self) -> str:
        """The place as people write it, ``dataLayers[0].boundingBox.width``."""
        return format_place(self.place)

    def __str__(self) -> str:
        text = f"{self.message} {self.hint}".strip()
        return f"{self.where}: {text}" if self.place else text


def format_place(place: Place) -> str:
    """Write a place as ``dataLayers[0].name``."""
    text = ""
    for part in place:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def errors_among(problems: Iterable[Problem]) -> list[Problem]:
    """Only those problems that make a value unusable."""
    return [problem for problem in problems if problem.severity is Severity.ERROR]
