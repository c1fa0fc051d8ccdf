"""Places of a view configuration, such as ``("layers", "color", "alpha")``, and the traits of a viewer behind them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic.alias_generators import to_camel

from voxshelf.model import ResolvedViewConfiguration, ViewLevel

if TYPE_CHECKING:
    from collections.abc import Mapping

    from voxshelf.model import Place

LAYER_KEYS = {
    "visible": "isDisabled",
    "alpha": "alpha",
    "color": "color",
    "window": "intensityRange",
    "gamma": "gammaCorrectionValue",
    "inverted": "isInverted",
}
"""Traits of a layer's look, and the keys of a layer's configuration that say them."""


def place_of(trait: str, layer: str | None = None) -> Place:
    """Where a view configuration says what a trait of a viewer, or of one of its layers, holds."""
    return (to_camel(trait),) if layer is None else ("layers", layer, LAYER_KEYS[trait])


def value_at(document: Mapping[str, Any], place: Place) -> Any:
    """What a document says at a place; None where it says nothing."""
    node: Any = document
    for part in place:
        node = node.get(part) if isinstance(node, dict) else None
    return node


def said_values(resolved: ResolvedViewConfiguration | None) -> dict[Place, Any]:
    """All values of a resolved configuration that a viewer minds.

    Intensity ranges that nobody set are left out: the viewer finds better ones than the full range of the type.
    """
    if not isinstance(resolved, ResolvedViewConfiguration):
        return {}
    return {
        value.place: value.value
        for value in resolved.values
        if value.place[-1] != "intensityRange" or value.origin is not ViewLevel.BUILT_IN
    }
