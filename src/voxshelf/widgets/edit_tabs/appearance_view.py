"""The View configuration tab on screen."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import ipywidgets as widgets

from voxshelf.widgets.drafts import Choice, Panel, SaveBar, close_all
from voxshelf.widgets.edit_tabs.view_exchange import ViewExchange
from voxshelf.widgets.edit_tabs.view_row import ViewRow
from voxshelf.widgets.theme import JsonEditor, escape, json_problem_list

if TYPE_CHECKING:
    from voxshelf.widgets.edit_tabs.appearance import AppearanceSection

_FORM, _JSON = "Form", "JSON"


class AppearanceForm(Panel):
    """How a dataset first appears for everybody, value by value.

    Parameters
    ----------
    section : AppearanceSection
        What is shown and edited.
    """

    def __init__(self, section: AppearanceSection) -> None:
        self._section = section
        self._painting = threading.RLock()
        self._rows: list[ViewRow] = []
        self._layer_rows: list[ViewRow] = []
        self._own = self._make_own()
        self._values = _stack()
        self._layer_values = _stack()
        self._exchange = ViewExchange(section)
        super().__init__(
            [
                self._exchange.top,
                self._own,
                self._values,
                self._make_layers(),
                SaveBar(section),
                self._exchange,
            ]
        )
        self.add_class("vx-stack")
        self.follow(section, ["layer_names", "loaded"], self._build)
        self.follow(section, ["changes", "refusal", "layers_problems", "own_settings"], self._paint)
        self.follow(section, "layers_as_json", self._show_mode)
        self._build()

    def show_viewer(self) -> None:
        """Offer the current view if there is a viewer by now."""
        self._exchange.paint()

    def _make_own(self) -> widgets.Widget:
        self._own_text = widgets.HTML()
        forget = widgets.Button(description="Forget mine", layout=widgets.Layout(width="auto"))
        forget.on_click(lambda _: self._section.forget_own_settings())
        line = widgets.HBox([self._own_text, forget])
        line.add_class("vx-bar")
        line.add_class("vx-note")
        return line

    def _make_layers(self) -> widgets.Widget:
        section = self._section
        self._layer = Choice(lambda _: self._build_layer())
        self._mode = widgets.ToggleButtons(
            options=[_FORM, _JSON],
            tooltips=["One field per value", "All layers as JSON"],
            style=widgets.ToggleButtonsStyle(button_width="64px"),
        )
        self._mode.observe(lambda change: setattr(section, "layers_as_json", change["new"] == _JSON), "value")
        head = widgets.HBox([widgets.HTML("<b>Layer</b>"), self._layer, self._mode])
        head.add_class("vx-bar")
        self._json = JsonEditor(rows=12)
        self.tie(section, "layers_text", self._json)
        self._problems = widgets.HTML()
        self._as_json = widgets.VBox([self._json, self._problems])
        panel = widgets.VBox([head, self._layer_values, self._as_json])
        panel.add_class("vx-panel")
        panel.add_class("vx-stack")
        return panel

    def _build(self) -> None:
        with self._painting:
            section = self._section
            fields = [field for place, field in section.fields.items() if len(place) == 1]
            if len(self._rows) != len(fields):
                self._rows = [ViewRow(field, section) for field in fields]
                self._values.children = tuple(self._rows)
            self._layer.offer_any([(name, name) for name in section.layer_names])
            self._build_layer()
            self._show_mode()

    def _build_layer(self) -> None:
        with self._painting:
            section, old = self._section, self._layer_rows
            chosen = ("layers", self._layer.value)
            fields = [field for place, field in section.fields.items() if place[:2] == chosen]
            self._layer_rows = [ViewRow(field, section) for field in fields]
            self._layer_values.children = tuple(self._layer_rows)
            close_all(old)
            self._paint()

    def _show_mode(self) -> None:
        as_json = self._section.layers_as_json
        self._mode.value = _JSON if as_json else _FORM
        self._layer_values.layout.display = "none" if as_json else None
        self._as_json.layout.display = None if as_json else "none"
        self._layer.disabled = as_json

    def _paint(self) -> None:
        with self._painting:
            section = self._section
            for row in (*self._rows, *self._layer_rows):
                row.paint()
            self._json.mark(section.layers_problems)
            self._problems.value = json_problem_list(section.layers_text, section.layers_problems)
            self._json.disabled = bool(section.refusal) or not section.loaded
            count = section.own_settings
            values = "one value" if count == 1 else f"{count} values"
            self._own_text.value = escape(
                f"Your own settings override {values} of this dataset, for you alone: you see those, not these."
            )
            self._own.layout.display = "flex" if count else "none"


def _stack() -> widgets.VBox:
    stack = widgets.VBox()
    stack.add_class("vx-stack")
    stack.add_class("vx-view-rows")
    return stack
