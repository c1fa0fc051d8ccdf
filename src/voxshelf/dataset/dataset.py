"""A dataset in a folder: :class:`Dataset`, its layers, and what its JSON says.

Words used here: the dataset's *JSON* is its ``datasource-properties.json``. A folder without one can be read as it
stands: its layers are what the headers tell, and nobody knows its voxel size. Changes go to the JSON at once,
on top of what stands there at that moment, so several processes may change different things.
"""

from __future__ import annotations

import copy
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from voxshelf.dataset.layer import Layer
from voxshelf.dataset.properties_file import read_properties, save_properties
from voxshelf.errors import EditConflict, LayerNotFoundError, ReadOnlyError
from voxshelf.model import BoundingBox, DataSource, LayerProperties

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import DTypeLike

    from voxshelf.dataset.reporting import Cancel, Progress
    from voxshelf.model import Category, VoxelSize

__all__ = ["Dataset"]

_ATTEMPTS = 100


@dataclass(frozen=True, slots=True)
class _Layers(Mapping[str, Layer]):
    """The layers by name, in file order; reads like a dict, and shows what is there now."""

    dataset: Dataset

    def __getitem__(self, name: str) -> Layer:
        return self.dataset[name]

    def __iter__(self) -> Iterator[str]:
        return iter([entry.name for entry in self.dataset.layer_properties])

    def __len__(self) -> int:
        return len(self.dataset.layer_properties)

    def __repr__(self) -> str:
        return f"{{{', '.join(f'{name!r}: …' for name in self)}}}"


