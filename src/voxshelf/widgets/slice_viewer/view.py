"""How the viewer looks: ``SliceViewer`` lays out figure, controls and layers, and forwards between state and browser."""

from __future__ import annotations

import importlib.util
import warnings
from typing import TYPE_CHECKING, Any

import bqplot
import ipywidgets as widgets

from voxshelf.errors import VoxshelfError
from voxshelf.slicing import Plane
from voxshelf.widgets.slice_viewer.code_lines import segment_code
from voxshelf.widgets.slice_viewer.configuration import SETTINGS, stored_configuration
from voxshelf.widgets.slice_viewer.controls import close_all, deafen, rgb
from voxshelf.widgets.slice_viewer.default_bar import DefaultBar
from voxshelf.widgets.slice_viewer.driver import Driver
from voxshelf.widgets.slice_viewer.followed import FollowedState
from voxshelf.widgets.slice_viewer.histogram_panel import IntensityPanel
from voxshelf.widgets.slice_viewer.layer_panel import LayerPanel
from voxshelf.widgets.slice_viewer.news_line import NewsLine
from voxshelf.widgets.slice_viewer.units import axis_unit

if TYPE_CHECKING:
    from collections.abc import Callable

    from voxshelf.widgets.slice_viewer.state import ViewerState

_MARGIN = {"top": 8, "right": 12, "bottom": 42, "left": 62}
_VIEW_TRAITS = ["plane", "panes", "position", "zoom", "physical", "axes"]
_PANE_PLANES = (Plane.XY, Plane.YZ, Plane.XZ)
_SMALLEST_HEIGHT = 120


