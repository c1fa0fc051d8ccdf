"""What every voxel format offers to the dataset handles: the :class:`VoxelArray` protocol.

Words used here: an array is one mag of one layer; positions and sizes are in that mag's own voxels, absolute,
axis order ``x, y, z``. Arrays come back Fortran-ordered: x fastest, and the channels of a voxel side by side.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from voxshelf.model.geometry import BoundingBox, Vec3Int

__all__ = ["VoxelArray"]


@runtime_checkable
class VoxelArray(Protocol):
    """Voxels that can be read box by box."""

    @property
    def dtype(self) -> np.dtype[Any]:
        """The type of one value."""

    @property
    def num_channels(self) -> int:
        """Values per voxel."""

    @property
    def block_shape(self) -> Vec3Int:
        """The smallest box ``(x, y, z)`` that is stored on its own: reading along it is cheapest."""

    @property
    def file_shape(self) -> Vec3Int:
        """The box, counted from voxel 0 in such steps, that is all there or all missing."""

    def read(
        self, topleft: Sequence[int], size: Sequence[int], *, out: NDArray[Any] | None = None
    ) -> NDArray[Any]:
        """Read a box; voxels that are not stored, and all outside of the data, are 0.

        Parameters
        ----------
        topleft : sequence of 3 ints
            The first voxel; may be negative.
        size : sequence of 3 ints
            The extent, not negative.
        out : array, optional
            Filled and returned, instead of a new array.

        Returns
        -------
        array (x, y, z), or (c, x, y, z) where there is more than one channel
            Fortran-ordered, unless ``out`` says otherwise.

        Raises
        ------
        DamagedDataError
            If something stored cannot be decoded: voxels are never invented.
        """

    def bounding_box(self) -> BoundingBox:
        """The smallest box around everything that is stored, as far as files tell without decoding."""

    def is_missing(self, box: BoundingBox) -> bool:
        """Whether nobody recorded voxels of the box: no file has any; quick."""