class Dataset:
    """A dataset; get one with :func:`open_dataset` or :func:`create_dataset`.

    ``dataset["color"]`` is a :class:`Layer`. Opening reads the JSON only; threads may share a dataset.

    Parameters
    ----------
    path : Path
        Its folder.
    data_source : DataSource or None
        What its JSON says; None where there is none.
    found_layers : sequence of LayerProperties
        Without a JSON: the layers that lie in the folder.
    """

    def __init__(
        self, path: Path, data_source: DataSource | None, found_layers: tuple[LayerProperties, ...] = ()
    ) -> None:
        self._path = path
        self._data_source = data_source
        self._found_layers = found_layers
        self._handles: dict[str, Layer] = {}
        self._lock = threading.RLock()

    def __reduce__(self) -> Any:
        from voxshelf.dataset.opening import open_dataset  # noqa: PLC0415 - opening makes datasets

        return (open_dataset, (str(self._path),))

    @property
    def path(self) -> Path:
        """Its folder."""
        return self._path

    @property
    def name(self) -> str:
        """Its folder's name; the name in the JSON is informative, ``data_source.id.name``."""
        return self._path.name

    @property
    def data_source(self) -> DataSource | None:
        """All that the JSON says, as a value; None where there is no JSON."""
        return self._data_source

    @property
    def voxel_size(self) -> VoxelSize | None:
        """The size of one Mag-1 voxel; None where no JSON says it. Setting it changes the JSON."""
        return None if self._data_source is None else self._data_source.voxel_size

    @voxel_size.setter
    def voxel_size(self, voxel_size: VoxelSize) -> None:
        self.edit(lambda data_source: data_source.model_copy(update={"voxel_size": voxel_size}))

    @property
    def default_view_configuration(self) -> dict[str, Any] | None:
        """How the dataset first appears, raw as in the JSON (a copy); setting it changes the JSON."""
        if self._data_source is None:
            return None
        return copy.deepcopy(self._data_source.default_view_configuration)

    @default_view_configuration.setter
    def default_view_configuration(self, configuration: dict[str, Any] | None) -> None:
        update = {"default_view_configuration": copy.deepcopy(configuration)}
        self.edit(lambda data_source: data_source.model_copy(update=update))

    @property
    def layer_properties(self) -> tuple[LayerProperties, ...]:
        """The layers as values, in file order."""
        return self._found_layers if self._data_source is None else self._data_source.layers

    @property
    def layers(self) -> Mapping[str, Layer]:
        """The layers by name, in file order."""
        return _Layers(self)

    @property
    def bounding_box(self) -> BoundingBox:
        """The union of all layers' boxes, in Mag-1 voxels."""
        box = BoundingBox((0, 0, 0), (0, 0, 0))
        for entry in self.layer_properties:
            box = box.union(entry.bounding_box)
        return box

    def __getitem__(self, name: str) -> Layer:
        self.properties_of(name)
        with self._lock:
            return self._handles.setdefault(name, Layer(self, name))

    def __contains__(self, name: object) -> bool:
        return any(entry.name == name for entry in self.layer_properties)

    def __iter__(self) -> Iterator[str]:
        return iter(self.layers)

    def __len__(self) -> int:
        return len(self.layer_properties)

    def properties_of(self, name: str) -> LayerProperties:
        """A layer as a value.

        Raises
        ------
        LayerNotFoundError
            If the dataset has no such layer.
        """
        for entry in self.layer_properties:
            if entry.name == name:
                return entry
        known = ", ".join(repr(entry.name) for entry in self.layer_properties) or "none"
        raise LayerNotFoundError(f"{self.name!r} has no layer {name!r}.", hint=f"It has: {known}.")

    def refresh(self) -> None:
        """Read the JSON again, for changes that others made.

        Raises
        ------
        InvalidDataSourceError
            If it is broken by now; the dataset stays as it was.
        """
        with self._lock:
            if self._data_source is not None:
                self._data_source = read_properties(self._path).data_source()

    def edit(self, change: Callable[[DataSource], DataSource]) -> None:
        """Change what the JSON says, atomically.

        Parameters
        ----------
        change : callable
            Gets what the JSON says now and returns what it shall say; called again if somebody else changed
            the file in between.

        Raises
        ------
        InvalidDataSourceError
            If the result breaks a rule; nothing is written.
        ReadOnlyError
            If there is no JSON, or it cannot be written.
        """
        self.require_writable()
        with self._lock:
            for _ in range(_ATTEMPTS):
                found = read_properties(self._path)
                changed = change(found.data_source())
                try:
                    saved = save_properties(self._path, changed, expected=found)
                except EditConflict:
                    continue
                self._data_source = saved.data_source()
                return
        raise EditConflict(
            f"The JSON of {self.name!r} changed {_ATTEMPTS} times while it was to be written.",
            hint="Find out which program writes it all the time, then try again.",
        )

    def edit_layer(self, name: str, change: Callable[[LayerProperties], dict[str, Any]]) -> None:
        """Change some properties of one layer, atomically.

        Parameters
        ----------
        name : str
            The layer.
        change : callable
            Gets the layer as it is now and returns the properties to set; none of them, and nothing is done.
        """

        def changed(data_source: DataSource) -> DataSource:
            layer = data_source.layer(name)
            return data_source.with_layer(layer.model_copy(update=change(layer)))

        self.edit(changed)

    def add_layer(  # noqa: PLR0913 - what a layer is made of, by name
        self,
        name: str,
        *,
        category: Category | str,
        dtype: DTypeLike,
        num_channels: int = 1,
        block_len: int = 32,
        file_len: int = 32,
        compress: bool = True,
        mag: Any = 1,
        largest_segment_id: int | None = None,
    ) -> Layer:
        """Add an empty layer; :meth:`Layer.write` fills it.

        Parameters
        ----------
        name : str
            Becomes a folder's name.
        category : Category or str
            ``color`` or ``segmentation``.
        dtype : numpy type
            Of one value.
        num_channels : int
            Values per voxel; 3 of uint8 are RGB.
        block_len, file_len : int
            WKW's sides: voxels per block, blocks per file; powers of two.
        compress : bool
            Whether files are written compressed (LZ4) or raw.
        mag : Mag, int, str or sequence of 3 ints
            The finest mag.
        largest_segment_id : int, optional
            Of a segmentation.

        Raises
        ------
        NameTakenError
            If there is such a layer or folder.
        InvalidDataSourceError, UnsupportedFormatError
            If the layer cannot be so; nothing is made.
        ReadOnlyError
            If the dataset has no JSON, or cannot be written.
        """
        from voxshelf.dataset.layer_changes import NewLayer, add_layer  # noqa: PLC0415 - only for writers

        self.require_writable()
        new = NewLayer(name, category, dtype, num_channels, block_len, file_len, compress, mag)
        add_layer(self, new, largest_segment_id)
        return self[name]

    def compress(self, *, progress: Progress = False, cancel: Cancel = None) -> None:
        """Compress all WKW layers in place; see :meth:`Layer.compress`."""
        for layer in self.layers.values():
            if layer.data_format == "wkw":
                layer.compress(progress=progress, cancel=cancel)

    def require_writable(self) -> None:
        """Do nothing where the dataset can be changed.

        Raises
        ------
        ReadOnlyError
            If it has no JSON.
        NotAllowedError
            If it was opened through a store by somebody who may not edit it.
        """
        if self._data_source is None:
            raise ReadOnlyError(
                f"{self.name!r} has no datasource-properties.json, so nothing can be changed or added.",
                hint="Import the dataset first: that needs its voxel size.",
            )

    def __repr__(self) -> str:
        from voxshelf.dataset.representation import dataset_text  # noqa: PLC0415 - only for people

        return dataset_text(self)

    def _repr_html_(self) -> str:
        from voxshelf.dataset.representation_html import dataset_html  # noqa: PLC0415 - only for people

        return dataset_html(self)
