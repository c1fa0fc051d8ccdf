"""Controls that show and change a field's text."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ipywidgets as widgets
import traitlets

from voxshelf.model import Category, LengthUnit
from voxshelf.widgets.data_fields.field_kinds import AXES, wrong_axes

if TYPE_CHECKING:
    from voxshelf.widgets.data_fields.fields import Field

_COMMON_UNITS = (LengthUnit.NANOMETER, LengthUnit.MICROMETER, LengthUnit.MILLIMETER, LengthUnit.ANGSTROM)


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
        self._follow()
        field.observe(lambda _: self._follow(), "text")
        for part in (*self._edges, self._unit):
            part.observe(lambda _: self._write(), "value")

    def _written(self) -> str:
        # Many people write 11,24; a comma inside of one number cannot mean anything else.
        edges = [edge.value.strip().replace(",", ".") for edge in self._edges]
        return f"{', '.join(edges)} {self._unit.value}" if any(edges) else ""

    def _write(self) -> None:
        if not self._reading:
            self._field.text = self._written()

    def _follow(self) -> None:
        self._read()
        self._mark()

    def _mark(self) -> None:
        """Say which edges are wrong, so that the others are not shown as wrong with them."""
        wrong = wrong_axes(self._field.text)
        _turn_class(self, "vx-parted", on=bool(wrong))
        for axis, edge in zip(AXES, self._edges, strict=True):
            _turn_class(edge, "vx-wrong-part", on=axis in wrong)

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


def _turn_class(widget: widgets.Widget, name: str, *, on: bool) -> None:
    if on:
        widget.add_class(name)
    else:
        widget.remove_class(name)
