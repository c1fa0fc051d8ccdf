"""The rows of the form on screen: a label, the control, where the value came from, and what is wrong with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ipywidgets as widgets

from voxshelf.model import Confidence, Origin
from voxshelf.widgets.theme import chip, escape

if TYPE_CHECKING:
    from voxshelf.widgets.data_fields import Field

_TONES = {Origin.NEEDS_YOU: "warn", Origin.PERSON: "brand"}
_CERTAINTY = {Confidence.LIKELY: "likely", Confidence.GUESS: "a guess", Confidence.UNKNOWN: ""}


def origin_markup(origin: Origin, confidence: Confidence, note: str, *, required: bool = True) -> str:
    """Where a value came from, and how sure it is; the note is shown on hovering and, where it asks, beside."""
    if origin is Origin.NEEDS_YOU and not required:
        return f'<span title="{escape(note)}">{chip("optional")}</span>'
    certainty = _CERTAINTY.get(confidence, "")
    text = f"{origin.value} · {certainty}" if certainty and origin is not Origin.NEEDS_YOU else origin.value
    tone = _TONES.get(origin, "warn" if confidence is Confidence.GUESS else "")
    return f'<span title="{escape(note)}">{chip(text, tone)}</span>'


class FieldRow(widgets.VBox):  # type: ignore[misc]  # ipywidgets ships no types
    """A field: label, control, origin, and a line for what is wrong or what to do.

    Parameters
    ----------
    field : Field
        The value behind it.
    control : Widget
        Shows and changes ``field.text``; made by the functions below.
    """

    def __init__(self, field: Field, control: widgets.Widget) -> None:
        self._field = field
        self._sentence = ""
        self._longest = ""
        self._name = name = widgets.HTML(escape(field.kind.label))
        name.add_class("vx-label")
        self._origin = widgets.HTML()
        self._below = widgets.HTML()
        line = widgets.HBox([name, control, self._origin])
        line.add_class("vx-bar")
        super().__init__([line, self._below])
        self.add_class("vx-field")
        field.observe(lambda _: self._paint(), ["error", "origin", "confidence", "note", "text"])
        self._paint()

    @property
    def required(self) -> bool:
        """Whether nothing can be imported without it."""
        return self._field.kind.required

    def name_layer(self, layer: str) -> None:
        """Say which layer this is about, for a row that stands outside of its layer's box."""
        self._name.value = f"{escape(layer)}<br>{escape(self._field.kind.label)}"

    def complain(self, sentence: str) -> None:
        """Show what a rule between several values says about this one; empty for nothing."""
        self._sentence = "" if self._field.missing else sentence
        self._paint()

    def _paint(self) -> None:
        field = self._field
        wrong = field.error or self._sentence
        self._origin.value = origin_markup(
            field.origin, field.confidence, field.note, required=field.kind.required
        )
        if wrong:
            self.add_class("vx-wrong")
            self._below.value = self._steady(
                f'<span class="vx-wrong-text" role="alert">{escape(wrong)}</span>', wrong
            )
        else:
            self.remove_class("vx-wrong")
            self._below.value = self._hint_markup()
        self._below.layout.display = None if self._below.value else "none"

    def _hint_markup(self) -> str:
        hint, doubt = self._hint(), self._field.doubt
        if len(hint) > len(self._longest):
            self._longest = hint
        warning = f'<span class="vx-doubt" role="alert">{escape(doubt)}</span> ' if doubt else ""
        said = f'<span>{warning}<span class="vx-hint">{escape(hint)}</span></span>' if warning or hint else ""
        return self._steady(said, f"{doubt} {hint}".strip())

    def _steady(self, markup: str, text: str) -> str:
        """``markup`` in as much room as the longest hint took: what is typed must not move what stands below."""
        if len(text) >= len(self._longest):
            return markup
        room = f'<span class="vx-hint" aria-hidden="true">{escape(self._longest)}</span>'
        return f'<div class="vx-steady">{markup}{room}</div>'

    def _hint(self) -> str:
        """What stands in the field, or what its emptiness means, and what there is to doubt about it."""
        field = self._field
        if field.value is None and field.kind.without:
            return field.kind.without
        # What a folder's name says is plain to see; every other reason for a doubt is worth a line.
        doubtful = field.confidence is not Confidence.CERTAIN and field.origin is not Origin.FOLDER_NAME
        note = field.note if doubtful else ""
        # While it is asked for, who knows it is all that counts, and the empty field says what belongs there.
        return note if field.missing and note else f"{field.kind.meaning} {note}".strip()


def fact_markup(facts: Any) -> str:
    """Facts in one flowing line, each with its origin, and on hovering with the reason for it."""
    return " ".join(
        f'<span class="vx-fact" title="{escape(fact.note)}">'
        f'<span class="vx-hint">{escape(fact.label)}</span> {escape(fact.text)} '
        f'<span class="vx-from">{escape(fact.origin.value)}</span></span>'
        for fact in facts
    )