class SliceViewer(FollowedState, widgets.HBox):  # type: ignore[misc]  # ipywidgets ships no types
    """Scroll through a dataset, in one plane or in three.

    Wheel or ``f``/``d`` move through slices (with shift ten at a time), dragging or the arrow keys move the picture, a
    click centres, Ctrl + wheel or ``+``/``-`` zoom, ``0`` shows the whole volume, ``1``-``3`` a plane, ``4`` all of them;
    ``.``/``,`` move along a further axis, such as time, and a slider stands there for each.

    Parameters
    ----------
    dataset : Dataset
        What to look at. One that a store opened, ``store["lab/brain"]``, is followed: what changes of it elsewhere
        is taken over, and what the person chooses is remembered.
    configuration : ViewConfiguration, ResolvedViewConfiguration or dict, optional
        How it first appears; default: what its store says, or the dataset's own JSON, else its middle, fitted, with
        automatic contrast.
    height : int
        Height of the picture, or of all panes together, in pixels.
    expression, view
        See :class:`ViewerState`.

    Examples
    --------
    >>> viewer = vx.SliceViewer(vx.open_dataset("path"))    # doctest: +SKIP
    >>> viewer.position = (512, 512, 40); viewer.panes = 4    # doctest: +SKIP
    >>> viewer.box, viewer.read().shape    # doctest: +SKIP
    """

    _parts: tuple[Any, ...] = ()

    def __init__(
        self,
        dataset: Any,
        configuration: Any = None,
        *,
        height: int = 480,
        expression: str | None = None,
        view: Any = None,
    ) -> None:
        _warn_of_broken_brush()
        if configuration is None:
            configuration = stored_configuration(dataset)
        super().__init__(dataset, configuration, expression=expression, view=view)
        self._from_browser = False
        self._turn = 0
        self._height = max(height, _SMALLEST_HEIGHT)
        self._news = NewsLine(self)
        self._build()
        self.layout = widgets.Layout(flex_flow="row wrap", width="100%", overflow="hidden")
        self.add_class("vx-slice-viewer")
        self._connect()
        self._arrange()
        store = getattr(dataset, "store", None)
        if store is not None:
            self.follow(store, dataset.key, seen=configuration)

    def _build(self) -> None:
        """Make everything on screen for the dataset as it is."""
        self._unit = axis_unit(self.bounding_box, self.voxel_size)
        self.panel = IntensityPanel(self)
        self._axes: list[tuple[bqplot.Axis, bqplot.Axis]] = []
        self.figures: list[bqplot.Figure] = []
        self._add_figure()
        self.driver = Driver(
            self.pictures,
            self._acted,
            source=self._source(),
            view=self._own_view(),
            looks=self._looks(),
            settings=self.settings_document(),
            active=self.active,
            axes=self._all_axes(),
            brush=self.panel.brush,
        )
        self._panes = widgets.Box(self.figures)
        self._panes.add_class("vxs-panes")
        self._info = widgets.Box()
        self._info.add_class("vxs-info")
        main = widgets.VBox(
            [self.driver, self._panes], layout=widgets.Layout(flex="1 1 460px", min_width="0")
        )
        main.add_class("vxs-main")
        side = LayerPanel(self, self.panel, DefaultBar(self))
        self.children = (main, side, self._news)
        self._parts = (self.driver, self._panes, self._info, side, main)
        self._connect_driver()

    @property
    def figure(self) -> bqplot.Figure:
        """The bqplot figure of the first pane."""
        return self.figures[0]

    def refresh(self) -> None:
        """Read the slices anew, after the data changed."""
        self.driver.refresh()

    def take_over(self, dataset: Any) -> None:
        """Go on with another handle of the same dataset, after its voxel size, layers or mags changed."""
        with self.lock:
            known, old = set(self.layers.values()), (*self._parts, *self.figures)
            for widget in old:
                deafen(widget)
            super().take_over(dataset)
            for layer in self.layers.values():
                if layer not in known:
                    layer.observe(self._looks_changed)
            self._build()
            self._arrange()
            self.error, self.hover = "", {}  # of the picture that is gone
        for widget in old:
            close_all(widget)

    def close(self) -> None:
        """Close the viewer and everything in it."""
        self.let_go()
        for widget in (*self._parts, *self.figures, self._news):
            close_all(widget)
        super().close()

    # -- laying out -----------------------------------------------------------------------------

    def _add_figure(self) -> None:
        """One more figure with scales of its own; those of the second and third plane are made when they are wanted."""
        x = bqplot.LinearScale(min=0.0, max=1.0, allow_padding=False)
        y = bqplot.LinearScale(min=0.0, max=1.0, reverse=True, allow_padding=False)
        axes = (
            bqplot.Axis(scale=x, label_offset="32px", grid_lines="none"),
            bqplot.Axis(scale=y, side="left", label_offset="48px", grid_lines="none"),
        )
        figure = bqplot.Figure(
            marks=[],
            axes=list(axes),
            fig_margin=_MARGIN,
            min_aspect_ratio=0.01,
            max_aspect_ratio=100,
            display_toolbar=False,
            animation_duration=0,
            layout=widgets.Layout(width="auto", min_width="120px", min_height="60px"),
        )
        figure.add_class("vxs-figure")
        figure.add_class(f"vxs-slot-{len(self.figures)}")
        self._axes.append(axes)
        self.figures.append(figure)

    def _all_axes(self) -> list[Any]:
        return [axis for axes in self._axes for axis in axes]

    def _arrange(self) -> None:
        """Show as many figures as there are panes."""
        with self.lock:
            while len(self.figures) < (3 if self.panes == 4 else 1):
                self._add_figure()
            self.driver.axes = self._all_axes()
            share = self._height // 2 if self.panes == 4 else self._height
            for pane in (*self.figures, self._info):
                pane.layout.height = f"{share}px"
            self._label_axes()
            shown = [*self.figures, self._info] if self.panes == 4 else self.figures[:1]
            if self.panes == 4:
                self._panes.add_class("vxs-four")
            else:
                self._panes.remove_class("vxs-four")
            self._panes.children = shown

    def _source(self) -> dict[str, Any]:
        box, size = self.bounding_box, self.voxel_size
        return {
            "name": self.dataset.name,
            "box": [*box.topleft, *box.size],
            "voxelSize": list(size.factor),
            "voxelSizeNm": list(size.in_nanometers),
            "unit": self._unit.symbol if self.dataset.voxel_size else None,
            "unitsPerVoxel": list(self._unit.per_voxel),
            "margin": _MARGIN,
            "axes": self.axes_document(),
            "empty": _why_empty(self),
        }

    def _looks(self) -> list[dict[str, Any]]:
        return [layer.document() for layer in self.painting_order()]

    def _label_axes(self) -> None:
        unit = self._unit.symbol if self.physical else "voxels"
        for (x, y), plane in zip(self._axes, _PANE_PLANES, strict=False):
            shown = plane if self.panes == 4 else Plane(self.plane)
            x.label = f"{'xyz'[shown.axes[0]]} [{unit}]"
            y.label = f"{'xyz'[shown.axes[1]]} [{unit}]"

    # -- forwarding -----------------------------------------------------------------------------

    def _connect(self) -> None:
        self.observe(self._view_changed, _VIEW_TRAITS)
        self.observe(lambda _: self._label_axes(), ["plane", "physical"])
        self.observe(lambda _: self._arrange(), "panes")
        self.observe(lambda change: setattr(self.driver, "active", change["new"]), "active")
        self.observe(lambda _: self._settings_changed(), list(SETTINGS))
        for layer in self.layers.values():
            layer.observe(self._looks_changed)

    def _connect_driver(self) -> None:
        self.driver.observe(self._browser_moved, "view")
        self.driver.observe(lambda change: setattr(self, "hover", _hover(change["new"])), "hover")
        self.driver.observe(lambda change: setattr(self, "error", change["new"]), "error")

    def _settings_changed(self) -> None:
        with self.lock:
            self.driver.settings = self.settings_document()
        self._looks_changed()  # their order may be another one

    def _looks_changed(self, _change: Any = None) -> None:
        with self.lock:
            self.driver.looks = self._looks()

    def _own_view(self) -> dict[str, Any]:
        """The view as the kernel sends it: ``turn`` counts what was changed here, ``origin`` is nobody's."""
        return {**self.view_document(), "turn": self._turn, "origin": ""}

    def _view_changed(self, _change: Any) -> None:
        with self.lock:
            if not self._from_browser:
                self._turn += 1
                self.driver.view = self._own_view()

    def _browser_moved(self, change: Any) -> None:
        document = change["new"]
        with self.lock:
            if not document["origin"] or change["owner"] is not self.driver:
                return
            if document["turn"] < self._turn:
                # It was sent before the browser heard of a change made here, which wins.
                self.screen = tuple(document["screen"])
                self.driver.view = self._own_view()
                return
            self._from_browser = True
            try:
                as_asked = self.look_from(document)
            finally:
                self._from_browser = False
            if not as_asked:
                self._view_changed(None)

    def _acted(self, message: dict[str, Any]) -> None:
        """The person did something in the browser that needs the kernel."""
        match message.get("k"):
            case "rest":
                self.panel.update_histogram()
            case "copy":
                self._copy(lambda: self.text(str(message.get("what"))))
            case "segment":
                self._segment_chosen(message)

    def _copy(self, text: Callable[[], str]) -> None:
        try:
            self.driver.take_text(text())
        except VoxshelfError as error:
            self.driver.take_text("", problem=str(error))

    def _segment_chosen(self, message: dict[str, Any]) -> None:
        act, name, segment = message["act"], message["layer"], int(message["id"])
        if act == "all":
            self.show_all_segments()
        elif act in ("read", "whole"):
            self._copy(lambda: segment_code(self, name, segment, is_whole=act == "whole"))
        elif act == "isolate":
            self.isolate_segment(name, segment)
        elif act == "hide":
            self.layer(name).hide_segment(segment)
        elif act == "color":
            self.layer(name).color_segment(segment, rgb(message["color"]))


def _hover(found: dict[str, Any]) -> dict[str, Any]:
    """What the browser found under the pointer, with numbers for the texts that carry 64 bits exactly."""
    if not found:
        return {}
    values = {name: _number(text) for name, text in found["values"].items()}
    return {"position": tuple(found["position"]), "values": values}


def _number(text: str) -> Any:
    if text.startswith("("):
        return tuple(_number(part) for part in text.strip("()").split(", "))
    try:
        return int(text)
    except ValueError:
        return float(text)


def _why_empty(state: ViewerState) -> str:
    if not state.layers:
        return "This dataset has no layers yet."
    if state.bounding_box.is_empty:
        return "The layers of this dataset are empty: their bounding boxes hold no voxels."
    return ""


def _warn_of_broken_brush() -> None:
    if importlib.util.find_spec("bqplot_gl") is not None:
        warnings.warn(
            "bqplot-gl is installed: with it, dragging in bqplot's histogram does nothing. Uninstall it, or use the "
            "range slider below the histogram.",
            stacklevel=3,
        )
