"""Every key of a view configuration: what it means, which values it takes, what holds where nobody set it.

:func:`view_reference` is the table that forms, help texts and checks are made of.
"""

from __future__ import annotations

import math
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from voxshelf.model.elements import Category, ElementClass
from voxshelf.model.view_configuration import (
    BlendMode,
    LoadingStrategy,
    Profile,
    builtin_layer_view_configuration,
    builtin_view_configuration,
)


class ValueForm(StrEnum):
    """What kind of value a key takes, and so which control shows it."""

    SWITCH = "true or false"
    NUMBER = "a number"
    NUMBERS = "a list of numbers"
    CHOICE = "one of a few words"
    NAME = "a layer's name"
    NAMES = "a list of layer names"
    MAPPING = '{"name": …, "type": …}'
    LAYERS = "an object, layer name → its configuration"


class ViewKey(BaseModel):
    """One key.

    Parameters
    ----------
    key : str
        As the JSON has it.
    level : {"dataset", "layer"}
        Where it stands.
    title, meaning : str
        For a form's label and its help.
    form : ValueForm
        Which kind of value.
    default : Any
        The built-in JSON value; None = unset until somebody sets it.
    length : int, optional
        How many numbers.
    minimum, maximum : float, optional
        Limits of the number, or of each number; both are allowed values.
    choices : tuple of str
        The words to choose from.
    category : Category, optional
        The only category of layers that it has a meaning for.
    """

    model_config = ConfigDict(frozen=True)

    key: str
    level: Literal["dataset", "layer"]
    title: str
    meaning: str
    form: ValueForm
    default: Any = None
    length: int | None = None
    minimum: float | None = None
    maximum: float | None = None
    choices: tuple[str, ...] = ()
    category: Category | None = None

    @property
    def range(self) -> str:
        """The allowed values in words, such as ``a number from 0 to 100``."""
        if self.form is ValueForm.CHOICE:
            return " or ".join(f'"{choice}"' for choice in self.choices)
        words = str(self.form)
        if self.length is not None:
            words = f"{self.length} numbers"
        if self.minimum is not None:
            least = f"{self.minimum:g}"
            words += f" of {least} or more" if self.maximum is None else f" from {least} to {self.maximum:g}"
        return words

    @property
    def json_schema(self) -> dict[str, Any]:
        """The key as a fragment of JSON Schema."""
        limits = {"minimum": self.minimum, "maximum": self.maximum}
        number = {"type": "number"} | {name: limit for name, limit in limits.items() if limit is not None}
        text = {"type": "string"}
        forms: dict[ValueForm, dict[str, Any]] = {
            ValueForm.SWITCH: {"type": "boolean"},
            ValueForm.NUMBER: number,
            ValueForm.NUMBERS: {
                "type": "array",
                "items": number,
                "minItems": self.length,
                "maxItems": self.length,
            },
            ValueForm.CHOICE: {"enum": list(self.choices)},
            ValueForm.NAME: text,
            ValueForm.NAMES: {"type": "array", "items": text},
            ValueForm.MAPPING: {
                "type": "object",
                "properties": {"name": text, "type": text},
                "required": ["name", "type"],
            },
            ValueForm.LAYERS: {"type": "object", "additionalProperties": {"type": "object"}},
        }
        fragment = forms[self.form] | {"title": self.title, "description": self.meaning}
        return fragment if self.default is None else fragment | {"default": self.default}

    def check(self, value: Any) -> Any:
        """The value as plain JSON.

        Raises
        ------
        ValueError
            If this key cannot have it; the message is a sentence.
        """
        plain = list(value) if isinstance(value, tuple) else value
        if not self._fits(plain):
            raise ValueError(f"{self.key} must be {self.range}, but is {value!r}.")
        if self.key == "intensityRange" and plain[0] > plain[1]:
            raise ValueError(f"{self.key} must begin with its smaller number, but is {value!r}.")
        return plain

    def _fits(self, value: Any) -> bool:
        if isinstance(value, list):
            return self._fits_list(value)
        match self.form:
            case ValueForm.SWITCH:
                return isinstance(value, bool)
            case ValueForm.NUMBER:
                return self._is_within(value)
            case ValueForm.CHOICE | ValueForm.NAME:
                return _is_text(value) and value in (self.choices or (value,))
            case ValueForm.MAPPING:
                parts = value if isinstance(value, dict) else {}
                return parts.keys() == {"name", "type"} and all(map(_is_text, parts.values()))
        return self.form is ValueForm.LAYERS and isinstance(value, dict)

    def _fits_list(self, value: list[Any]) -> bool:
        if self.form is ValueForm.NUMBERS:
            return len(value) == self.length and all(map(self._is_within, value))
        return self.form is ValueForm.NAMES and all(map(_is_text, value))

    def _is_within(self, value: Any) -> bool:
        if isinstance(value, bool) or not isinstance(value, int | float):
            return False
        # A whole number too large for a float is as unusable as an infinite one.
        if (isinstance(value, int) and abs(value) >= 2**1023) or not math.isfinite(value):
            return False
        above = self.minimum is None or value >= self.minimum
        return above and (self.maximum is None or value <= self.maximum)


