"""A layer of a dataset: :class:`Layer`, its properties and its voxels.

Words used here: see :mod:`voxshelf.dataset`. What a layer *is* stands in the dataset's JSON, and setting a
property writes it there at once; what it *holds* lies in its mags' folders.
"""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

import numpy as np

from voxshelf.dataset.coordinates import choose, present
from voxshelf.dataset.mag_folder import channels_of, mag_folder_of
from voxshelf.dataset.mag_view import MagView
from voxshelf.dataset.reporting import asks, reporting
from voxshelf.errors import MagNotFoundError, OutOfRangeError
from voxshelf.model import BoundingBox, Category, ElementClass, Mag

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import dask.array
    import zarr
    from numpy.typing import DTypeLike, NDArray

    from voxshelf.dataset.dataset import Dataset
    from voxshelf.dataset.downsampling import DownsampleMode, Sampling
    from voxshelf.dataset.mag_folder import MagFolder
    from voxshelf.dataset.reporting import Cancel, Progress
    from voxshelf.model import AdditionalAxis, DataFormat, LayerProperties, VoxelSize

__all__ = ["Layer"]


class Layer:
    """A layer; get it with ``dataset["name"]``.

    ``layer[x, y, z]`` reads voxels of the finest mag, at absolute positions in that mag's own grid (Mag-1 voxels,
    unless the layer has no mag 1); see :mod:`voxshelf.dataset.indexing`. Layers with several channels have them
    first, ``(c, x, y, z)``. Layers with additional axes, such as time, show one coordinate of each, at first the first:
    :meth:`at` chooses others. Threads may share a layer.

    Parameters
    ----------
    dataset : Dataset
        The dataset it belongs to.
    name : str
        Its name there.
    at : mapping, optional
        Coordinates on additional axes.
    folders : dict, optional
        Open mags, shared with other coordinates.

    Examples
    --------
    >>> color = vx.open_dataset("l4")["color"]  # doctest: +SKIP
    >>> color[100:356, 200:456, 40].shape  # doctest: +SKIP
    (256, 256)
    """

    __iter__ = None  # without it Python would try layer[0], layer[1], … until an error ends it

    def __init__(
        self,
        dataset: Dataset,
        name: str,
        at: Mapping[str, int] | None = None,
        folders: dict[tuple[Any, ...], MagFolder] | None = None,
    ) -> None:
        self._dataset = dataset
        self._name = name
        self._at = dict(at or {})
        self._folders = {} if folders is None else folders

    def __reduce__(self) -> Any:
        return (_layer_of, (self._dataset, self._name, self._at))

    @property
    def dataset(self) -> Dataset:
        """The dataset it belongs to."""
        return self._dataset

    @property
    def name(self) -> str:
        """Its name in the dataset."""
        return self._name

    @property
    def properties(self) -> LayerProperties:
        """All that the JSON says about it, as a value."""
        return self._dataset.properties_of(self._name)

    @property
    def path(self) -> Path:
        """Its folder; mags may lie elsewhere."""
        return self._dataset.path / self._name

    @property
    def category(self) -> Category:
        """``color`` or ``segmentation``."""
        return self.properties.category

    @property
    def element_class(self) -> ElementClass:
        """The type of one voxel, as the JSON names it."""
        return self.properties.element_class

    @property
    def dtype(self) -> np.dtype[Any]:
        """The numpy type of one value."""
        return np.dtype(self.properties.element_class.dtype)

    @property
    def num_channels(self) -> int:
        """Values per voxel."""
        return channels_of(self.properties)

    @property
    def data_format(self) -> DataFormat:
        """How its voxels are stored."""
        return self.properties.data_format

    @property
    def voxel_size(self) -> VoxelSize | None:
        """The size of one Mag-1 voxel; None where the dataset has no JSON that says it."""
        return self._dataset.voxel_size

    @property
    def mags(self) -> tuple[Mag, ...]:
        """Its mags, from fine to coarse."""
        return tuple(entry.mag for entry in self.properties.mags)

    @property
    def bounding_box(self) -> BoundingBox:
        """Its extent in Mag-1 voxels; setting it changes the JSON, not the voxels."""
        return self.properties.bounding_box

    @bounding_box.setter
    def bounding_box(self, box: BoundingBox) -> None:
        self._dataset.edit_layer(self._name, lambda _: {"bounding_box": box})

    @property
    def largest_segment_id(self) -> int | None:
        """The highest id in use, of a segmentation; None = unknown. Setting it changes the JSON."""
        return self.properties.largest_segment_id

    @largest_segment_id.setter
    def largest_segment_id(self, largest: int | None) -> None:
        self._dataset.edit_layer(self._name, lambda _: {"largest_segment_id": largest})

    @property
    def default_view_configuration(self) -> dict[str, Any] | None:
        """How the layer first appears, raw as in the JSON (a copy); setting it changes the JSON."""
        return copy.deepcopy(self.properties.default_view_configuration)

    @default_view_configuration.setter
    def default_view_configuration(self, configuration: dict[str, Any] | None) -> None:
        value = copy.deepcopy(configuration)
        self._dataset.edit_layer(self._name, lambda _: {"default_view_configuration": value})

    @property
    def additional_axes(self) -> tuple[AdditionalAxis, ...]:
        """Axes besides x, y, z and the channels, in file order; WKW layers have none."""
        return () if self.data_format == "wkw" else self.properties.additional_axes

    @property
    def coordinates(self) -> dict[str, int]:
        """Where the layer is on each of :attr:`additional_axes`; see :meth:`at`."""
        return present(self.additional_axes, self._at)

    def at(self, coordinates: Mapping[str, int] | None = None, /, **more: int) -> Layer:
        """The same layer at other coordinates, ``layer.at(t=3)[x, y, z]``; on axes that are not named it stays.

        Raises :class:`OutOfRangeError` if the layer has no such axis, or the axis no such coordinate.
        """
        axes, title = self.additional_axes, f"Layer {self._name!r}"
        place = {**self._at, **choose(axes, coordinates, title), **choose(axes, more, title)}
        return Layer(self._dataset, self._name, place, self._folders)

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of ``layer[...]``."""
        return self.mag().shape

    @property
    def ndim(self) -> int:
        """3, or 4 with a channel axis."""
        return 3 if self.num_channels == 1 else 4

    def mag(self, mag: Any = None) -> MagView:
        """One mag in its own voxel grid.

        Parameters
        ----------
        mag : Mag, int, str or sequence of 3 ints, optional
            ``2``, ``"2-2-1"``, ``(2, 2, 1)``; by default the finest.

        Raises
        ------
        MagNotFoundError
            If the layer has no such mag.
        """
        properties = self.properties
        if mag is None:
            if not properties.mags:
                raise MagNotFoundError(
                    f"Layer {self._name!r} has no mag.", hint="Write voxels to it first, layer.write(array)."
                )
            mag = min(self.mags)
        try:
            entry = properties.mag(mag)
        except ValueError as error:
            known = ", ".join(map(str, self.mags)) or "none"
            raise MagNotFoundError(str(error), hint=f"Layer {self._name!r} has: {known}.") from error
        folder = mag_folder_of(self._dataset.path, properties, entry)
        opened = self._folders.setdefault(folder.identity, folder)
        return MagView(self, entry.mag, opened.at(self.coordinates))

    def __getitem__(self, key: Any) -> NDArray[Any]:
        return self.mag()[key]

    def __array__(self, dtype: DTypeLike | None = None, copy: bool | None = None) -> NDArray[Any]:  # noqa: FBT001 - numpy's protocol
        return self.mag().__array__(dtype, copy)

    def read(
        self, box: BoundingBox | None = None, mag: Any = None, *, at: Mapping[str, int] | None = None
    ) -> NDArray[Any]:
        """Read a box, inside of the bounding box or not.

        Parameters
        ----------
        box : BoundingBox, optional
            In Mag-1 voxels, widened outward to the mag's grid; by default the layer's bounding box.
        mag : Mag, int, str or sequence of 3 ints, optional
            By default the finest.
        at : mapping, optional
            Coordinates on additional axes, ``{"t": 3}``; see :meth:`at`.

        Returns
        -------
        ndarray
            The mag's voxels, ``(x, y, z)`` or ``(c, x, y, z)``, Fortran order; 0 where nothing is stored.

        Raises
        ------
        OutOfRangeError
            If ``box`` is none, there is not that much memory, or no such coordinate.
        MagNotFoundError
            If the layer has no such mag.
        DamagedDataError
            If a block in the box is damaged; names file and block.
        """
        if box is not None and not isinstance(box, BoundingBox):
            raise OutOfRangeError(
                f"A box is needed, not {type(box).__name__}.",
                hint="Write voxshelf.BoundingBox((x, y, z), (width, height, depth)).",
            )
        view = (self if at is None else self.at(at)).mag(mag)
        inner = (self.bounding_box if box is None else box).in_mag(view.mag)
        return view.read(inner.topleft, inner.size)

    def zarr(self, mag: Any = None) -> zarr.Array[Any]:
        """A mag, by default the finest, as a read-only ``zarr.Array``; see :meth:`MagView.zarr`."""
        return self.mag(mag).zarr()

    def dask(self, mag: Any = None, *, chunk_bytes: int = 64 << 20) -> dask.array.Array:
        """A ``dask.array`` of a mag, by default the finest; see :meth:`MagView.dask`."""
        return self.mag(mag).dask(chunk_bytes=chunk_bytes)

    def write(
        self,
        array: NDArray[Any],
        topleft: Sequence[int] = (0, 0, 0),
        mag: Any = None,
        *,
        progress: Progress = False,
        cancel: Cancel = None,
    ) -> None:
        """Write voxels; the bounding box grows where they lie outside of it, a missing mag is added.

        Coarser mags are not brought up to date: call :meth:`downsample`.

        Parameters
        ----------
        array : ndarray
            ``(x, y, z)`` or ``(c, x, y, z)`` of exactly the layer's type, in the mag's voxels.
        topleft : sequence of 3 ints
            Where its first voxel goes, in Mag-1 voxels; on the mag's grid.
        mag : Mag, int, str or sequence of 3 ints, optional
            By default the finest.
        progress, cancel
            See :mod:`voxshelf.dataset.reporting`.

        Raises
        ------
        ArrayMismatchError
            If type or shape differ; nothing is cast.
        OutOfRangeError
            If ``topleft`` is negative or not on the mag's grid.
        ReadOnlyError
            If the dataset has no JSON yet, or cannot be written.
        """
        from voxshelf.dataset.layer_changes import write_voxels  # noqa: PLC0415 - only for writers

        with reporting(progress, f"write {self._name}") as report:
            write_voxels(self, array, topleft, mag, report=report, cancel=asks(cancel))

    def compress(self, *, progress: Progress = False, cancel: Cancel = None) -> None:
        """Compress all mags in place; a second call, also after a stop, does what is left.

        Raises
        ------
        DamagedDataError
            If a file is damaged; it stays as it is.
        """
        from voxshelf.dataset.layer_changes import compress_mags  # noqa: PLC0415 - only for writers

        compress_mags(self, progress, asks(cancel))

    def downsample(
        self,
        *,
        coarsest: Any = None,
        mode: DownsampleMode | str | None = None,
        sampling: Sampling | str = "anisotropic",
        region: BoundingBox | None = None,
        progress: Progress = False,
        cancel: Cancel = None,
    ) -> None:
        """Make the coarser mags that are missing, each from the one before it.

        Parameters
        ----------
        coarsest : mag, optional
            Where to stop; by default where x and y of the layer are about 100 voxels.
        mode : DownsampleMode or str, optional
            By default ``median`` for colour and ``mode`` for segmentation.
        sampling : Sampling or str
            ``anisotropic`` (voxels become nearer to cubes), ``isotropic`` or ``constant_z``.
        region : BoundingBox, optional
            Instead: bring all existing coarser mags up to date within this part, in Mag-1 voxels.
        progress, cancel
            See :mod:`voxshelf.dataset.reporting`.

        Raises
        ------
        MagNotFoundError
            If the layer has no mag to begin with.
        """
        from voxshelf.dataset.layer_pyramid import build_pyramid, update_pyramid  # noqa: PLC0415 - only for writers

        if region is None:
            build_pyramid(self, coarsest, mode, sampling, progress=progress, cancel=asks(cancel))
            return
        update_pyramid(self, region, mode, progress=progress, cancel=asks(cancel))

    def compute_largest_segment_id(
        self, *, save: bool = False, progress: Progress = False, cancel: Cancel = None
    ) -> int:
        """Look at every voxel of the finest mag, at all coordinates of all axes, for the highest id.

        Parameters
        ----------
        save : bool
            Whether to write it into the JSON.
        progress, cancel
            See :mod:`voxshelf.dataset.reporting`.

        Raises
        ------
        UnsupportedFormatError
            If the layer is no segmentation.
        DamagedDataError
            If a block cannot be read.
        OperationCancelledError
            If ``cancel`` said so.
        """
        from voxshelf.dataset.segment_ids import largest_id_of  # noqa: PLC0415 - rarely needed

        largest = largest_id_of(self, progress=progress, cancel=asks(cancel))
        if save:
            self.largest_segment_id = largest
        return largest

    def __repr__(self) -> str:
        from voxshelf.dataset.representation import layer_text  # noqa: PLC0415 - only for people

        return layer_text(self)

    def _repr_html_(self) -> str:
        from voxshelf.dataset.representation_html import layer_html  # noqa: PLC0415 - only for people

        return layer_html(self)


def _layer_of(dataset: Dataset, name: str, at: dict[str, int]) -> Layer:
    return dataset[name].at(at) if at else dataset[name]
