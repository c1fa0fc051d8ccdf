"""Positions and extents in voxel space: ``BoundingBox`` and ``Mag``.

Words used here: axes are always ``x, y, z``; *Mag-1 voxels* are voxels of the finest grid; a *mag* is the
integer factor per axis by which a coarser grid is sampled, written ``1`` or ``2-2-1``. A box is half-open:
``topleft`` belongs to it, ``bottomright = topleft + size`` does not. The six-number form
``x,y,z,x_size,y_size,z_size`` is the one of the requirement (``Bounding Box`` of the Data tab).
"""

from __future__ import annotations

import re
from typing import Annotated, Any, NamedTuple, Self, TypeAlias

from pydantic import BaseModel, ConfigDict, Field

from voxshelf.errors import OutOfRangeError
from voxshelf.model.malformed import is_sequence, plainly

Vec3Int: TypeAlias = tuple[int, int, int]
NonNegative = Annotated[int, Field(ge=0)]

_MAG_TEXT = re.compile(r"\d+|\d+-\d+-\d+")


def _vec3(value: Any) -> Vec3Int:
    x, y, z = (int(component) for component in value)
    return (x, y, z)


_NAMES = {
    "topleft": ("The first voxel", "The {axis} of the first voxel"),
    "size": ("The size", "The {axis} of the size"),
}
_HINT = (
    "Write three whole numbers for the first voxel and three for the size, "
    "such as BoundingBox((0, 0, 0), (512, 512, 64))."
)


