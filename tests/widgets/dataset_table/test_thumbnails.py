"""Small pictures, made aside and remembered."""

from __future__ import annotations

import base64
import io
import threading
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PIL import Image

from voxshelf.errors import DamagedDataError
from voxshelf.model import DatasetStatus
from voxshelf.widgets.dataset_table import Thumbnails

if TYPE_CHECKING:
    from collections.abc import Iterator


class Drawn:
    """Collects what was drawn, and waits for it."""

    def __init__(self) -> None:
        self.pictures: dict[str, str] = {}
        self._changed = threading.Condition()

    def __call__(self, key: str, picture: str) -> None:
        with self._changed:
            self.pictures[key] = picture
            self._changed.notify_all()

    def wait_for(self, *keys: str) -> None:
        with self._changed:
            assert self._changed.wait_for(lambda: set(keys) <= set(self.pictures), 10)


@pytest.fixture
def opened() -> list[str]:
    return []


@pytest.fixture
def thumbnails(store: Any, opened: list[str]) -> Iterator[Thumbnails]:
    def opener(record: Any) -> Any:
        opened.append(record.key)
        if record.name == "damaged":
            raise DamagedDataError("A block is damaged.")
        return store["lab/brain"]

    thumbnails = Thumbnails(opener, frame=(58, 54))
    yield thumbnails
    thumbnails.close()


def test_a_ready_dataset_gets_a_picture_of_its_voxels(thumbnails: Thumbnails, record: Any) -> None:
    drawn = Drawn()
    thumbnails.want([record("lab/brain")], drawn)
    drawn.wait_for("lab/brain")
    png = base64.b64decode(drawn.pictures["lab/brain"].partition(",")[2])
    pixels = np.asarray(Image.open(io.BytesIO(png)).convert("LA"))
    middle = pixels[27]
    shown = middle[middle[:, 1] == 255][:, 0]
    assert len(shown) == 48
    assert (np.diff(shown.astype(int)) >= 0).all()
    assert shown[0] < 10
    assert shown[-1] > 240


def test_a_known_picture_is_not_drawn_again(thumbnails: Thumbnails, record: Any, opened: list[str]) -> None:
    drawn = Drawn()
    thumbnails.want([record("lab/brain")], drawn)
    drawn.wait_for("lab/brain")
    thumbnails.want([record("lab/brain"), record("lab/other")], drawn)
    drawn.wait_for("lab/other")
    assert opened == ["lab/brain", "lab/other"]
    assert thumbnails.known(record("lab/brain")) == drawn.pictures["lab/brain"]


def test_a_changed_dataset_is_drawn_anew(thumbnails: Thumbnails, record: Any) -> None:
    drawn = Drawn()
    thumbnails.want([record("lab/brain")], drawn)
    drawn.wait_for("lab/brain")
    assert thumbnails.known(record("lab/brain", version=2)) is None


def test_what_is_not_imported_has_no_picture_and_is_not_opened(
    thumbnails: Thumbnails, record: Any, opened: list[str]
) -> None:
    new = record("lab/new", status=DatasetStatus.NOT_IMPORTED)
    thumbnails.want([new], Drawn())
    assert thumbnails.known(new) == ""
    assert opened == []


def test_a_damaged_dataset_has_no_picture_and_hinders_no_other(thumbnails: Thumbnails, record: Any) -> None:
    drawn = Drawn()
    thumbnails.want([record("lab/damaged"), record("lab/brain")], drawn)
    drawn.wait_for("lab/brain")
    thumbnails.want([record("lab/last")], drawn)
    drawn.wait_for("lab/last")
    assert "lab/damaged" not in drawn.pictures
