"""Where a viewer begins: the default view configurations of a dataset, read leniently.

A broken or unknown key must not keep anybody from seeing data: each key is read on its own, and those that do not
fit are left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel, ValidationError

from voxshelf.model import LayerViewConfiguration, ViewConfiguration

if TYPE_CHECKING:
    from voxshelf.slicing import Readable

_Partial = TypeVar("_Partial", bound=BaseModel)


def opening_configuration(dataset: Any) -> ViewConfiguration:
    """What the dataset's own JSON says about its first appearance, dataset and layers together.

    Parameters
    ----------
    dataset : Dataset
        A handle; one without a data source has no configuration.

    Returns
    -------
    ViewConfiguration
        Partial; values on the layers themselves win over those that the dataset lists for them.
    """
    source = getattr(dataset, "data_source", None)
    raw = dict(getattr(source, "default_view_configuration", None) or {})
    of_layers = raw.pop("layers", None)
    listed = of_layers if isinstance(of_layers, Mapping) else {}
    layers = {}
    for properties in getattr(source, "layers", ()):
        own = properties.default_view_configuration or {}
        there = listed.get(properties.name)
        both = {**(there if isinstance(there, Mapping) else {}), **own}
        layers[properties.name] = lenient(LayerViewConfiguration, both)
    return lenient(ViewConfiguration, raw).model_copy(update={"layers": layers})


def lenient(kind: type[_Partial], raw: Mapping[str, Any]) -> _Partial:
    """Read the keys that fit, leave out the others."""
    fitting: dict[str, Any] = {}
    for key, value in raw.items():
        try:
            kind.model_validate({key: value})
        except ValidationError:
            continue
        fitting[key] = value
    return kind.model_validate(fitting)


def mags_of(layer: Readable) -> tuple[Any, ...]:
    """The layer's mags, whether it lists them or maps them to handles."""
    return tuple(getattr(layer, "mags", ()))
