"""The import form on screen: what needs the person first, what was detected below, the picture beside it."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import ipywidgets as widgets
import traitlets

from voxshelf.model import errors_among
from voxshelf.store import Capability
from voxshelf.widgets.data_fields import VoxelSizeControl
from voxshelf.widgets.drafts import close_all
from voxshelf.widgets.import_form.code import import_code
from voxshelf.widgets.import_form.layer_view import LayerView
from voxshelf.widgets.import_form.preview import Preview
from voxshelf.widgets.import_form.preview_view import PreviewView
from voxshelf.widgets.import_form.rows import FieldRow
from voxshelf.widgets.import_form.state import ImportFormState, Stage
from voxshelf.widgets.theme import (
    JsonEditor,
    MessageLine,
    PythonLine,
    escape,
    json_problem_list,
    problem_list,
    stylesheet,
)

if TYPE_CHECKING:
    from voxshelf.store import DatasetStore

_SIMPLE, _ADVANCED = "Simple", "Advanced"


class ImportForm(widgets.VBox):  # type: ignore[misc]  # ipywidgets ships no types
    """Import a dataset that lies in the store's folder.

    Parameters
    ----------
    store : DatasetStore
        Where to import it.
    key : str
        ``organization/name``.

    Attributes
    ----------
    imported : str or None
        The key, once it has been imported; can be observed and linked.
    state : ImportFormState
        The values and what may be done with them, for programs.

    Examples
    --------
    >>> form = ImportForm(store, "lab/brain")             # doctest: +SKIP
    >>> form.state.voxel_size.text = "11.24, 11.24, 28"   # doctest: +SKIP
    >>> form.state.import_now()                           # doctest: +SKIP
    """

    imported = traitlets.Unicode(None, allow_none=True)

    def __init__(self, store: DatasetStore, key: str, *, state: ImportFormState | None = None) -> None:
        self.state = state or ImportFormState(store, key)
        self._painting = threading.RLock()
        self._preview = Preview(self.state)
        self._voxel_size_row: FieldRow | None = None
        self._layer_views: tuple[LayerView, ...] = ()
        self._needs_you = _stack()
        self._asks = widgets.HTML()
        self._detected = _stack()
        self._found = widgets.HTML()
        self._message = MessageLine()
        self._code = PythonLine(store=store)
        self._fields = widgets.VBox([self._needs_you, self._detected])
        self._fields.add_class("vx-form-fields")
        self._fields.add_class("vx-stack")
        self._picture = PreviewView(self._preview)
        self._simple = widgets.HBox([self._fields, self._picture])
        self._simple.add_class("vx-bar")
        self._simple.add_class("vx-form")
        super().__init__(
            [
                stylesheet(),
                self._make_head(key),
                self._simple,
                self._make_advanced(),
                self._found,
                self._make_foot(store),
                self._message,
                self._code,
            ]
        )
        self.add_class("vx-root")
        self.add_class("vx-stack")
        self._follow()

    def close(self) -> None:
        """Stop all work and leave the screen."""
        for view in self._layer_views:
            view.stop()
        self.state.close()
        super().close()
        close_all(self.children)

    # -- layout ------------------------------------------------------------------------------

    def _make_head(self, key: str) -> widgets.Widget:
        title = widgets.HTML(f'Import <span class="vx-key">{escape(key)}</span>')
        title.add_class("vx-title")
        title.add_class("vx-grow")
        self._mode = widgets.ToggleButtons(
            options=[_SIMPLE, _ADVANCED],
            tooltips=["One field per value", "The JSON itself"],
            style=widgets.ToggleButtonsStyle(button_width="86px"),
        )
        self._mode.observe(lambda change: self._switch(change["new"]), "value")
        head = widgets.HBox([title, self._mode])
        head.add_class("vx-bar")
        return head

    def _make_advanced(self) -> widgets.Widget:
        self._json = JsonEditor(rows=22)
        self._json_problems = widgets.HTML()
        traitlets.link((self.state, "json_text"), (self._json, "value"))
        self._advanced = widgets.VBox([self._json, self._json_problems])
        self._advanced.add_class("vx-stack")
        return self._advanced

    def _make_foot(self, store: DatasetStore) -> widgets.Widget:
        self._import = widgets.Button(
            description="Import", button_style="primary", icon="check", layout=widgets.Layout(width="110px")
        )
        self._again = widgets.Button(
            description="Look again",
            tooltip="Look at the folder anew; what was typed here is lost",
            layout=widgets.Layout(width="100px"),
        )
        self._open_points = widgets.HTML()
        self._open_points.add_class("vx-grow")
        self._import.on_click(lambda _: self.state.import_now())
        self._again.on_click(lambda _: self.state.look())
        self._refusal = store.capabilities.why_not(Capability.IMPORT)
        foot = widgets.HBox([self._import, self._again, self._open_points])
        foot.add_class("vx-bar")
        return foot

    def _make_detected_head(self) -> widgets.Widget:
        title = _heading("Detected")
        title.add_class("vx-grow")
        parts = [title]
        if len(self._layer_views) > 1:
            tighten = widgets.Button(
                description="Tighten all",
                tooltip="Read all layers and cut off what is 0 all around their data",
                layout=widgets.Layout(width="100px"),
            )
            tighten.on_click(lambda _: self._tighten_all())
            parts.append(tighten)
        head = widgets.HBox(parts)
        head.add_class("vx-bar")
        return head

    def _tighten_all(self) -> None:
        for view in self._layer_views:
            if view.layer.included:
                view.controls.bounding_box.start()

    # -- from the state to the screen --------------------------------------------------------

    def _follow(self) -> None:
        state = self.state
        traitlets.dlink((state, "imported"), (self, "imported"))
        state.observe(lambda _: self._build(), "fillings")
        state.observe(lambda _: self._paint(), ["stage", "open_points", "json_problems", "json_blocked"])
        state.observe(lambda _: self._show_mode(), ["advanced", "json_blocked"])
        state.observe(lambda _: self._show_code(), ["changes", "stage"])
        state.observe(lambda change: self._message.show(change["new"]), "message")
        self._message.show(state.message)
        self._build()
        self._show_mode()
        self._show_code()
        self._paint()

    def _show_code(self) -> None:
        state = self.state
        self._code.code = import_code(state) if state.layers and not state.open_points else ""

    def _build(self) -> None:
        """Make the rows anew: what needs the person on top, everything else below."""
        with self._painting:
            state = self.state
            size = FieldRow(state.voxel_size, VoxelSizeControl(state.voxel_size))
            self._voxel_size_row = size
            for view in self._layer_views:
                view.stop()
            self._layer_views = tuple(LayerView(layer, state) for layer in state.layers)
            asked = [row for view in self._layer_views for row in view.give_away_open_rows()]
            needs_size = state.voxel_size.proposed.value is None
            self._needs_you.children = (self._asks, *([size] if needs_size else []), *asked)
            detected = ([] if needs_size else [size]) + list(self._layer_views)
            self._detected.children = (self._make_detected_head(), *detected)
            found = problem_list(state.proposal.problems)
            self._found.value = f"<h4>Found in the folder</h4>{found}" if found else ""

    def _paint(self) -> None:
        with self._painting:
            state = self.state
            by_place = dict(state.open_points)
            if self._voxel_size_row is not None:
                self._voxel_size_row.complain(by_place.get(("voxel_size",), ""))
            for view in self._layer_views:
                view.complain(by_place)
            self._paint_needs()
            has_form = bool(state.layers) and state.stage is not Stage.LOOKING
            self._fields.layout.display = None if has_form else "none"
            self._picture.layout.display = None if has_form else "none"
            wrong = errors_among(state.json_problems) if state.advanced else state.open_points
            self._json.mark(state.json_problems)
            self._json_problems.value = json_problem_list(state.json_text, state.json_problems)
            self._import.disabled = bool(wrong or self._refusal) or state.stage is not Stage.READY
            self._again.disabled = state.stage in (Stage.LOOKING, Stage.IMPORTING)
            self._open_points.value = self._what_is_open(len(wrong))

    def _paint_needs(self) -> None:
        """Say above the rows that need the person whether the import waits for them."""
        rows = [row for row in self._needs_you.children[1:] if row.layout.display != "none"]
        waits = any(row.required for row in rows)
        self._needs_you.layout.display = None if rows else "none"
        self._asks.value = f"<h4>{'Needs you' if waits else 'Optional'}</h4>"
        if waits:
            self._needs_you.add_class("vx-needs-you")
        else:
            self._needs_you.remove_class("vx-needs-you")

    def _what_is_open(self, wrong: int) -> str:
        state = self.state
        if self._refusal:
            return f'<span class="vx-hint">{escape(self._refusal)}</span>'
        if state.stage is not Stage.READY or not wrong:
            return ""
        if state.advanced:
            return f'<span class="vx-hint">{_count(wrong, "problem")} in the JSON.</span>'
        first = state.open_points[0][1]
        more = f" … and {_count(wrong - 1, 'more point')}" if wrong > 1 else ""
        return f'<span class="vx-hint">{escape(first)}{more}</span>'

    def _show_mode(self) -> None:
        state = self.state
        self._mode.value = _ADVANCED if state.advanced else _SIMPLE
        self._simple.layout.display = "none" if state.advanced else None
        self._advanced.layout.display = None if state.advanced else "none"
        self._mode.disabled = state.advanced and state.json_blocked

    def _switch(self, mode: str) -> None:
        if mode == _ADVANCED:
            self.state.show_advanced()
        else:
            self.state.show_simple()
        self._show_mode()
        self._paint()


def _stack() -> widgets.VBox:
    stack = widgets.VBox()
    stack.add_class("vx-stack")
    return stack


def _heading(text: str) -> widgets.HTML:
    return widgets.HTML(f"<h4>{escape(text)}</h4>")


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
