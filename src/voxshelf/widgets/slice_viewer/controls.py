"""Controls that show and set traits, and colours as the browser writes them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import ipywidgets as widgets

if TYPE_CHECKING:
    from collections.abc import Callable

WIDE = {"width": "auto", "min_width": "0"}
LABELS = {"description_width": "58px"}


def tie(
    state: Any,
    trait: str,
    control: Any,
    *,
    to: Callable[[Any], Any] = lambda value: value,
    back: Callable[[Any], Any] = lambda value: value,
) -> None:
    """Let a control show and set a trait; a value that did not change goes nowhere."""

    def report(change: Any) -> None:
        value = back(change["new"])
        if not same(value, getattr(state, trait)):
            setattr(state, trait, value)

    control.value = to(getattr(state, trait))
    hear(control, state, lambda change: setattr(control, "value", to(change["new"])), trait)
    control.observe(report, "value")


def hear(widget: Any, source: Any, act: Callable[[Any], None], names: Any) -> None:
    """Let a widget hear of changes of traits, until it is closed by :func:`close_all` or deafened."""
    source.observe(act, names)
    widget.__dict__.setdefault("_heard", []).append((source, act, names))


def same(one: Any, other: Any) -> bool:
    """Whether two values are the same to a person: a browser's sliders answer 24.999999999999996 to 25."""
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-9)
    return bool(one == other)


def small_button(text: str, tooltip: str, act: Callable[[], None], *, width: str = "auto") -> widgets.Button:
    """A button that says in its tooltip what it does."""
    made = widgets.Button(description=text, tooltip=tooltip, layout=widgets.Layout(width=width))
    made.on_click(lambda _: act())
    made.add_class("vxs-small")
    return made


def checkbox(text: str, tooltip: str) -> widgets.Checkbox:
    """A checkbox as wide as there is room."""
    return widgets.Checkbox(
        False, description=text, tooltip=tooltip, indent=False, layout=widgets.Layout(**WIDE)
    )


def percent(text: str) -> widgets.FloatSlider:
    """A slider from 0 to 100."""
    return widgets.FloatSlider(
        0.0,
        min=0,
        max=100,
        step=1,
        readout_format=".0f",
        description=text,
        style=LABELS,
        layout=widgets.Layout(**WIDE),
    )


def close_all(widget: widgets.Widget) -> None:
    """Close a widget with everything in it: widgets that are not closed live as long as the kernel."""
    deafen(widget)
    for child in getattr(widget, "children", ()):
        close_all(child)
    widget.close()


def deafen(widget: widgets.Widget) -> None:
    """Let a widget, with everything in it, hear nothing any more (see :func:`hear`)."""
    for child in getattr(widget, "children", ()):
        deafen(child)
    for source, act, names in widget.__dict__.pop("_heard", []):
        source.unobserve(act, names)


def hex_color(color: Any) -> str:
    """RGB, 0-255, as ``#rrggbb``."""
    return "#" + "".join(f"{round(part):02x}" for part in color)


def rgb(text: str) -> tuple[float, float, float]:
    """``#rrggbb`` as RGB, 0-255."""
    red, green, blue = (float(int(text[start : start + 2], 16)) for start in (1, 3, 5))
    return (red, green, blue)
