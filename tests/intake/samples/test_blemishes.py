from __future__ import annotations

import numpy as np
import pytest

from voxshelf.intake.samples.blemishes import make_blemishes

SIZE = (128, 96, 64)


def drawn(
    origin: tuple[int, int, int], shape: tuple[int, int, int]
) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    image = np.full(shape, 150, np.uint8)
    make_blemishes(SIZE).draw(image, origin)
    return image


def test_a_part_is_drawn_as_in_the_whole() -> None:
    np.testing.assert_array_equal(
        drawn((32, 16, 8), (64, 64, 48)), drawn((0, 0, 0), SIZE)[32:96, 16:80, 8:56]
    )


@pytest.mark.parametrize("kind", ["scratched", "folded", "dirty"])
def test_each_blemish_can_be_seen(kind: str) -> None:
    blemishes = make_blemishes(SIZE)
    z = blemishes.scratched.start if kind == "scratched" else getattr(blemishes, kind)
    assert (drawn((0, 0, 0), SIZE)[:, :, z] != 150).any()


def test_most_sections_have_none() -> None:
    untouched = (drawn((0, 0, 0), SIZE) == 150).all(axis=(0, 1))
    assert untouched.mean() > 0.9
