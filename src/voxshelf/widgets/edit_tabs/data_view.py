"""The Data tab on screen: fields, or the JSON."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import ipywidgets as widgets

from voxshelf.widgets.data_fields import VOXEL_SIZE, VoxelSizeControl
from voxshelf.widgets.drafts import Choice, FormRow, Panel, SaveBar, close_all
from voxshelf.widgets.edit_tabs.layer_box import LayerBox
from voxshelf.widgets.theme import JsonEditor, json_problem_list

if TYPE_CHECKING:
    from voxshelf.widgets.edit_tabs.data import DataSection

_SIMPLE, _ADVANCED = "Simple", "Advanced"


class DataForm(Panel):
    """Voxel size and layers.

    Parameters
    ----------
    section : DataSection
        What is shown and edited.
    """

    def __init__(self, section: DataSection) -> None:
        self._section = section
        self._painting = threading.RLock()
        self._boxes: tuple[LayerBox, ...] = ()
        self._mode = widgets.ToggleButtons(
            options=[_SIMPLE, _ADVANCED],
            tooltips=["One field per value", "The JSON itself"],
            style=widgets.ToggleButtonsStyle(button_width="86px"),
        )
        self._mode.observe(lambda change: self._switch(change["new"]), "value")
        self._voxel_size = FormRow("Voxel size", VoxelSizeControl(section.voxel_size))
        self._layers = widgets.VBox()
        self._layers.add_class("vx-stack")
        self._simple = widgets.VBox([self._voxel_size, self._layers, self._make_adding()])
        self._simple.add_class("vx-stack")
        super().__init__([self._mode, self._simple, self._make_advanced(), SaveBar(section)])
        self.add_class("vx-stack")
        self.follow(section, "layers", self._build)
        self.follow(section, ["changes", "refusal", "advanced", "json_problems"], self._paint)
        self.follow(section.more, ["names", "looking"], self._paint_adding)
        self._build()

    def _make_adding(self) -> widgets.Widget:
        more = self._section.more
        self._look = widgets.Button(
            description="Add layer …",
            icon="plus",
            tooltip="Look for layers in the folder that are not listed here",
            layout=widgets.Layout(width="118px"),
        )
        self._found = Choice()
        self._add = widgets.Button(description="Add", layout=widgets.Layout(width="64px"))
        self._look.on_click(lambda _: more.look())
        self._add.on_click(lambda _: more.add(self._found.value))
        self._tighten = widgets.Button(
            description="Tighten all",
            tooltip="Read all layers and cut off what is 0 all around their data",
            layout=widgets.Layout(width="100px"),
        )
        self._tighten.on_click(lambda _: self._tighten_all())
        line = widgets.HBox([self._look, self._found, self._add, self._tighten])
        line.add_class("vx-bar")
        return line

    def _make_advanced(self) -> widgets.Widget:
        self._json = JsonEditor(rows=22)
        self._problems = widgets.HTML()
        self.tie(self._section, "json_text", self._json)
        self._advanced = widgets.VBox([self._json, self._problems])
        self._advanced.add_class("vx-stack")
        return self._advanced

    def _build(self) -> None:
        with self._painting:
            old = self._boxes
            self._boxes = tuple(LayerBox(layer, self._section) for layer in self._section.layers)
            self._layers.children = self._boxes
            close_all(old)
            self._paint()
            self._paint_adding()

    def _paint(self) -> None:
        with self._painting:
            section = self._section
            refused = bool(section.refusal) or not section.loaded
            wrong = dict(reversed(section.hindrances))
            self._mode.value = _ADVANCED if section.advanced else _SIMPLE
            self._mode.disabled = section.advanced and section.json_blocked
            self._simple.layout.display = "none" if section.advanced else None
            self._advanced.layout.display = None if section.advanced else "none"
            self._voxel_size.mark(edited=section.is_edited("scale"))
            self._voxel_size.say(
                wrong=wrong.get(("scale",), ""),
                doubt=section.voxel_size.doubt,
                hint=(not section.advanced and wrong.get(("dataLayers",))) or VOXEL_SIZE.meaning,
            )
            for part in self._voxel_size.control.children:
                part.disabled = refused
            for box in self._boxes:
                box.paint(wrong, refused=refused)
            self._json.disabled = refused
            self._look.disabled = refused or section.more.looking
            self._tighten.disabled = refused
            self._tighten.layout.display = None if len(self._boxes) > 1 else "none"
            blocked = (
                "The fields can be shown again once these places can be read." if section.json_blocked else ""
            )
            hint = f'<p class="vx-hint">{blocked}</p>' if section.advanced and blocked else ""
            self._json.mark(section.json_problems)
            self._problems.value = json_problem_list(section.json_text, section.json_problems) + hint

    def _paint_adding(self) -> None:
        names = self._section.more.names
        self._found.offer_any([(name, name) for name in names])
        for part in (self._found, self._add):
            part.layout.display = None if names else "none"
        self._look.disabled = bool(self._section.refusal) or self._section.more.looking

    def _tighten_all(self) -> None:
        for box in self._boxes:
            box.controls.bounding_box.start()

    def _switch(self, mode: str) -> None:
        if mode == _ADVANCED:
            self._section.show_advanced()
        else:
            self._section.show_simple()
        self._paint()
