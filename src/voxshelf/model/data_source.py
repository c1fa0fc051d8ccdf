"""What a dataset is made of: ``DataSource``, its layers and their mags.

These are the nouns behind ``datasource-properties.json``. The JSON's historical forms are read and written
in :mod:`voxshelf.model.documents`; ``other`` holds the keys of the JSON that voxshelf gives no meaning to: they
survive every edit unchanged. What must hold between values is checked in :mod:`voxshelf.model.rules`.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from voxshelf.errors import LayerNotFoundError, MagNotFoundError
from voxshelf.model.axes import AdditionalAxis, AxisOrder
from voxshelf.model.elements import Category, ElementClass
from voxshelf.model.geometry import BoundingBox, Mag
from voxshelf.model.view_documents import rename_layers_in_view
from voxshelf.model.voxel_size import LengthUnit, VoxelSize


class DataFormat(StrEnum):
    """How a layer's voxels are stored."""

    WKW = "wkw"
    ZARR = "zarr"
    ZARR3 = "zarr3"
    N5 = "n5"
    NEUROGLANCER_PRECOMPUTED = "neuroglancerPrecomputed"

    @property
    def is_zarr(self) -> bool:
        """Whether mags are Zarr arrays, of either version of the format."""
        return self in (DataFormat.ZARR, DataFormat.ZARR3)