class BoundingBox(BaseModel):
    """An axis-aligned box of voxels.

    Parameters
    ----------
    topleft : tuple of 3 ints
        The first voxel ``(x, y, z)``; may be negative.
    size : tuple of 3 ints
        The extent ``(x, y, z)`` in voxels, not negative; a zero makes the box empty.

    Raises
    ------
    InvalidDataSourceError
        If a value makes no sense; with every problem.

    Examples
    --------
    >>> BoundingBox((0, 0, 0), (512, 512, 64))
    BoundingBox(0,0,0,512,512,64)
    >>> BoundingBox.parse("10, 20, 30, 4, 5, 6").bottomright
    (14, 25, 36)
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    topleft: Vec3Int
    size: tuple[NonNegative, NonNegative, NonNegative]

    def __init__(self, topleft: Any = None, size: Any = None, **data: Any) -> None:
        if topleft is not None:
            data["topleft"] = tuple(topleft) if is_sequence(topleft) else topleft
        if size is not None:
            data["size"] = tuple(size) if is_sequence(size) else size
        with plainly("This is no bounding box.", _NAMES, _HINT):
            super().__init__(**data)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read the six-number form ``x,y,z,x_size,y_size,z_size``.

        Raises
        ------
        ValueError
            If it is not six integers, or a size is negative.
        """
        parts = [part for part in re.split(r"[,;\s]+", text.strip().strip("()[]")) if part]
        try:
            numbers = [int(part) for part in parts]
        except ValueError:
            numbers = []
        if len(numbers) != 6:
            raise ValueError(
                f"{text!r} is not a bounding box: write six whole numbers x,y,z,x_size,y_size,z_size."
            )
        if min(numbers[3:]) < 0:
            raise ValueError(f"{text!r} is not a bounding box: sizes cannot be negative.")
        return cls(tuple(numbers[:3]), tuple(numbers[3:]))

    @classmethod
    def from_corners(cls, topleft: Any, bottomright: Any) -> Self:
        """The box from ``topleft`` (inside) to ``bottomright`` (outside); empty where they cross."""
        lower, upper = _vec3(topleft), _vec3(bottomright)
        return cls(lower, tuple(max(0, b - a) for a, b in zip(lower, upper, strict=True)))

    @property
    def bottomright(self) -> Vec3Int:
        """The first voxel after the box on every axis, ``topleft + size``."""
        return _vec3(t + s for t, s in zip(self.topleft, self.size, strict=True))

    @property
    def volume(self) -> int:
        """The number of voxels in the box."""
        x, y, z = self.size
        return x * y * z

    @property
    def is_empty(self) -> bool:
        """Whether the box holds no voxel."""
        return 0 in self.size

    @property
    def center(self) -> Vec3Int:
        """The voxel in the middle, rounded down."""
        return _vec3(t + s // 2 for t, s in zip(self.topleft, self.size, strict=True))

    def contains(self, other: BoundingBox) -> bool:
        """Whether every voxel of ``other`` lies in this box; an empty box lies in any."""
        return other.is_empty or self.intersection(other) == other

    def intersection(self, other: BoundingBox) -> BoundingBox:
        """The common voxels; an empty box where there are none."""
        return BoundingBox.from_corners(
            map(max, zip(self.topleft, other.topleft, strict=True)),
            map(min, zip(self.bottomright, other.bottomright, strict=True)),
        )

    def union(self, other: BoundingBox) -> BoundingBox:
        """The smallest box around both; an empty box adds nothing."""
        if other.is_empty:
            return self
        if self.is_empty:
            return other
        return BoundingBox.from_corners(
            map(min, zip(self.topleft, other.topleft, strict=True)),
            map(max, zip(self.bottomright, other.bottomright, strict=True)),
        )

    def moved(self, by: Vec3Int) -> BoundingBox:
        """The same box, shifted by ``by`` voxels."""
        return BoundingBox(_vec3(t + d for t, d in zip(self.topleft, by, strict=True)), self.size)

    def in_mag(self, mag: Mag) -> BoundingBox:
        """The voxels of ``mag``'s own grid that touch this box (given in Mag-1 voxels): widened outward."""
        return BoundingBox.from_corners(
            (t // m for t, m in zip(self.topleft, mag, strict=True)),
            (-(-b // m) for b, m in zip(self.bottomright, mag, strict=True)),
        )

    def from_mag(self, mag: Mag) -> BoundingBox:
        """The Mag-1 box that this box, given in ``mag``'s own grid, covers."""
        return BoundingBox(
            _vec3(t * m for t, m in zip(self.topleft, mag, strict=True)),
            _vec3(s * m for s, m in zip(self.size, mag, strict=True)),
        )

    def aligned_to(self, mag: Mag) -> BoundingBox:
        """The box widened outward so that it falls on ``mag``'s grid, in Mag-1 voxels."""
        return self.in_mag(mag).from_mag(mag)

    def __str__(self) -> str:
        return ",".join(str(number) for number in (*self.topleft, *self.size))

    def __repr__(self) -> str:
        return f"BoundingBox({self})"


class _MagTuple(NamedTuple):
    x: int
    y: int
    z: int


class Mag(_MagTuple):
    """A magnification: how many Mag-1 voxels one voxel of this grid covers on each axis.

    Parameters
    ----------
    value : Mag, int, str or sequence of 3 ints
        ``2``, ``"2"``, ``"2-2-1"`` or ``(2, 2, 1)``; every factor at least 1.

    Notes
    -----
    Mags sort from fine to coarse: by their largest factor, then by factors.

    Examples
    --------
    >>> Mag("2-2-1"), str(Mag((4, 4, 4))), Mag(1).folder_names
    (Mag(2-2-1), '4', ('1', '1-1-1'))
    """

    __slots__ = ()

    def __new__(cls, value: Any) -> Self:
        """Read any written form of a mag."""
        if isinstance(value, Mag):
            return super().__new__(cls, *value)
        if isinstance(value, str):
            if not _MAG_TEXT.fullmatch(value.strip()):
                raise ValueError(f"{value!r} is not a mag: write it like 1, 4 or 2-2-1.")
            factors = [int(part) for part in value.split("-")]
        elif isinstance(value, int) and not isinstance(value, bool):
            factors = [value]
        else:
            try:
                # int() alone would cut 1.5 to 1.
                factors = [int(part) if int(part) == part else 0 for part in value]
            except (TypeError, ValueError, OverflowError):
                factors = []
        factors = factors * 3 if len(factors) == 1 else factors
        if len(factors) != 3 or min(factors) < 1:
            raise ValueError(f"{value!r} is not a mag: write it like 1, 4 or 2-2-1.")
        return super().__new__(cls, *factors)

    def __reduce__(self) -> Any:
        # A tuple would hand three numbers to __new__, which takes one value.
        return (Mag, (tuple(self),))

    @property
    def is_isotropic(self) -> bool:
        """Whether all three factors are equal."""
        return self.x == self.y == self.z

    @property
    def folder_names(self) -> tuple[str, ...]:
        """The folder names under which this mag may lie, the usual one first."""
        triple = f"{self.x}-{self.y}-{self.z}"
        return (str(self.x), triple) if self.is_isotropic else (triple,)

    def __str__(self) -> str:
        return self.folder_names[0]

    def __repr__(self) -> str:
        return f"Mag({self})"

    def __lt__(self, other: object) -> bool:
        if not isinstance(other, Mag):
            return NotImplemented
        return (max(self), *self) < (max(other), *other)

    def __gt__(self, other: object) -> bool:
        if not isinstance(other, Mag):
            return NotImplemented
        return (max(self), *self) > (max(other), *other)

    def __le__(self, other: object) -> bool:
        return not self > other

    def __ge__(self, other: object) -> bool:
        return not self < other

    def __eq__(self, other: object) -> bool:
        return tuple.__eq__(self, other) is True

    def __hash__(self) -> int:
        return tuple.__hash__(self)

    @classmethod
    def __get_pydantic_core_schema__(cls, _source: Any, _handler: Any) -> Any:
        from pydantic_core import core_schema  # noqa: PLC0415 - only pydantic's own call comes here

        return core_schema.no_info_plain_validator_function(
            cls, serialization=core_schema.plain_serializer_function_ser_schema(list)
        )

    @classmethod
    def __get_pydantic_json_schema__(cls, _schema: Any, _handler: Any) -> Any:
        return {"type": "array", "items": {"type": "integer", "minimum": 1}, "minItems": 3, "maxItems": 3}


def require_nonempty(box: BoundingBox, *, what: str) -> None:
    """Raise :class:`~voxshelf.errors.OutOfRangeError` if ``box`` holds no voxel."""
    if box.is_empty:
        raise OutOfRangeError(
            f"{what} is empty ({box}).", hint="Give a box with a size of at least 1 on every axis."
        )
