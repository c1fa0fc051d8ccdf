"""The intensities of one colour layer: its histogram with a brush, the same as two numbers, gamma, inverted, auto.

Controls show the state and report to it; what else changes the state moves the controls.
"""

from __future__ import annotations

import math
import threading
from typing import TYPE_CHECKING, Any

import bqplot
import ipywidgets as widgets
import numpy as np

from voxshelf.widgets.slice_viewer.controls import LABELS, WIDE, hear, same

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from voxshelf.widgets.slice_viewer.layer_state import LayerState
    from voxshelf.widgets.slice_viewer.state import ViewerState


class IntensityPanel(widgets.VBox):  # type: ignore[misc]  # ipywidgets ships no types
    """Histogram, brush and numbers of the active colour layer.

    Parameters
    ----------
    state : ViewerState
        What is looked at.
    """

    def __init__(self, state: ViewerState) -> None:
        self._state = state
        self._showing_in = 0  # the thread that moves the controls just now: what they report then is no wish
        self._scale = bqplot.LinearScale(min=0.0, max=255.0)
        self.bars = bqplot.Lines(
            x=np.array([0.0, 255.0]),
            y=np.zeros(2),
            scales={"x": self._scale, "y": bqplot.LinearScale(min=0.0)},
            colors=["var(--jp-ui-font-color2, #616161)"],
            fill="bottom",
            fill_opacities=[0.35],
            stroke_width=1,
        )
        self.brush = bqplot.interacts.BrushIntervalSelector(
            scale=self._scale, marks=[], color="var(--jp-brand-color1, #1976d2)"
        )
        self._axis = bqplot.Axis(scale=self._scale, grid_lines="none")
        colors = [name for name, layer in state.layers.items() if layer.is_color]
        wide = widgets.Layout(**WIDE)
        self._choice = widgets.Dropdown(
            options=colors,
            value=state.active or None,
            tooltip="Colour layer",
            layout=widgets.Layout(flex="1 1 0", **WIDE),
        )
        self.range = widgets.FloatRangeSlider(tooltip="Values shown black and white", layout=wide)
        self._gamma = widgets.FloatSlider(
            1.0, min=0.1, max=5.0, step=0.05, description="Gamma", style=LABELS, layout=wide
        )
        self._inverted = widgets.Checkbox(False, description="Inverted", indent=False, layout=wide)
        auto = widgets.Button(
            description="Auto",
            tooltip="Choose the range by the values on screen",
            layout=widgets.Layout(width="56px"),
        )
        auto.on_click(lambda _: self._auto())
        choice = widgets.HBox([self._choice, auto])
        parts = [choice, self._figure(), self.range, self._gamma, self._inverted]
        # A figure that is laid out but hidden would complain in the browser's console.
        super().__init__(parts if colors else [])
        self.add_class("vxs-intensities")
        self._listen(state)

    def _figure(self) -> bqplot.Figure:
        figure = bqplot.Figure(
            marks=[self.bars],
            axes=[self._axis],
            interaction=self.brush,
            fig_margin={"top": 6, "bottom": 24, "left": 12, "right": 16},
            min_aspect_ratio=0.01,
            max_aspect_ratio=100,
            display_toolbar=False,
            animation_duration=0,
            layout=widgets.Layout(width="auto", height="110px", min_width="120px", min_height="60px"),
        )
        figure.add_class("vxs-histogram")
        return figure

    def close(self) -> None:
        """Leave the screen with what is no child; the brush, left open, would keep the viewer for good."""
        for part in (self.brush, self.bars, self._axis, *self.bars.scales.values()):
            part.close()
        super().close()

    def update_histogram(self) -> None:
        """Show how the values on screen are distributed."""
        found = self._state.histogram(self._state.active) if self._state.active else None
        if found is None:
            return
        # Square roots: a peak of background must not press everything else to the ground.
        heights = np.sqrt(found.counts / max(int(found.counts.max()), 1))
        with self.bars.hold_sync():
            self.bars.x = found.centers
            self.bars.y = heights

    def _listen(self, state: ViewerState) -> None:
        self._choice.observe(lambda change: setattr(state, "active", change["new"] or ""), "value")
        hear(self, state, lambda _: self._active_changed(), "active")
        for layer in state.layers.values():
            hear(self, layer, self._layer_changed, ["window", "limits", "gamma", "inverted"])
        self.brush.observe(self._brushed, ["selected", "brushing"])
        self.range.observe(lambda change: self._choose(change["new"]), "value")
        self._gamma.observe(lambda change: self._set("gamma", change["new"]), "value")
        self._inverted.observe(lambda change: self._set("inverted", change["new"]), "value")
        if self._layer is not None:
            self._show_layer(self._layer)

    @property
    def _layer(self) -> LayerState | None:
        return self._state.layers.get(self._state.active)

    def _auto(self) -> None:
        if self._state.active:
            self._state.auto_contrast(self._state.active)
            self.update_histogram()

    def _set(self, name: str, value: Any) -> None:
        layer = self._layer
        if layer is None or self._showing_in == threading.get_ident():
            return
        if not same(value, getattr(layer, name)):
            setattr(layer, name, value)

    def _choose(self, window: Any) -> None:
        """Take over a range that was chosen by hand, in numbers as fine as a hand can choose them."""
        if self._layer is None:
            return
        digits = 0
        if not self._layer.element_class.is_integer:
            digits = 3 - math.floor(math.log10(max(self._scale.max - self._scale.min, 1e-300)))
        low, high = (round(float(edge), digits) for edge in window)
        if self._layer.window != (low, high):
            self._set("window", (low, high))

    def _brushed(self, change: Any) -> None:
        if self._layer is None or (change["name"] == "selected" and not self.brush.brushing):
            return  # the browser answers what it was shown, a little rounded: nobody's wish
        selected = self.brush.selected
        if selected is not None and len(selected) == 2:
            self._choose(selected)
        elif change["name"] == "brushing" and not change["new"] and self._layer.limits is not None:
            self._choose(self._layer.limits)  # a click beside the brush clears it: show everything

    def _layer_changed(self, change: Any) -> None:
        if change["owner"] is self._layer:
            self._show_layer(self._layer)

    def _active_changed(self) -> None:
        if self._layer is not None:
            self._choice.value = self._state.active
            self._show_layer(self._layer)
            self.update_histogram()

    def _show_layer(self, layer: LayerState) -> None:
        limits = layer.limits or layer.window or (0.0, 255.0)
        window = layer.window or limits
        with self._state.lock:
            outer, self._showing_in = self._showing_in, threading.get_ident()
            try:
                self._show_range(limits, window, whole=layer.element_class.is_integer)
                self._gamma.value = layer.gamma
                self._inverted.value = layer.inverted
            finally:
                self._showing_in = outer

    def _show_range(self, limits: tuple[float, float], window: tuple[float, float], *, whole: bool) -> None:
        low, high = min(limits[0], window[0]), max(limits[1], window[1])
        high = high if high > low else low + 1.0
        self._scale.min, self._scale.max = low, high
        self._axis.tick_values = round_numbers(low, high)
        with self.range.hold_trait_notifications():
            self.range.min, self.range.max = low, high
            self.range.step = 1.0 if whole else (high - low) / 1000
            self.range.readout_format = ".0f" if whole else ".4g"
            self.range.value = window
        if not self.brush.brushing:
            self.brush.selected = np.array(window)


def round_numbers(low: float, high: float, most: int = 5) -> NDArray[np.float64]:
    """At most ``most`` round numbers from ``low`` to ``high``, equally spaced; for ticks that do not collide."""
    power = 10.0 ** math.floor(math.log10((high - low) / most))
    step = next(
        factor * power for factor in (1, 2, 2.5, 5, 10, 20) if (high - low) / (factor * power) <= most - 1
    )
    whole = np.arange(math.ceil(low / step), math.floor(high / step) + 1, dtype=np.float64)
    return whole * step