class _Noun(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class MagProperties(_Noun):
    """One mag of a layer, as the JSON lists it.

    Parameters
    ----------
    mag : Mag
        The factors.
    path : str, optional
        Where the mag lies, if not at ``<layer>/<mag>``; relative paths start at the dataset folder.
    cube_length : int, optional
        WKW only: voxels per cube side; None where the JSON does not say (the header does).
    axis_order : AxisOrder, optional
        Arrays only: which of its dimensions is which axis; None where the JSON does not say.
    channel_index : int, optional
        Arrays only: the channel that the layer shows, or begins with, of an array that has more.
    """

    mag: Mag
    path: str | None = None
    cube_length: Annotated[int, Field(gt=0)] | None = None
    axis_order: AxisOrder | None = None
    channel_index: Annotated[int, Field(ge=0)] | None = None
    other: dict[str, Any] = Field(default_factory=dict)


class LayerProperties(_Noun):
    """One layer, as the JSON describes it.

    Parameters
    ----------
    name : str
        Unique within the dataset; the layer's folder name unless mags have paths.
    category : Category
        ``color`` or ``segmentation``.
    element_class : ElementClass
        The type of one voxel.
    bounding_box : BoundingBox
        The extent in Mag-1 voxels.
    data_format : DataFormat
        How voxels are stored.
    mags : tuple of MagProperties
        From fine to coarse.
    num_channels : int
        Channels per voxel.
    largest_segment_id : int, optional
        The highest id in use; segmentation layers only; None = unknown.
    default_view_configuration : dict, optional
        Partial view configuration of this layer, raw as in the JSON.
    additional_axes : tuple of AdditionalAxis
        Axes besides x, y, z and the channels, in file order.
    """

    name: str
    category: Category
    element_class: ElementClass
    bounding_box: BoundingBox
    data_format: DataFormat = DataFormat.WKW
    mags: tuple[MagProperties, ...] = ()
    num_channels: Annotated[int, Field(ge=1)] = 1
    largest_segment_id: Annotated[int, Field(ge=0)] | None = None
    default_view_configuration: dict[str, Any] | None = None
    additional_axes: tuple[AdditionalAxis, ...] = ()
    other: dict[str, Any] = Field(default_factory=dict)

    def mag(self, mag: Any) -> MagProperties:
        """The properties of one mag.

        Raises
        ------
        MagNotFoundError
            If the layer has no such mag.
        """
        wanted = Mag(mag)
        for candidate in self.mags:
            if candidate.mag == wanted:
                return candidate
        known = ", ".join(str(candidate.mag) for candidate in self.mags) or "none"
        raise MagNotFoundError(f"Layer {self.name!r} has no mag {wanted}.", hint=f"It has: {known}.")


class DataSourceId(_Noun):
    """The informative name of a data source; folder and organization names overrule it."""

    name: str = ""
    team: str = ""
    other: dict[str, Any] = Field(default_factory=dict)


class DataSource(_Noun):
    """A dataset's data: voxel size and layers.

    Parameters
    ----------
    id : DataSourceId
        Informative.
    voxel_size : VoxelSize
        ``scale`` in the JSON.
    layers : tuple of LayerProperties
        ``dataLayers`` in the JSON, in file order.
    default_view_configuration : dict, optional
        Partial view configuration of the dataset, raw as in the JSON.
    """

    id: DataSourceId = DataSourceId()
    voxel_size: VoxelSize
    layers: tuple[LayerProperties, ...]
    default_view_configuration: dict[str, Any] | None = None
    other: dict[str, Any] = Field(default_factory=dict)

    @property
    def bounding_box(self) -> BoundingBox:
        """The union of all layers' boxes, in Mag-1 voxels."""
        box = BoundingBox((0, 0, 0), (0, 0, 0))
        for layer in self.layers:
            box = box.union(layer.bounding_box)
        return box

    def layer(self, name: str) -> LayerProperties:
        """The layer of that name.

        Raises
        ------
        LayerNotFoundError
            If there is none.
        """
        for candidate in self.layers:
            if candidate.name == name:
                return candidate
        known = ", ".join(repr(candidate.name) for candidate in self.layers) or "none"
        raise LayerNotFoundError(f"There is no layer {name!r}.", hint=f"The dataset has: {known}.")

    def with_layer(self, layer: LayerProperties) -> DataSource:
        """A copy in which ``layer`` replaces the layer of its name, or is added at the end."""
        names = [known.name for known in self.layers]
        if layer.name in names:
            layers = tuple(layer if known.name == layer.name else known for known in self.layers)
        else:
            layers = (*self.layers, layer)
        return self.model_copy(update={"layers": layers})

    def without_layer(self, name: str) -> DataSource:
        """A copy without one layer; its voxels stay on the disk.

        Raises
        ------
        LayerNotFoundError
            If there is no such layer.
        """
        gone = self.layer(name)
        return self.model_copy(update={"layers": tuple(layer for layer in self.layers if layer is not gone)})

    def renamed_layer(self, name: str, to: str) -> DataSource:
        """A copy in which a layer is called ``to``; its voxels stay where they are, and its mags say where.

        What the view configuration says about the layer follows it.

        Raises
        ------
        LayerNotFoundError
            If there is no such layer.
        """
        layer = self.layer(name)
        if to == name:
            return self
        mags = tuple(
            entry if entry.path else entry.model_copy(update={"path": f"./{name}/{entry.mag}"})
            for entry in layer.mags
        )
        renamed = layer.model_copy(update={"name": to, "mags": mags})
        layers = tuple(renamed if known is layer else known for known in self.layers)
        view = self.default_view_configuration
        follow = (
            {} if view is None else {"default_view_configuration": rename_layers_in_view(view, {name: to})}
        )
        return self.model_copy(update={"layers": layers, **follow})

    def changed_layer(self, name: str, **values: Any) -> DataSource:
        """A copy in which some properties of a layer are others.

        Parameters
        ----------
        name : str
            The layer.
        **values
            Of :class:`LayerProperties`, by name; a ``bounding_box`` may be given as ``"x,y,z,x_size,y_size,z_size"``.

        Raises
        ------
        LayerNotFoundError
            If there is no such layer.
        ValueError
            If a value cannot be used.
        """
        layer = self.layer(name)
        box = values.get("bounding_box")
        if isinstance(box, str):
            values["bounding_box"] = BoundingBox.parse(box)
        fields = {field: getattr(layer, field) for field in LayerProperties.model_fields}
        return self.with_layer(LayerProperties(**{**fields, **values}))

    def with_voxel_size(self, factor: Any, unit: Any = LengthUnit.NANOMETER) -> DataSource:
        """A copy with another voxel size; ``factor`` are the edges of one voxel, x, y, z, in ``unit``."""
        size = factor if isinstance(factor, VoxelSize) else VoxelSize(factor, LengthUnit.parse(str(unit)))
        return self.model_copy(update={"voxel_size": size})
