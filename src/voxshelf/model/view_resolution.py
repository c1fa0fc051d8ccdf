"""How a dataset appears for somebody: the levels merged key by key, each value with its origin.

The hierarchy is built-in ← JSON file ← dataset (Edit View) ← user. It is merged per key, for the dataset and
for each layer: a user who once chose an opacity still gets the zoom that an admin sets later. A value that
cannot be used counts as not set at its level and is reported; missing ones are filled from below.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict

from voxshelf.errors import LayerNotFoundError
from voxshelf.model.data_source import DataSource
from voxshelf.model.elements import Category
from voxshelf.model.named_entries import same_json
from voxshelf.model.problems import Place, Severity, format_place
from voxshelf.model.view_configuration import (
    LayerViewConfiguration,
    Profile,
    ViewConfiguration,
    builtin_layer_view_configuration,
    builtin_view_configuration,
)
from voxshelf.model.view_documents import nested, view_document_of
from voxshelf.model.view_keys import DATASET_KEYS, LAYER_KEYS, plain_json
from voxshelf.model.view_levels import ViewedLayer, read_level
from voxshelf.model.view_problems import ViewLevel, ViewProblem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


class LevelValue(BaseModel):
    """What one level says."""

    model_config = ConfigDict(frozen=True)

    level: ViewLevel
    value: Any


class ResolvedValue(BaseModel):
    """One value in use.

    Parameters
    ----------
    place : tuple of str
        ``("zoom",)``, or ``("layers", name, "alpha")``.
    value : Any
        JSON.
    origin : ViewLevel
        The level that it comes from.
    overridden : tuple of LevelValue
        What the levels below said, the nearest first.
    note : str
        How the value was repaired; empty where it was not.
    """

    model_config = ConfigDict(frozen=True)

    place: Place
    value: Any
    origin: ViewLevel
    overridden: tuple[LevelValue, ...] = ()
    note: str = ""

    def __str__(self) -> str:
        text = f"{self.place[-1]} {_shown(self.value)}: from {self.origin.label}"
        if self.overridden:
            below = self.overridden[0]
            text += f"; overrides {below.level.possessive} {_shown(below.value)}"
        return f"{text} ({self.note})" if self.note else text


class ResolvedViewConfiguration(BaseModel):
    """A complete view configuration that knows where each value comes from.

    Parameters
    ----------
    values : tuple of ResolvedValue
        All values, those of the dataset first, then layer by layer.
    problems : tuple of ViewProblem
        What could not be used, or was repaired, and at which level.
    profile : str
        The era of the built-in defaults.
    layer_names : tuple of str
        The dataset's layers.
    """

    model_config = ConfigDict(frozen=True)

    values: tuple[ResolvedValue, ...]
    problems: tuple[ViewProblem, ...] = ()
    profile: Profile = "current"
    layer_names: tuple[str, ...] = ()

    def value(self, place: Place | str) -> ResolvedValue | None:
        """The value at a place (``"layers.color.alpha"`` or as a tuple); None where nobody set it."""
        wanted = place if isinstance(place, str) else format_place(place)
        return next((value for value in self.values if format_place(value.place) == wanted), None)

    def document(self) -> dict[str, Any]:
        """All values as one JSON object, keys in camelCase."""
        return nested({value.place: value.value for value in self.values})

    def configuration(self) -> ViewConfiguration:
        """All values as a noun."""
        return ViewConfiguration.model_validate(self.document())

    def layer(self, name: str) -> LayerViewConfiguration:
        """One layer's values.

        Raises
        ------
        LayerNotFoundError
            If the dataset has no such layer.
        """
        if name not in self.layer_names:
            known = ", ".join(map(repr, self.layer_names)) or "none"
            raise LayerNotFoundError(f"There is no layer {name!r}.", hint=f"The dataset has: {known}.")
        return (self.configuration().layers or {})[name]

    def explain(self, place: Place | str) -> str:
        """Where the value at a place comes from, what it overrides and what was wrong with it, in words."""
        wanted = place if isinstance(place, str) else format_place(place)
        found = self.value(wanted)
        names = {format_place((key,)) for key in DATASET_KEYS}
        names |= {format_place(("layers", name, key)) for name in self.layer_names for key in LAYER_KEYS}
        if found is not None:
            text = f"{found}."
        elif wanted in names:
            text = f"{wanted}: nobody set it, so the viewer chooses."
        else:
            text = f"{wanted} is no value of this view configuration."
        wrong = [
            f"In {problem.level.label}: {problem.message}"
            for problem in self.problems
            if problem.where == wanted
        ]
        return " ".join([text, *wrong])


def resolve_view(
    source: DataSource | Iterable[ViewedLayer],
    *,
    file: dict[str, Any] | None = None,
    dataset: dict[str, Any] | None = None,
    user: dict[str, Any] | None = None,
    profile: Profile = "current",
) -> ResolvedViewConfiguration:
    """Merge the levels.

    Parameters
    ----------
    source : DataSource or iterable of layers
        Layers that the configuration is for; a data source also brings its own ``file`` level.
    file, dataset, user : dict, optional
        Partial view configurations as stored, JSON in camelCase.
    profile : {"current", "2020"}
        The era of the built-in defaults.

    Returns
    -------
    ResolvedViewConfiguration
        Complete: bad input is reported in its problems and never raises.
    """
    if isinstance(source, DataSource):
        layers = {layer.name: layer for layer in source.layers}
        file = view_document_of(source) if file is None else file
        return _resolved(dict(layers), _stored(file, dataset, user), profile)
    return _resolved({layer.name: layer for layer in source}, _stored(file, dataset, user), profile)


def shortest_view_document(wanted: dict[str, Any], below: ResolvedViewConfiguration) -> dict[str, Any]:
    """What a level must say so that ``wanted`` comes out on top of the levels below it.

    Used to store the current view as a default, and for a user who returns to the view of a lower level.
    A value that the levels below set cannot be unset from above.

    Parameters
    ----------
    wanted : dict
        A view configuration, complete or not.
    below : ResolvedViewConfiguration
        What the levels below give.
    """
    given = {value.place: value.value for value in below.values}
    values = read_level(wanted, ViewLevel.USER).values
    return nested(
        {
            place: value
            for place, value in values.items()
            if place not in given or not same_json(value, given[place])
        }
    )


def _stored(file: Any, dataset: Any, user: Any) -> dict[ViewLevel, Any]:
    return {ViewLevel.FILE: file, ViewLevel.DATASET: dataset, ViewLevel.USER: user}


def _resolved(
    layers: dict[str, ViewedLayer], stored: dict[ViewLevel, Any], profile: Profile
) -> ResolvedViewConfiguration:
    said: dict[Place, list[LevelValue]] = {}
    problems: list[ViewProblem] = []
    for place, value in _builtin(layers, profile).items():
        said[place] = [LevelValue(level=ViewLevel.BUILT_IN, value=value)]
    for level, document in stored.items():
        reading = read_level(document, level, layers)
        problems += reading.problems
        for place, value in reading.values.items():
            said.setdefault(place, []).insert(0, LevelValue(level=level, value=value))
    values = {
        place: ResolvedValue(
            place=place, value=stack[0].value, origin=stack[0].level, overridden=tuple(stack[1:])
        )
        for place, stack in said.items()
    }
    problems += _repair_order(values, layers)
    for name in layers:
        problems += _repair_intensities(values, name)
    ordered = [values[place] for place in sorted(values, key=_rank(list(layers)))]
    return ResolvedViewConfiguration(
        values=tuple(ordered), problems=tuple(problems), profile=profile, layer_names=tuple(layers)
    )


def _builtin(layers: dict[str, ViewedLayer], profile: Profile) -> dict[Place, Any]:
    values: dict[Place, Any] = {
        (key,): value for key, value in plain_json(builtin_view_configuration(profile).document()).items()
    }
    for name, layer in layers.items():
        own = builtin_layer_view_configuration(layer.category, layer.element_class).document()
        values |= {("layers", name, key): value for key, value in plain_json(own).items()}
    return values


def _repair_order(values: dict[Place, ResolvedValue], layers: dict[str, ViewedLayer]) -> list[ViewProblem]:
    """Make ``colorLayerOrder`` name each existing colour layer once."""
    place: Place = ("colorLayerOrder",)
    found = values[place]
    existing = [name for name, layer in layers.items() if layer.category is Category.COLOR]
    named = [name for name in dict.fromkeys(found.value) if name in existing]
    order = named + [name for name in existing if name not in named]
    strangers = [repr(name) for name in dict.fromkeys(found.value) if name not in existing]
    is_set = found.origin is not ViewLevel.BUILT_IN
    note = "completed with the other colour layers" if is_set and order != found.value else ""
    values[place] = found.model_copy(update={"value": order, "note": note})
    if not strangers:
        return []
    message = f"colorLayerOrder names what is no colour layer of this dataset: {', '.join(strangers)}."
    return [_repaired(found, place, message, "That is left out of the order.")]


def _repair_intensities(values: dict[Place, ResolvedValue], layer: str) -> list[ViewProblem]:
    """Drop histogram limits that contradict each other, and keep the intensity range within them."""
    ends = {key: values.get(("layers", layer, key)) for key in ("min", "max")}
    low, high = (None if end is None else end.value for end in ends.values())
    if low is not None and high is not None and low > high:
        strongest = max((end for end in ends.values() if end is not None), key=_strength)
        for key in ends:
            del values["layers", layer, key]
        message = f"The histogram would begin at {low} and end at {high}."
        return [_repaired(strongest, strongest.place, message, "Both limits are ignored.")]
    place: Place = ("layers", layer, "intensityRange")
    found = values.get(place)
    if found is None:
        return []
    clamped = _clamped(found.value, low, high)
    if clamped == found.value:
        return []
    values[place] = found.model_copy(update={"value": clamped, "note": "clamped to min and max"})
    if found.origin is ViewLevel.BUILT_IN:
        return []
    message = f"intensityRange {found.value} reaches out of the histogram's limits."
    return [_repaired(found, place, message, f"It is clamped to {clamped}.")]


def _clamped(wanted: list[float], low: float | None, high: float | None) -> list[float]:
    ends = [end if low is None else max(end, low) for end in wanted]
    ends = [end if high is None else min(end, high) for end in ends]
    # A range that lies outside of the limits would leave one value only: all of the histogram says more.
    if ends[0] == ends[1] and wanted[0] != wanted[1] and low is not None and high is not None:
        return [low, high]
    return ends


def _repaired(value: ResolvedValue, place: Place, message: str, hint: str) -> ViewProblem:
    return ViewProblem(level=value.origin, place=place, message=message, hint=hint, severity=Severity.WARNING)


def _shown(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _strength(value: ResolvedValue) -> int:
    return -len(value.origin.levels_above)


def _rank(names: list[str]) -> Callable[[Place], tuple[int, int]]:
    """Sort places: the dataset's own keys, then layer by layer, each in the reference's order."""
    dataset_keys, layer_keys = list(DATASET_KEYS), list(LAYER_KEYS)

    def rank(place: Place) -> tuple[int, int]:
        if len(place) == 1:
            return (-1, dataset_keys.index(str(place[0])))
        return (names.index(str(place[1])), layer_keys.index(str(place[2])))

    return rank
