"""The rows of the form on screen: a label, the control, where the value came from, and what is wrong with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ipywidgets as widgets
import traitlets

from voxshelf.model import Category, Confidence, LengthUnit, Origin
from voxshelf.widgets.import_form.field_kinds import AXES
from voxshelf.widgets.theme import chip, escape

if TYPE_CHECKING:
    from voxshelf.widgets.import_form.fields import Field

_COMMON_UNITS = (LengthUnit.NANOMETER, LengthUnit.MICROMETER, LengthUnit.MILLIMETER, LengthUnit.ANGSTROM)
_TONES = {Origin.NEEDS_YOU: "warn", Origin.PERSON: "brand"}
_CERTAINTY = {Confidence.LIKELY: "likely", Confidence.GUESS: "a guess", Confidence.UNKNOWN: ""}


def origin_markup(origin: Origin, confidence: Confidence, note: str) -> str:
    """Where a value came from, and how sure it is; the note is shown on hovering and, where it asks, beside."""
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
        # What a folder's name says is plain to see; every other reason for a doubt is worth a line.
        doubtful = field.confidence is not Confidence.CERTAIN and field.origin is not Origin.FOLDER_NAME
        self._origin.value = origin_markup(field.origin, field.confidence, field.note)
        if wrong:
            self.add_class("vx-wrong")
            self._below.value = f'<span class="vx-wrong-text" role="alert">{escape(wrong)}</span>'
        else:
            self.remove_class("vx-wrong")
            self._below.value = (
                f'<span class="vx-hint">{escape(field.note)}</span>' if doubtful and field.note else ""
            )
        self._below.layout.display = None if self._below.value else "none"


def text_control(field: Field, *, placeholder: str = "", width: str = "280px") -> widgets.Widget:
    """A line of text."""
    text = widgets.Text(placeholder=placeholder, continuous_update=True, layout=widgets.Layout(width=width))
    traitlets.link((field, "text"), (text, "value"))
    return text


def category_control(field: Field) -> widgets.Widget:
    """Colour or segmentation."""
    options = [("Color", Category.COLOR.value), ("Segmentation", Category.SEGMENTATION.value)]
    if not field.text:
        options = [("Choose …", ""), *options]
    choice = widgets.Dropdown(options=options, layout=widgets.Layout(width="150px"))
    traitlets.link((field, "text"), (choice, "value"))
    return choice


class VoxelSizeControl(widgets.HBox):  # type: ignore[misc]  # ipywidgets ships no types
    """Three edge lengths and a unit, which together are the field's text.

    Parameters
    ----------
    field : Field
        Its text is ``x, y, z unit``.
    """

    def __init__(self, field: Field) -> None:
        self._field = field
        self._edges = [
            widgets.Text(
                placeholder=axis, continuous_update=True, tooltip=axis, layout=widgets.Layout(width="76px")
            )
            for axis in AXES
        ]
        for axis, edge in zip(AXES, self._edges, strict=True):
            edge.add_class(f"vx-voxel-{axis}")
        units = [*_COMMON_UNITS, *(unit for unit in LengthUnit if unit not in _COMMON_UNITS)]
        self._unit = widgets.Dropdown(
            options=[(f"{unit.value} ({unit.symbol})", unit.value) for unit in units],
            layout=widgets.Layout(width="140px"),
        )
        self._reading = False
        super().__init__([*self._edges, self._unit])
        self.add_class("vx-bar")
        self._read()
        field.observe(lambda _: self._read(), "text")
        for part in (*self._edges, self._unit):
            part.observe(lambda _: self._write(), "value")

    def _written(self) -> str:
        # Many people write 11,24; a comma inside of one number cannot mean anything else.
        edges = [edge.value.strip().replace(",", ".") for edge in self._edges]
        return f"{', '.join(edges)} {self._unit.value}" if any(edges) else ""

    def _write(self) -> None:
        if not self._reading:
            self._field.text = self._written()

    def _read(self) -> None:
        """Follow a text that was set elsewhere; leave alone what the person is typing."""
        if self._field.text == self._written():
            return
        numbers, _, unit = self._field.text.rpartition(" ")
        parts = [part.strip() for part in numbers.split(",")]
        self._reading = True
        try:
            for edge, part in zip(self._edges, [*parts, "", "", ""], strict=False):
                edge.value = part
            if unit in {known.value for known in LengthUnit}:
                self._unit.value = unit
        finally:
            self._reading = False


def fact_markup(facts: Any) -> str:
    """Facts in one flowing line, each with its origin, and on hovering with the reason for it."""
    return " ".join(
        f'<span class="vx-fact" title="{escape(fact.note)}">'
        f'<span class="vx-hint">{escape(fact.label)}</span> {escape(fact.text)} '
        f'<span class="vx-from">{escape(fact.origin.value)}</span></span>'
        for fact in facts
    )
