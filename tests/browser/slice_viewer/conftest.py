"""A dataset on disk of which every voxel is known, a viewer of it in JupyterLab, and its pixels."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import wkw

from voxshelf.model import Category
from voxshelf.slicing import Look, render

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from numpy.typing import NDArray
    from playwright.sync_api import Page

SHAPE = (160, 128, 64)
SHOWN = ".vxs-figure[data-sharp=yes]"
_PIXELS = """([slot, kind]) => {
  const canvas = document.querySelector(`.vxs-slot-${slot} .${kind}`)
  const {data} = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height)
  let letters = ''
  for (let i = 0; i < data.length; i += 8192) letters += String.fromCharCode(...data.subarray(i, i + 8192))
  return [canvas.height, canvas.width, btoa(letters)]
}"""


@dataclass(frozen=True)
class Written:
    """A dataset on disk, and what was written."""

    path: Path
    gray: NDArray[np.uint8]
    ids: NDArray[np.uint64]

    def cell(self, **options: Any) -> str:
        """Code that shows a viewer of it."""
        given = "".join(f", {name}={value!r}" for name, value in options.items())
        return f"import voxshelf as vx\nviewer = vx.SliceViewer(vx.open_dataset({str(self.path)!r}){given})\nviewer"


def _write_mag(folder: Path, voxels: NDArray[Any]) -> None:
    # Files of one block: damage to one leaves the others whole.
    header = wkw.Header(voxels.dtype.type, block_len=32, file_len=1)
    with wkw.Dataset.create(str(folder), header) as dataset:
        dataset.write((0, 0, 0), np.asfortranarray(voxels))


def _layer(name: str, category: str, element_class: str) -> dict[str, Any]:
    box = {"topLeft": [0, 0, 0], "width": SHAPE[0], "height": SHAPE[1], "depth": SHAPE[2]}
    resolutions = [{"resolution": mag, "cubeLength": 32} for mag in ([1, 1, 1], [2, 2, 1])]
    layer = {"name": name, "category": category, "elementClass": element_class, "dataFormat": "wkw"}
    return {**layer, "boundingBox": box, "wkwResolutions": resolutions}


@pytest.fixture
def written(tmp_path: Path) -> Written:
    random = np.random.default_rng(11)
    x, y, z = np.ogrid[: SHAPE[0], : SHAPE[1], : SHAPE[2]]
    gray = (60 + x // 2 + (y + z) // 3 + random.integers(0, 20, SHAPE)).astype(np.uint8)
    cells = (x // 40 + 4 * (y // 40) + 16 * (z // 20)).astype(np.uint64)
    ids = np.where(cells % 5 == 0, 0, cells * np.uint64(2**60 + 12345))
    folder = tmp_path / "tissue"
    for name, voxels in (("color", gray), ("segmentation", ids)):
        _write_mag(folder / name / "1", voxels)
        _write_mag(folder / name / "2-2-1", voxels[::2, ::2])
    layers = [_layer("color", "color", "uint8"), _layer("segmentation", "segmentation", "uint64")]
    document = {"id": {"name": "tissue", "team": ""}, "scale": [10, 10, 25], "dataLayers": layers}
    (folder / "datasource-properties.json").write_text(json.dumps(document), encoding="utf-8")
    return Written(folder, gray, ids)


@pytest.fixture
def viewer(notebook: Any, written: Written) -> Page:
    opened: Page = notebook(written.cell(), ready=SHOWN)
    return opened


@pytest.fixture
def at(page: Page) -> Callable[..., None]:
    """Wait until a slice is on screen, e.g. ``at("XY 32")``, in a pane."""

    def wait(where: str, slot: int = 0) -> None:
        page.wait_for_selector(f'.vxs-slot-{slot}[data-shown="{where}"][data-sharp=yes]')

    return wait


@pytest.fixture
def rgba(page: Page) -> Callable[..., NDArray[np.uint8]]:
    """The pixels of a pane's canvas, ``(rows, columns, 4)``."""

    def read(slot: int = 0, kind: str = "vxs-canvas") -> NDArray[np.uint8]:
        rows, columns, text = page.evaluate(_PIXELS, [slot, kind])
        return np.frombuffer(base64.b64decode(text), np.uint8).reshape(rows, columns, 4)

    return read


@pytest.fixture
def pixels(rgba: Any) -> Callable[..., NDArray[np.uint8]]:
    """The same without opacity."""
    return lambda slot=0: rgba(slot)[..., :3]


@pytest.fixture
def expected(py: Callable[[str], str]) -> Callable[..., NDArray[np.uint8]]:
    """The same slice, rendered in Python from what was written, with the window that the viewer chose."""

    def rendered(gray: NDArray[Any] | None, ids: NDArray[Any] | None, **look: Any) -> NDArray[np.uint8]:
        layers = []
        if gray is not None:
            window = tuple(json.loads(py("print(list(viewer.layers['color'].window))")))
            layers.append((gray.T, Look(window=window)))
        if ids is not None:
            layers.append(
                (ids.T, Look(**{"category": Category.SEGMENTATION, "alpha": 20, "pattern": 40, **look}))
            )
        return render(layers)

    return rendered


@pytest.fixture
def eventually(py: Callable[[str], str]) -> Callable[[str], None]:
    """Wait until an expression is true in the kernel."""

    def wait(expression: str) -> None:
        code = "import time\nend = time.monotonic() + 10\n"
        code += f"while not ({expression}) and time.monotonic() < end: time.sleep(0.02)\n"
        assert py(f"{code}print(bool({expression}))") == "True", expression

    return wait
