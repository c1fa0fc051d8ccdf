"""Where a viewer begins: the default view configurations of a dataset, read leniently.

A broken or unknown key must not keep anybody from seeing data: each key is read on its own, and those that do not
fit are left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from voxshelf.model import LayerViewConfiguration, ViewConfiguration

_Partial = TypeVar("_Partial", bound=BaseModel)


def opening_configuration(dataset: Any) -> ViewConfiguration:
    """What the dataset's own JSON says about its first appearance, dataset and layers together.

    Parameters
    ----------
    dataset : Dataset
        A handle whose ``default_view_configuration``, and whose layers', is a raw dict or None.

    Returns
    -------
    ViewConfiguration
        Partial; values on the layers themselves win over those that the dataset lists for them.
    """
    raw = dict(getattr(dataset, "default_view_configuration", None) or {})
    listed = raw.pop("layers", None)
    listed = listed if isinstance(listed, Mapping) else {}
    layers = {}
    for name, layer in dataset.layers.items():
        there = listed.get(name)
        own = getattr(layer, "default_view_configuration", None) or {}
        both = {**(there if isinstance(there, Mapping) else {}), **own}
        layers[name] = lenient(LayerViewConfiguration, both)
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
