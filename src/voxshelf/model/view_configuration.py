"""How a dataset first appears: ``ViewConfiguration`` (dataset level) and ``LayerViewConfiguration``.

Both may be partial: a value of ``None`` means *not set here*. JSON keys are camelCase. What fills the gaps
are the built-in defaults below; a *profile* names an era of them (``current``, or ``2020`` when
interpolation and black missing data were on).
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from voxshelf.model.elements import Category, ElementClass

Percent = Annotated[float, Field(ge=0, le=100)]
Rgb: TypeAlias = tuple[
    Annotated[float, Field(ge=0, le=255)],
    Annotated[float, Field(ge=0, le=255)],
    Annotated[float, Field(ge=0, le=255)],
]
Vec3: TypeAlias = tuple[float, float, float]
Profile: TypeAlias = Literal["current", "2020"]


class LoadingStrategy(StrEnum):
    """Which mag is fetched first."""

    BEST_QUALITY_FIRST = "BEST_QUALITY_FIRST"
    PROGRESSIVE_QUALITY = "PROGRESSIVE_QUALITY"


class BlendMode(StrEnum):
    """How several colour layers make one picture."""

    ADDITIVE = "Additive"
    COVER = "Cover"


class _Partial(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", alias_generator=to_camel, populate_by_name=True)

    def document(self) -> dict[str, Any]:
        """The set values as JSON, keys in camelCase."""
        return self.model_dump(mode="json", by_alias=True, exclude_none=True)


class MappingReference(_Partial):
    """Names a mapping file of a segmentation layer."""

    name: str
    type: str


class LayerViewConfiguration(_Partial):
    """How one layer appears.

    Parameters
    ----------
    color : tuple of 3 floats
        RGB, 0-255.
    alpha : float
        Opacity in percent.
    gamma_correction_value : float
        0-10; 1 leaves intensities as they are.
    intensity_range : tuple of 2 floats
        The values shown black and fully bright.
    min, max : float
        Limits of the histogram's slider.
    is_disabled, is_inverted, is_in_edit_mode : bool
        Hidden; bright and dark exchanged; slider limits being edited.
    mapping : MappingReference
        Segmentation layers: the mapping that is active.
    """

    color: Rgb | None = None
    alpha: Percent | None = None
    gamma_correction_value: Annotated[float, Field(ge=0, le=10)] | None = None
    intensity_range: tuple[float, float] | None = None
    min: float | None = None
    max: float | None = None
    is_disabled: bool | None = None
    is_inverted: bool | None = None
    is_in_edit_mode: bool | None = None
    mapping: MappingReference | None = None


class ViewConfiguration(_Partial):
    """How a dataset appears.

    Parameters
    ----------
    position : tuple of 3 floats
        Where one begins, in Mag-1 voxels.
    zoom : float
        Mag-1 voxels per screen pixel, at least 0.005.
    rotation : tuple of 3 floats
        Degrees about x, y, z.
    segmentation_pattern_opacity : float
        0-100.
    layers : dict
        Layer name → :class:`LayerViewConfiguration`.
    """

    four_bit: bool | None = None
    interpolation: bool | None = None
    render_missing_data_black: bool | None = None
    loading_strategy: LoadingStrategy | None = None
    segmentation_pattern_opacity: Percent | None = None
    zoom: Annotated[float, Field(ge=0.005)] | None = None
    position: Vec3 | None = None
    rotation: Vec3 | None = None
    blend_mode: BlendMode | None = None
    color_layer_order: tuple[str, ...] | None = None
    natively_rendered_layer_name: str | None = None
    selective_segment_visibility: bool | None = None
    layers: dict[str, LayerViewConfiguration] | None = None


def builtin_view_configuration(profile: Profile = "current") -> ViewConfiguration:
    """The dataset-level values that hold where nobody set any."""
    return ViewConfiguration(
        four_bit=False,
        interpolation=profile == "2020",
        render_missing_data_black=profile == "2020",
        loading_strategy=LoadingStrategy.PROGRESSIVE_QUALITY,
        segmentation_pattern_opacity=40,
        blend_mode=BlendMode.ADDITIVE,
        color_layer_order=(),
        selective_segment_visibility=False,
    )


def builtin_layer_view_configuration(
    category: Category, element_class: ElementClass
) -> LayerViewConfiguration:
    """The layer-level values that hold where nobody set any; the intensity range is the type's full range."""
    is_color = category is Category.COLOR
    return LayerViewConfiguration(
        color=(255, 255, 255),
        alpha=100 if is_color else 20,
        gamma_correction_value=1,
        intensity_range=element_class.value_range if is_color else None,
        is_disabled=False,
        is_inverted=False,
        is_in_edit_mode=False,
    )
