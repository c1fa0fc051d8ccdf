"""What spoils single sections: a knife's scratch, a fold, a flake of dirt.

They change the image only; the segmentation says what lies beneath.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from voxshelf.model import Vec3Int

__all__ = ["Blemishes", "make_blemishes"]


@dataclass(frozen=True)
class Blemishes:
    """Where the blemishes of a volume are; positions in voxels.

    Attributes
    ----------
    scratched : range
        The sections that the knife's nick ran through, one after the other.
    folded, dirty : int
        The section with a fold, the one with dirt.
    width, height : int
        The volume's extent in x and y.
    """

    scratched: range
    folded: int
    dirty: int
    width: int
    height: int

    def draw(self, image: NDArray[Any], origin: Vec3Int) -> None:
        """Draw into the part ``image`` (x, y, z) of the volume that starts at voxel ``origin``, in place."""
        x = np.arange(origin[0], origin[0] + image.shape[0], dtype=np.float64)[:, None]
        y = np.arange(origin[1], origin[1] + image.shape[1], dtype=np.float64)[None, :]
        for z in range(image.shape[2]):
            for change in self._changes(origin[2] + z, x, y):
                image[:, :, z] = np.clip(image[:, :, z] * change[0] + change[1], 0, 255).astype(np.uint8)

    def _changes(
        self, z: int, x: NDArray[np.float64], y: NDArray[np.float64]
    ) -> Iterator[tuple[NDArray[np.float64], NDArray[np.float64]]]:
        """What happens to section ``z``, as (factor, summand) for every pixel."""
        if z in self.scratched:
            across = x - 0.62 * self.width + 0.31 * (y - 0.5 * self.height) + 1.5 * (z - self.scratched.start)
            groove, rim = _bump(across / 2.6), _bump((across - 3.2) / 2.2)
            yield 1 - 0.35 * groove - 0.25 * rim, 86 * groove
        if z == self.folded:
            wave = 14 * (_wave(x / (0.43 * self.width + 1)) + 0.4 * _wave(x / (0.17 * self.width + 1)))
            across = y - 0.3 * self.height - 0.2 * x - wave
            yield 1 - 0.72 * _bump(across / 11), np.zeros((1, 1))
            yield 1 + 0.10 * _bump((across - 15) / 9), np.zeros((1, 1))
        if z == self.dirty:
            dx, dy = (x - 0.27 * self.width) / 15, (y - 0.66 * self.height) / 11
            edge = 0.25 * _wave(0.31 * dx + 0.13 * dy) + 0.2 * _wave(0.6 * dy - 0.2 * dx)
            yield 1 - 0.85 * np.clip((1 - dx * dx - dy * dy + edge) * 2.5, 0, 1), np.full((1, 1), 0.0)


def make_blemishes(size: Vec3Int) -> Blemishes:
    """Spread the blemishes over a volume of ``size`` voxels (x, y, z)."""
    width, height, depth = size
    start = depth * 3 // 10
    return Blemishes(
        range(start, start + max(1, depth // 40)), depth * 7 // 10, depth * 17 // 20, width, height
    )


def _bump(value: NDArray[np.float64]) -> NDArray[np.float64]:
    """1 at 0, falling smoothly to 0 at ±1."""
    return np.maximum(0, 1 - value * value) ** 2


def _wave(value: NDArray[np.float64]) -> NDArray[np.float64]:
    """A smooth wave of period 1 between -1 and 1, made without the platform's sine."""
    phase = value - np.floor(value)
    half = np.where(phase < 0.5, phase, phase - 0.5)
    return np.where(phase < 0.5, 1, -1) * 16 * half * (0.5 - half)
