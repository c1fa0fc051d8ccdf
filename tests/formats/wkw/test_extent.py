from __future__ import annotations

from typing import TYPE_CHECKING

from voxshelf.formats.wkw import WkwArray
from voxshelf.model.geometry import BoundingBox

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import HandMade

    Make = Callable[..., HandMade]


def place(folder: Path, x: int, y: int, z: int) -> None:
    path = folder / f"z{z}" / f"y{y}" / f"x{x}.wkw"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()


def test_the_box_is_around_the_cubes_of_all_folders(hand_made: Make) -> None:
    made = hand_made()
    made.path.unlink()
    for cube in ((5, 2, 3), (1, 7, 4), (2, 2, 12)):
        place(made.folder, *cube)
    array = WkwArray.open(made.folder)
    assert list(array.cubes()) == [(5, 2, 3), (1, 7, 4), (2, 2, 12)]
    assert array.bounding_box() == BoundingBox((16, 32, 48), (80, 96, 160))


def test_foreign_names_are_passed_over(hand_made: Make) -> None:
    made = hand_made()
    for name in ("z1", "zoom", "z-1", "z01", "z٣", "z99999999999"):
        (made.folder / name / "y0").mkdir(parents=True, exist_ok=True)
        (made.folder / name / "y0" / "x0.wkw.tmp").touch()
        (made.folder / name / "y0" / "x0.wkw").mkdir()
    (made.folder / "z0" / "y7").touch()
    (made.folder / "z0" / "y0" / "x00.wkw").touch()
    (made.folder / "z2").touch()
    (made.folder / "z3").symlink_to(made.folder / "nowhere")
    assert list(WkwArray.open(made.folder).cubes()) == [(0, 0, 0)]


def test_a_mag_without_cubes_has_an_empty_box(hand_made: Make) -> None:
    made = hand_made()
    made.path.unlink()
    assert WkwArray.open(made.folder).bounding_box().is_empty


def test_linked_folders_count(hand_made: Make) -> None:
    made = hand_made()
    (made.folder / "z4").symlink_to(made.folder / "z0")
    assert list(WkwArray.open(made.folder).cubes()) == [(0, 0, 0), (0, 0, 4)]
