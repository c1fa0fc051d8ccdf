"""One value of a view configuration while it is edited: ``ViewField``. No browser."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import traitlets

from voxshelf.model import LevelValue, ResolvedValue, ValueForm, ViewLevel

if TYPE_CHECKING:
    from voxshelf.model import Place, ViewKey

_WORDS = {"true": True, "false": False}


class ViewField(traitlets.HasTraits):
    """One value.

    Parameters
    ----------
    place : tuple of str
        ``("zoom",)`` or ``("layers", "color", "alpha")``.
    key : ViewKey
        What it means and which values it takes.
    """

    text = traitlets.Unicode("")
    error = traitlets.Unicode("", help="Why the text cannot be used, as a sentence.")
    origin = traitlets.UseEnum(
        ViewLevel, allow_none=True, help="The level it comes from; None: nobody set it."
    )
    note = traitlets.Unicode("", help="What it overrides, and what overrides it, as a sentence.")
    inherited = traitlets.Unicode("", help="What holds where the dataset says nothing, as text.")
    is_set = traitlets.Bool(False, help="Whether the dataset (Edit View) says it.")

    def __init__(self, place: Place, key: ViewKey) -> None:
        super().__init__()
        self.place = place
        self.key = key

    def read(self) -> Any:
        """What the text means, as JSON; None where it is empty.

        Raises
        ------
        ValueError
            With a sentence, if this key cannot have it.
        """
        plain = self.text.strip()
        return self.key.check(_parsed(plain, self.key)) if plain else None

    def show(
        self, resolved: ResolvedValue | None, below: ResolvedValue | None, *, is_set: bool, rewrite: bool
    ) -> None:
        """Show a value with its origin; ``rewrite``: also replace what was typed."""
        self.is_set = is_set
        self.origin = None if resolved is None else resolved.origin
        self.inherited = "" if below is None else written(below.value, self.key)
        self.note = _note(resolved, self.key)
        if rewrite:
            self.text = "" if resolved is None else written(resolved.value, self.key)
            self.error = ""


def written(value: Any, key: ViewKey) -> str:
    """A value as it is typed."""
    if key.form is ValueForm.NUMBERS:
        return ", ".join(_number(part) for part in value)
    if key.form is ValueForm.NUMBER:
        return _number(value)
    if key.form is ValueForm.NAMES and not any("," in name or name != name.strip() for name in value):
        return ", ".join(value)
    if isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False)


def _parsed(text: str, key: ViewKey) -> Any:
    """What a text means; where it means nothing, the text itself, for the check to complain about."""
    match key.form:
        case ValueForm.SWITCH:
            meaning: Any = _WORDS.get(text.lower(), text)
        case ValueForm.NUMBER:
            meaning = _as_number(text)
        case ValueForm.NUMBERS:
            meaning = [_as_number(part.strip()) for part in text.strip("[]").split(",")]
        case ValueForm.NAMES if not text.startswith("["):
            meaning = [name.strip() for name in text.split(",") if name.strip()]
        case ValueForm.NAMES | ValueForm.MAPPING:
            meaning = _as_json(text)
        case _:
            meaning = text
    return meaning


def _as_json(text: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        return text


def _as_number(text: str) -> Any:
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text


def _number(value: Any) -> str:
    return f"{value:.15g}" if isinstance(value, float) else str(value)


def _note(resolved: ResolvedValue | None, key: ViewKey) -> str:
    if resolved is None:
        return "Nobody set it: the viewer chooses."
    if resolved.overridden:
        nearest: LevelValue = resolved.overridden[0]
        return f"Overrides {nearest.level.possessive} {written(nearest.value, key)}."
    return resolved.note
