"""Voxel sizes and their units."""

from __future__ import annotations

from typing import Any

import pytest

from voxshelf.errors import InvalidDataSourceError
from voxshelf.model import ElementClass, LengthUnit, VoxelSize


@pytest.mark.parametrize("unit", list(LengthUnit))
def test_every_unit_reads_back_from_its_short_form(unit: LengthUnit) -> None:
    assert LengthUnit.parse(unit.symbol) is unit


@pytest.mark.parametrize(
    ("written", "unit"),
    [
        ("nanometers", LengthUnit.NANOMETER),
        ("Micrometre", LengthUnit.MICROMETER),
        ("um", LengthUnit.MICROMETER),
        ("inches", LengthUnit.INCH),
        ("feet", LengthUnit.FOOT),
    ],
)
def test_usual_spellings_of_units_are_read(written: str, unit: LengthUnit) -> None:
    assert LengthUnit.parse(written) is unit


def test_an_unknown_unit_is_refused_with_advice() -> None:
    with pytest.raises(ValueError, match="use one such as nanometer"):
        LengthUnit.parse("furlong")


def test_converting_between_powers_of_ten_is_exact() -> None:
    assert VoxelSize((0.25, 0.25, 1), "µm").in_nanometers == (250.0, 250.0, 1000.0)
    assert VoxelSize((1, 1, 1), "mm").to("micrometer").factor == (1000.0, 1000.0, 1000.0)


@pytest.mark.parametrize("edge", [0, -1, float("nan"), float("inf")])
def test_an_edge_that_is_not_above_zero_is_refused(edge: float) -> None:
    with pytest.raises(InvalidDataSourceError):
        VoxelSize((1, 1, edge))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (((1, 2),), ["factor[2]: The edge length along z is missing."]),
        (
            ((0, "wide", float("nan")), "parsnip"),
            [
                "factor[0]: The edge length along x must be greater than 0, not 0.",
                "factor[1]: The edge length along y must be a number, not 'wide'.",
                "factor[2]: The edge length along z must be a finite number, not nan.",
                (
                    "unit: The unit of length: 'parsnip' is not a unit of length: "
                    "use one such as nanometer, micrometer or millimeter."
                ),
            ],
        ),
        (((1, 2, 3, 4),), ["factor: The edge length must be three numbers, x, y, z, not (1, 2, 3, 4)."]),
        (("123",), ["factor: The edge length must be three numbers, x, y, z, not '123'."]),
        ((7,), ["factor: The edge length must be three numbers, x, y, z, not 7."]),
    ],
)
def test_a_malformed_voxel_size_is_told_in_plain_words_all_at_once(
    arguments: tuple[Any, ...], said: list[str]
) -> None:
    with pytest.raises(InvalidDataSourceError, match="This is no voxel size") as caught:
        VoxelSize(*arguments)
    assert [str(problem) for problem in caught.value.problems] == said
    assert "VoxelSize((11.24, 11.24, 28))" in caught.value.hint


@pytest.mark.parametrize(
    ("element_class", "value_range"),
    [("uint8", (0, 255)), ("uint24", (0, 255)), ("int16", (-32768, 32767)), ("uint64", (0, 2**64 - 1))],
)
def test_the_range_of_an_integer_type_is_its_own(element_class: str, value_range: tuple[int, int]) -> None:
    assert ElementClass(element_class).value_range == value_range


@pytest.mark.parametrize("element_class", list(ElementClass))
def test_an_element_class_is_found_again_from_its_dtype_and_channels(element_class: ElementClass) -> None:
    channels = 3 if element_class is ElementClass.UINT24 else 1
    assert ElementClass.from_dtype(element_class.dtype, channels) is element_class
