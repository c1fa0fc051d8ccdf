"""The physical size of one Mag-1 voxel: ``VoxelSize`` with its ``LengthUnit``.

In ``datasource-properties.json`` the key is ``scale``: an array of nanometres (old) or
``{"factor": [x, y, z], "unit": "nanometer"}``.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any, Self, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, field_validator

from voxshelf.model.malformed import is_sequence, plainly

Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]
Vec3Float: TypeAlias = tuple[float, float, float]


class LengthUnit(StrEnum):
    """The units that ``scale.unit`` may name."""

    YOCTOMETER = "yoctometer"
    ZEPTOMETER = "zeptometer"
    ATTOMETER = "attometer"
    FEMTOMETER = "femtometer"
    PICOMETER = "picometer"
    NANOMETER = "nanometer"
    MICROMETER = "micrometer"
    MILLIMETER = "millimeter"
    CENTIMETER = "centimeter"
    DECIMETER = "decimeter"
    METER = "meter"
    HECTOMETER = "hectometer"
    KILOMETER = "kilometer"
    MEGAMETER = "megameter"
    GIGAMETER = "gigameter"
    TERAMETER = "terameter"
    PETAMETER = "petameter"
    EXAMETER = "exameter"
    ZETTAMETER = "zettameter"
    YOTTAMETER = "yottameter"
    ANGSTROM = "angstrom"
    INCH = "inch"
    FOOT = "foot"
    YARD = "yard"
    MILE = "mile"
    PARSEC = "parsec"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a unit by its full name (singular or plural) or its short form.

        Raises
        ------
        ValueError
            If it names no unit of length that the format knows.
        """
        plain = text.strip()
        name = _SHORT_FORMS.get(plain, plain.lower().removesuffix("s").replace("metre", "meter"))
        try:
            return cls("inch" if name == "inche" else "foot" if name == "feet" else name)
        except ValueError:
            raise ValueError(
                f"{text!r} is not a unit of length: use one such as nanometer, micrometer or millimeter."
            ) from None

    @property
    def symbol(self) -> str:
        """The short form, ``nm`` for nanometer."""
        return _SYMBOLS[self.value]

    @property
    def in_meters(self) -> float:
        """How many metres one such unit is."""
        return _METERS[self.value]


_SYMBOLS = {
    "yoctometer": "ym",
    "zeptometer": "zm",
    "attometer": "am",
    "femtometer": "fm",
    "picometer": "pm",
    "nanometer": "nm",
    "micrometer": "µm",
    "millimeter": "mm",
    "centimeter": "cm",
    "decimeter": "dm",
    "meter": "m",
    "hectometer": "hm",
    "kilometer": "km",
    "megameter": "Mm",
    "gigameter": "Gm",
    "terameter": "Tm",
    "petameter": "Pm",
    "exameter": "Em",
    "zettameter": "Zm",
    "yottameter": "Ym",
    "angstrom": "Å",
    "inch": "in",
    "foot": "ft",
    "yard": "yd",
    "mile": "mi",
    "parsec": "pc",
}
_SHORT_FORMS = {symbol: name for name, symbol in _SYMBOLS.items()} | {"um": "micrometer", "μm": "micrometer"}
_EXPONENTS = (-24, -21, -18, -15, -12, -9, -6, -3, -2, -1, 0, 2, 3, 6, 9, 12, 15, 18, 21, 24)
_METERS = {name: 10.0**power for name, power in zip(list(_SYMBOLS)[:20], _EXPONENTS, strict=True)} | {
    "angstrom": 1e-10,
    "inch": 0.0254,
    "foot": 0.3048,
    "yard": 0.9144,
    "mile": 1609.344,
    "parsec": 3.085677581491367e16,
}


_NAMES = {"factor": ("The edge length", "The edge length along {axis}"), "unit": ("The unit of length", "")}
_HINT = "Write three edge lengths, each greater than 0, such as VoxelSize((11.24, 11.24, 28))."


class VoxelSize(BaseModel):
    """The size of one Mag-1 voxel.

    Parameters
    ----------
    factor : tuple of 3 floats
        Edge lengths ``(x, y, z)`` in ``unit``, each greater than 0.
    unit : LengthUnit or str
        Default nanometer.

    Raises
    ------
    InvalidDataSourceError
        If a value makes no sense; with every problem.

    Examples
    --------
    >>> VoxelSize((11.24, 11.24, 28))
    VoxelSize(11.24 × 11.24 × 28 nm)
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    factor: tuple[Positive, Positive, Positive]
    unit: LengthUnit = LengthUnit.NANOMETER

    def __init__(self, factor: Any = None, unit: Any = None, **data: Any) -> None:
        if factor is not None:
            data["factor"] = tuple(factor) if is_sequence(factor) else factor
        if unit is not None:
            data["unit"] = unit
        with plainly("This is no voxel size.", _NAMES, _HINT):
            super().__init__(**data)

    @field_validator("unit", mode="before")
    @classmethod
    def _read_any_form(cls, value: Any) -> Any:
        return LengthUnit.parse(value) if isinstance(value, str) else value

    def to(self, unit: LengthUnit | str) -> VoxelSize:
        """The same size in another unit."""
        target = LengthUnit.parse(str(unit))
        # 15 digits: powers of ten are not exact in binary, and 1 µm is 1000 nm, not 999.9999999999999.
        ratio = float(f"{self.unit.in_meters / target.in_meters:.15g}")
        return VoxelSize(tuple(edge * ratio for edge in self.factor), target)

    @property
    def in_nanometers(self) -> Vec3Float:
        """Edge lengths ``(x, y, z)`` in nanometres."""
        if self.unit is LengthUnit.NANOMETER:
            return self.factor
        return self.to(LengthUnit.NANOMETER).factor

    def __str__(self) -> str:
        edges = " × ".join(f"{edge:.6g}" for edge in self.factor)
        return f"{edges} {self.unit.symbol}"

    def __repr__(self) -> str:
        return f"VoxelSize({self})"
