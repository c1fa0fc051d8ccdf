"""A dataset in memory with the surface of the real handles, and a stand-in for the browser."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from voxshelf.errors import DamagedDataError
from voxshelf.model import BoundingBox, Category, Mag, VoxelSize

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray


class MemoryLayer:
    """A layer whose coarser mags take every n-th voxel; reading a depth in ``damaged`` fails."""

    def __init__(
        self,
        voxels: NDArray[Any],
        category: str = "color",
        *,
        mags: tuple[str, ...] = ("1", "2-2-1"),
        topleft: tuple[int, int, int] = (0, 0, 0),
        view_configuration: dict[str, Any] | None = None,
    ) -> None:
        self.voxels = voxels if voxels.ndim == 4 else voxels[None]
        self.category = Category(category)
        self.dtype = voxels.dtype
        self.num_channels = self.voxels.shape[0]
        self.bounding_box = BoundingBox(topleft, self.voxels.shape[1:])
        self.mags = tuple(Mag(mag) for mag in mags)
        self.default_view_configuration = view_configuration
        self.damaged: set[int] = set()

    def read(self, box: BoundingBox, mag: Any = None) -> NDArray[Any]:
        aligned = box.aligned_to(Mag(mag))
        if aligned.topleft[2] in self.damaged:
            raise DamagedDataError(
                "The block ends before its voxels do.",
                hint="Copy the file again from where it came.",
                file="color/1/z0/y0/x0.wkw",
                block=(3, 1, 0),
            )
        indices = [
            np.clip(np.arange(low, high, step) - start, 0, size - 1)
            for low, high, step, start, size in zip(
                aligned.topleft,
                aligned.bottomright,
                Mag(mag),
                self.bounding_box.topleft,
                self.bounding_box.size,
                strict=True,
            )
        ]
        found = self.voxels[np.ix_(range(self.num_channels), *indices)]
        return found if self.num_channels > 1 else found[0]


class MemoryDataset:
    """A dataset of such layers."""

    def __init__(self, view_configuration: dict[str, Any] | None = None, **layers: MemoryLayer) -> None:
        self.name = "tissue"
        self.voxel_size: VoxelSize | None = VoxelSize((10, 10, 40))
        self.layers = layers
        self.default_view_configuration = view_configuration


class FrontEnd:
    """Plays the browser for a driver: takes what is sent, and speaks as the script does."""

    def __init__(self, driver: Any) -> None:
        self.driver = driver
        self.received: list[tuple[dict[str, Any], list[Any]]] = []
        driver.send = lambda content, buffers=None: self.received.append((content, list(buffers or [])))

    def ask(self, plane: str = "XY", depth: int = 8, names: Any = ("color",), **region: Any) -> Any:
        """Ask for a picture; the reply's head and buffers."""
        asked = {"plane": plane, "depth": depth, "zoom": 1.0, "rect": [0, 0, 64, 48], **region}
        layers = [{"name": name, "channel": 0} for name in names]
        self.custom({"k": "get", "from": "me", "seq": 7, "ahead": False, "region": asked, "layers": layers})
        return self.received[-1]

    def custom(self, content: dict[str, Any]) -> None:
        self.driver._handle_custom_msg(content, [])

    def state(self, **state: Any) -> None:
        message = {"data": {"method": "update", "state": state, "buffer_paths": []}}
        self.driver._handle_msg({"content": message, "buffers": []})


@pytest.fixture
def gray() -> NDArray[np.uint8]:
    return np.random.default_rng(1).integers(20, 220, (64, 48, 16), np.uint8)


@pytest.fixture
def ids() -> NDArray[np.uint64]:
    small = np.arange(64)[:, None, None] // 16 + 4 * (np.arange(48)[None, :, None] // 16)
    return np.broadcast_to(small, (64, 48, 16)).astype(np.uint64) * np.uint64(2**40 + 1)


@pytest.fixture
def tissue(gray: NDArray[Any], ids: NDArray[Any]) -> MemoryDataset:
    return MemoryDataset(color=MemoryLayer(gray), segmentation=MemoryLayer(ids, "segmentation"))


@pytest.fixture
def layer() -> Callable[..., MemoryLayer]:
    return MemoryLayer


@pytest.fixture
def dataset() -> Callable[..., MemoryDataset]:
    return MemoryDataset


@pytest.fixture
def front_end() -> Callable[[Any], FrontEnd]:
    return FrontEnd
