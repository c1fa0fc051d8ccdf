"""What places are called on screen."""

from __future__ import annotations

import pytest

from voxshelf.model import EditedSection, Place
from voxshelf.widgets.edit_tabs.place_labels import label_in


@pytest.mark.parametrize(
    ("section", "place", "label"),
    [
        (EditedSection.DATA, ("scale", "factor"), "Voxel size"),
        (EditedSection.DATA, ("dataLayers", "color", "boundingBox", "width"), "color › Bounding box"),
        (EditedSection.DATA, ("dataLayers", "color"), "layer color"),
        (EditedSection.DATA, ("dataLayers", "color", "lab", "note"), "color › lab.note"),
        (EditedSection.DATA, ("note",), "note"),
        (EditedSection.DETAILS, ("metadata", "age", "value"), "Metadata › age.value"),
        (EditedSection.VIEW, ("zoom",), "Zoom"),
        (EditedSection.VIEW, ("layers", "color", "alpha"), "color › Opacity"),
        (EditedSection.PERMISSIONS, ("is_public",), "Visibility"),
    ],
)
def test_a_place_has_a_name_for_people(section: EditedSection, place: Place, label: str) -> None:
    assert label_in(section, place) == label