def _is_text(value: Any) -> bool:
    """Whether it is a text that can be written down again: JSON may hold half of a surrogate pair."""
    return isinstance(value, str) and not any("\ud800" <= character <= "\udfff" for character in value)


def view_reference(
    profile: Profile = "current",
    *,
    category: Category = Category.COLOR,
    element_class: ElementClass = ElementClass.UINT8,
) -> tuple[ViewKey, ...]:
    """The table of all keys: those of the dataset first, then those of a layer.

    Parameters
    ----------
    profile : str
        The era whose built-in defaults are shown.
    category, element_class
        The layer whose defaults are shown.
    """
    defaults = plain_json(builtin_view_configuration(profile).document())
    layer_defaults = plain_json(builtin_layer_view_configuration(category, element_class).document())
    return tuple(
        key.model_copy(
            update={"default": (defaults if key.level == "dataset" else layer_defaults).get(key.key)}
        )
        for key in (*DATASET_KEYS.values(), *LAYER_KEYS.values())
    )


def plain_json(value: Any) -> Any:
    """JSON with whole numbers written as such: 40, not 40.0."""
    if isinstance(value, dict):
        return {key: plain_json(part) for key, part in value.items()}
    if isinstance(value, list):
        return [plain_json(part) for part in value]
    return int(value) if isinstance(value, float) and value.is_integer() and abs(value) < 2**53 else value


def _key(
    level: Literal["dataset", "layer"], key: str, title: str, meaning: str, form: ValueForm, **more: Any
) -> ViewKey:
    return ViewKey(key=key, level=level, title=title, meaning=meaning, form=form, **more)


_SWITCH, _NUMBER, _NUMBERS = ValueForm.SWITCH, ValueForm.NUMBER, ValueForm.NUMBERS

# fmt: off
DATASET_KEYS = MappingProxyType({key.key: key for key in (
    _key("dataset", "position", "Position", "Where one begins, in Mag-1 voxels (x, y, z).", _NUMBERS, length=3),
    _key("dataset", "zoom", "Zoom", "Mag-1 voxels per screen pixel.", _NUMBER, minimum=0.005),
    _key("dataset", "rotation", "Rotation", "Degrees about x, y and z.", _NUMBERS, length=3),
    _key("dataset", "interpolation", "Interpolation", "Smooth between voxels instead of showing their edges.", _SWITCH),
    _key("dataset", "fourBit", "4 bit", "Fetch colour with fewer shades, for slow connections.", _SWITCH),
    _key("dataset", "renderMissingDataBlack", "Missing data black", "Show what is not on disk black instead of in a coarser mag.", _SWITCH),
    _key("dataset", "loadingStrategy", "Loading strategy", "Which mag is fetched first.", ValueForm.CHOICE, choices=tuple(LoadingStrategy)),
    _key("dataset", "segmentationPatternOpacity", "Segmentation pattern opacity", "Opacity of the patterns inside of segments, in percent.", _NUMBER, minimum=0, maximum=100),
    _key("dataset", "selectiveSegmentVisibility", "Selected segments only", "Hide all segments but those chosen.", _SWITCH),
    _key("dataset", "blendMode", "Blend mode", "How several colour layers make one picture.", ValueForm.CHOICE, choices=tuple(BlendMode)),
    _key("dataset", "colorLayerOrder", "Order of colour layers", "From the front to the back; layers that are not named follow.", ValueForm.NAMES),
    _key("dataset", "nativelyRenderedLayerName", "Layer without transformation", "The layer to which all others are aligned.", ValueForm.NAME),
    _key("dataset", "layers", "Layers", "The configuration of each layer.", ValueForm.LAYERS),
)})
"""Keys of the dataset, by name."""

FIRST_APPEARANCE = frozenset({"position", "zoom", "rotation"})
"""Keys that say where one begins: they move nobody who looks already."""

LAYER_KEYS = MappingProxyType({key.key: key for key in (
    _key("layer", "color", "Colour", "Red, green and blue.", _NUMBERS, length=3, minimum=0, maximum=255),
    _key("layer", "alpha", "Opacity", "In percent.", _NUMBER, minimum=0, maximum=100),
    _key("layer", "gammaCorrectionValue", "Gamma", "1 leaves intensities as they are.", _NUMBER, minimum=0, maximum=10),
    _key("layer", "intensityRange", "Intensity range", "The values shown black and fully bright.", _NUMBERS, length=2, category=Category.COLOR),
    _key("layer", "min", "Histogram minimum", "Where the slider of the intensity range begins.", _NUMBER),
    _key("layer", "max", "Histogram maximum", "Where the slider of the intensity range ends.", _NUMBER),
    _key("layer", "isDisabled", "Hidden", "Not shown, and not fetched.", _SWITCH),
    _key("layer", "isInverted", "Inverted", "Bright and dark exchanged.", _SWITCH),
    _key("layer", "isInEditMode", "Histogram being edited", "The slider's limits can be changed.", _SWITCH),
    _key("layer", "mapping", "Mapping", "The mapping that joins segments.", ValueForm.MAPPING, category=Category.SEGMENTATION),
)})
"""Keys of a layer, by name."""
# fmt: on
