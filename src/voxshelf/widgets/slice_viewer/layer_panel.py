"""The list of layers beside the picture: one row per layer, the active one's intensities, what is set for all.

Controls show the state and report to it; what else changes the state moves the controls.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ipywidgets as widgets

from voxshelf.model import BlendMode
from voxshelf.widgets.slice_viewer.controls import (
    LABELS,
    WIDE,
    checkbox,
    hex_color,
    percent,
    rgb,
    small_button,
    tie,
)
from voxshelf.widgets.slice_viewer.segment_panel import SegmentPanel

if TYPE_CHECKING:
    from collections.abc import Callable

    from voxshelf.widgets.slice_viewer.layer_state import LayerState
    from voxshelf.widgets.slice_viewer.state import ViewerState


class LayerRow(widgets.VBox):  # type: ignore[misc]  # ipywidgets ships no types
    """The controls of one layer.

    Parameters
    ----------
    layer : LayerState
        The layer.
    raise_layer : callable, optional
        Brings it one step to the front; without it there is no button for that.
    """

    def __init__(self, layer: LayerState, raise_layer: Callable[[], None] | None = None) -> None:
        kind = f"{layer.category}, {layer.element_class}"
        self.shown = widgets.Checkbox(
            description=layer.name,
            indent=False,
            tooltip=f"Show or hide {layer.name} ({kind})",
            layout=widgets.Layout(flex="1 1 0", **WIDE),
        )
        tie(layer, "visible", self.shown)
        self.alpha = percent("Opacity")
        tie(layer, "alpha", self.alpha)
        head: list[Any] = [self.shown]
        if raise_layer is not None:
            head.append(
                small_button("▲", f"Bring {layer.name} to the front by one", raise_layer, width="30px")
            )
        if layer.is_color:
            self.color = widgets.ColorPicker(
                concise=True, tooltip="Colour", layout=widgets.Layout(width="28px")
            )
            tie(layer, "color", self.color, to=hex_color, back=rgb)
            head.append(self.color)
        super().__init__([widgets.HBox(head), self.alpha, *self._channel(layer)])
        self.add_class("vxs-layer")

    def _channel(self, layer: LayerState) -> list[widgets.Widget]:
        if layer.num_channels == 1 or layer.is_rgb:
            return []
        channel = widgets.BoundedIntText(
            min=0,
            max=layer.num_channels - 1,
            description="Channel",
            style=LABELS,
            layout=widgets.Layout(width="130px"),
        )
        tie(layer, "channel", channel)
        return [channel]


class SettingsPanel(widgets.VBox):  # type: ignore[misc]  # ipywidgets ships no types
    """What is set for all layers together.

    Parameters
    ----------
    state : ViewerState
        What is looked at.
    """

    def __init__(self, state: ViewerState) -> None:
        kinds = [layer.is_color for layer in state.layers.values()]
        parts: list[widgets.Widget] = []

        def add(control: widgets.Widget, trait: str) -> None:
            tie(state, trait, control)
            parts.append(control)

        if kinds.count(True) > 1:
            modes = widgets.Dropdown(
                options=[(f"{mode}: {words}", str(mode)) for mode, words in _MODES.items()],
                description="Blend",
                style=LABELS,
                layout=widgets.Layout(**WIDE),
            )
            add(modes, "blend_mode")
        if False in kinds:
            pattern = percent("Segment pattern")
            pattern.style.description_width = "auto"
            pattern.tooltip = "Stripes inside of segments: how strong they are"
            add(pattern, "segmentation_pattern_opacity")
            only = checkbox("Chosen segments only", "Hide all segments but those chosen")
            add(only, "selective_segment_visibility")
        smooth = checkbox("Smooth between voxels", "Interpolate; segments keep their edges")
        add(smooth, "interpolation")
        black = checkbox("Missing data black", "Show what is not on disk black instead of chequered")
        add(black, "render_missing_data_black")
        super().__init__(parts)
        self.add_class("vxs-settings")


class LayerPanel(widgets.VBox):  # type: ignore[misc]  # ipywidgets ships no types
    """Everything beside the picture.

    Parameters
    ----------
    state : ViewerState
        What is looked at.
    intensities : Widget
        The panel of the active layer's intensities.
    *below : Widget
        What stands at its end.
    """

    def __init__(self, state: ViewerState, intensities: widgets.Widget, *below: widgets.Widget) -> None:
        self._state = state
        several = sum(layer.is_color for layer in state.layers.values()) > 1
        parts: list[widgets.Widget] = []
        for name, layer in state.layers.items():
            act = (lambda name=name: self._raise(name)) if several and layer.is_color else None
            parts.append(LayerRow(layer, act))
            if not layer.is_color:
                parts.append(SegmentPanel(state, layer))
        parts += [intensities, SettingsPanel(state)] if state.layers else [intensities]
        parts += below
        layout = widgets.Layout(flex="0 1 270px", min_width="230px")
        super().__init__(parts, layout=layout)
        self.add_class("vxs-side")

    def _raise(self, name: str) -> None:
        order = [layer.name for layer in reversed(self._state.painting_order()) if layer.is_color]
        at = order.index(name)
        if at > 0:
            order[at - 1 : at + 1] = [name, order[at - 1]]
            self._state.color_layer_order = order


_MODES = {BlendMode.ADDITIVE: "add up", BlendMode.COVER: "front covers back"}
