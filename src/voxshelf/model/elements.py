"""What one voxel holds: ``ElementClass``, and what a layer is for: ``Category``.

The element classes are those of ``datasource-properties.json``; ``uint24`` is three channels of uint8 (RGB).
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from numpy.typing import DTypeLike


class Category(StrEnum):
    """What a layer is for."""

    COLOR = "color"
    SEGMENTATION = "segmentation"


class ElementClass(StrEnum):
    """The type of one voxel as the JSON names it."""

    UINT8 = "uint8"
    UINT16 = "uint16"
    UINT24 = "uint24"
    UINT32 = "uint32"
    UINT64 = "uint64"
    INT8 = "int8"
    INT16 = "int16"
    INT32 = "int32"
    INT64 = "int64"
    FLOAT = "float"
    DOUBLE = "double"

    @classmethod
    def from_dtype(cls, dtype: DTypeLike, num_channels: int = 1) -> Self:
        """The element class of voxels of ``dtype`` (a numpy type name) with ``num_channels`` channels.

        Raises
        ------
        ValueError
            If the format has no name for that type.
        """
        name = str(getattr(dtype, "name", dtype))
        if name == "uint8" and num_channels == 3:
            return cls("uint24")
        return cls(_NAMES_OF_DTYPES.get(name, name))

    @property
    def dtype(self) -> str:
        """The numpy type name of one channel's value."""
        return _DTYPES.get(self.value, self.value)

    @property
    def is_integer(self) -> bool:
        """Whether values are whole numbers."""
        return self not in (ElementClass.FLOAT, ElementClass.DOUBLE)

    @property
    def bits(self) -> int:
        """The bits of one channel's value."""
        digits = "".join(filter(str.isdigit, self.dtype))
        return int(digits)

    @property
    def value_range(self) -> tuple[float, float]:
        """The smallest and the largest value that the type can hold; whole numbers for integer types."""
        if self is ElementClass.FLOAT:
            return (-3.4028234663852886e38, 3.4028234663852886e38)
        if self is ElementClass.DOUBLE:
            return (-1.7976931348623157e308, 1.7976931348623157e308)
        if self.value.startswith("uint"):
            return (0, 2**self.bits - 1)
        return (-(2 ** (self.bits - 1)), 2 ** (self.bits - 1) - 1)

    def may_be(self, category: Category) -> bool:
        """Whether a layer of ``category`` may have this element class.

        Segmentations hold whole-number ids in one channel; 64-bit integers and doubles are not shown as colour.
        """
        if category is Category.SEGMENTATION:
            return self.is_integer and self is not ElementClass.UINT24
        return self not in (ElementClass.UINT64, ElementClass.INT64, ElementClass.DOUBLE)


_DTYPES = {"uint24": "uint8", "float": "float32", "double": "float64"}
_NAMES_OF_DTYPES = {"float32": "float", "float64": "double"}
