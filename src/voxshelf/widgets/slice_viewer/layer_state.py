"""How one layer appears in a viewer: ``LayerState``, traits to observe and set; no browser needed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import traitlets

from voxshelf.model import Category, ElementClass, LayerViewConfiguration
from voxshelf.slicing import Look, SegmentChoice, auto_window, value_limits

if TYPE_CHECKING:
    from numpy.typing import NDArray

_DEFAULT_ALPHA = {Category.COLOR: 100.0, Category.SEGMENTATION: 20.0}


class LayerState(traitlets.HasTraits):
    """How one layer appears.

    Parameters
    ----------
    name : str
        The layer's name.
    layer : Layer
        The dataset's handle; voxels are read through it.
    configuration : LayerViewConfiguration, optional
        Values that are set somewhere; the built-in defaults fill the rest.

    Attributes
    ----------
    visible : bool
        Whether it is painted (and read).
    alpha : float
        Opacity, 0-100.
    color : tuple of 3 floats
        RGB, 0-255, of the brightest value; colour layers only.
    window : tuple of 2 floats or None
        The values shown black and fully bright; None until the first slice has been read, which then chooses it.
    limits : tuple of 2 floats or None
        Between which values the window is chosen.
    gamma : float
        Above 1 brightens the middle.
    inverted : bool
        Bright and dark exchanged.
    channel : int
        Which channel is shown where a layer has several and they are not red, green and blue.
    hidden_segments : tuple of ints
        Segments that are not shown.
    selected_segments : tuple of ints
        Segments that somebody chose; with ``selective_segment_visibility`` of the viewer only they are shown.
    segment_colors : dict
        Id → RGB, 0-255, where a segment has not its stable colour.
    """

    visible = traitlets.Bool(True)
    alpha = traitlets.Float(100.0, min=0.0, max=100.0)
    color = traitlets.Tuple(
        traitlets.Float(), traitlets.Float(), traitlets.Float(), default_value=(255.0, 255.0, 255.0)
    )
    window: Any = traitlets.Tuple(traitlets.Float(), traitlets.Float(), allow_none=True, default_value=None)
    limits: Any = traitlets.Tuple(traitlets.Float(), traitlets.Float(), allow_none=True, default_value=None)
    gamma = traitlets.Float(1.0, min=0.0, max=10.0)
    inverted = traitlets.Bool(False)
    channel = traitlets.Int(0, min=0)
    hidden_segments: Any = traitlets.List(traitlets.Int())
    selected_segments: Any = traitlets.List(traitlets.Int())
    segment_colors: Any = traitlets.Dict(key_trait=traitlets.Int())

    def __init__(self, name: str, layer: Any, configuration: LayerViewConfiguration | None = None) -> None:
        super().__init__()
        self.name = name
        self.layer = layer
        self.category = Category(layer.category)
        self.num_channels = int(layer.num_channels)
        self.element_class = ElementClass.from_dtype(layer.dtype, self.num_channels)
        self.configure(configuration or LayerViewConfiguration())

    @property
    def is_rgb(self) -> bool:
        """Whether the channels are red, green and blue."""
        return self.element_class is ElementClass.UINT24

    @property
    def is_color(self) -> bool:
        """Whether brightness, and not an id's colour, is shown."""
        return self.category is Category.COLOR

    def configure(self, given: LayerViewConfiguration) -> None:
        """Take over the values that a configuration sets, defaults for the others."""
        self.visible = not given.is_disabled
        self.alpha = _DEFAULT_ALPHA[self.category] if given.alpha is None else given.alpha
        self.color = given.color or (255.0, 255.0, 255.0)
        self.gamma = 1.0 if given.gamma_correction_value is None else given.gamma_correction_value
        self.inverted = bool(given.is_inverted)
        self.limits = self._limits_of(given)
        self.window = self._window_of(given)

    def change(self, given: LayerViewConfiguration) -> None:
        """Take over the values that a configuration sets; the others stay."""
        if given.is_disabled is not None:
            self.visible = not given.is_disabled
        for trait, value in (
            ("alpha", given.alpha),
            ("color", given.color),
            ("gamma", given.gamma_correction_value),
            ("inverted", given.is_inverted),
        ):
            if value is not None:
                setattr(self, trait, value)
        self.limits = self._limits_of(given) or self.limits
        if given.intensity_range is not None:
            self.window = self._window_of(given)

    def configuration(self) -> LayerViewConfiguration:
        """The present values, as a layer's part of a view configuration."""
        return LayerViewConfiguration(
            color=self.color if self.is_color else None,
            alpha=self.alpha,
            gamma_correction_value=self.gamma if self.is_color else None,
            intensity_range=self.window,
            is_inverted=self.inverted if self.is_color else None,
            is_disabled=not self.visible,
        )

    def look(self, *, pattern: float = 0.0, selective: bool = False) -> Look:
        """The present values, for :func:`voxshelf.slicing.render`."""
        window = self.window or self.limits or (0.0, 255.0)
        only = frozenset(self.selected_segments) if selective else None
        choice = SegmentChoice(frozenset(self.hidden_segments), only, dict(self.segment_colors))
        return Look(self.category, window, self.color, self.alpha, self.gamma, self.inverted, pattern, choice)

    def document(self) -> dict[str, Any]:
        """The present values, for the browser."""
        return {
            "name": self.name,
            "category": str(self.category),
            "visible": self.visible,
            "alpha": self.alpha,
            "color": list(self.color),
            "window": None if self.window is None else list(self.window),
            "gamma": self.gamma,
            "inverted": self.inverted,
            "channel": self.channel,
            # As text: a browser's numbers do not carry 64 bits.
            "hidden": [str(segment) for segment in self.hidden_segments],
            "selected": [str(segment) for segment in self.selected_segments],
            "colors": [[str(segment), list(color)] for segment, color in self.segment_colors.items()],
        }

    def shown_channels(self, voxels: NDArray[Any]) -> NDArray[Any]:
        """Of ``(channels, rows, columns)`` the one to show, all three of RGB; ``(rows, columns)`` as it is."""
        if voxels.ndim == 2 or self.is_rgb:
            return voxels
        chosen: NDArray[Any] = voxels[min(self.channel, voxels.shape[0] - 1)]
        return chosen

    def learn(self, voxels: NDArray[Any], *, again: bool = False) -> None:
        """Choose window and limits by a slice's values, where none are set or ``again`` is asked for."""
        if not self.is_color or (self.window is not None and self.limits is not None and not again):
            return
        found = value_limits(voxels)
        chosen = auto_window(voxels) if self.window is None or again else self.window
        edges = [*found, *(self.limits or ()), *(chosen or ())]
        if found[1] > found[0]:
            self.limits = (min(edges), max(edges))
        if chosen is not None and chosen != self.window:
            self.window = chosen

    def hide_segment(self, segment: int) -> None:
        """Show a segment no more."""
        self.selected_segments = [other for other in self.selected_segments if other != segment]
        self.hidden_segments = _with(self.hidden_segments, segment)

    def select_segment(self, segment: int) -> None:
        """Choose a segment, and show it if it was hidden."""
        self.hidden_segments = [other for other in self.hidden_segments if other != segment]
        self.selected_segments = _with(self.selected_segments, segment)

    def color_segment(self, segment: int, color: tuple[float, float, float] | None) -> None:
        """Give a segment a colour of its own; None gives it its stable one again."""
        colors = {other: own for other, own in self.segment_colors.items() if other != segment}
        self.segment_colors = colors if color is None else {**colors, segment: tuple(map(float, color))}

    def forget_segment(self, segment: int) -> None:
        """Treat a segment like all others again."""
        self.hidden_segments = [other for other in self.hidden_segments if other != segment]
        self.selected_segments = [other for other in self.selected_segments if other != segment]
        self.color_segment(segment, None)

    def _window_of(self, given: LayerViewConfiguration) -> tuple[float, float] | None:
        window = given.intensity_range if self.is_color else None
        if window is not None and self.limits is not None and self._is_full_range(window):
            window = self.limits
        elif window is not None and self._is_full_range(window) and self.element_class.bits > 8:
            window = None  # the full range of 16 bits or floats shows nothing: let the data choose
        return (0.0, 255.0) if window is None and self.is_rgb else window

    def _limits_of(self, given: LayerViewConfiguration) -> tuple[float, float] | None:
        if given.min is not None and given.max is not None and given.min < given.max:
            return (given.min, given.max)
        if self.is_color and self.element_class.bits == 8:
            return (float(self.element_class.value_range[0]), float(self.element_class.value_range[1]))
        return None

    def _is_full_range(self, window: tuple[float, float]) -> bool:
        lowest, highest = self.element_class.value_range
        # Documents round the limits of floats: ±3.4028e38.
        return window[0] <= 0.999 * lowest and window[1] >= 0.999 * highest


def _with(segments: list[int], segment: int) -> list[int]:
    return segments if segment in segments else [*segments, segment]
