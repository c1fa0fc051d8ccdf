"""The preview follows the form."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import pytest
from PIL import Image

from voxshelf.model import Confidence
from voxshelf.widgets.import_form import ImportFormState
from voxshelf.widgets.import_form.preview import SIDE, Preview


@pytest.fixture
def form(store: Any, at_once: Any) -> ImportFormState:
    return ImportFormState(store, "lab/new", aside=at_once)


@pytest.fixture
def preview(form: ImportFormState) -> Preview:
    preview = Preview(form)
    form.layer("segmentation").included = False
    return preview


def pixels(preview: Preview) -> Any:
    return np.asarray(Image.open(io.BytesIO(preview.png)).convert("L"))


def test_it_shows_the_voxels_of_the_middle_slice(preview: Preview) -> None:
    assert preview.depth == 8
    assert preview.depths == (0, 15)
    assert pixels(preview).shape == (SIDE * 48 // 64, SIDE)
    assert (np.diff(pixels(preview)[0].astype(int)) >= 0).all()


def test_the_voxel_size_gives_the_proportions(preview: Preview, form: ImportFormState) -> None:
    form.voxel_size.text = "1, 2, 1"
    height, width = pixels(preview).shape
    assert abs(width / height - 64 / (2 * 48)) < 0.02


def test_the_bounding_box_cuts(preview: Preview, form: ImportFormState) -> None:
    form.layer("color").bounding_box.text = "0,0,2,32,32,4"
    assert pixels(preview).shape == (SIDE, SIDE)
    assert preview.depths == (2, 5)


def test_without_a_box_it_says_so(preview: Preview, form: ImportFormState) -> None:
    form.layer("color").bounding_box.text = ""
    assert preview.png == b""
    assert "bounding box" in preview.note


def test_data_that_cannot_be_read_is_said_in_words(store: Any, at_once: Any, unavailable: Exception) -> None:
    form = ImportFormState(store, "lab/new", aside=at_once)
    store.opening_fails = unavailable
    preview = Preview(form)
    form.voxel_size.text = "1, 1, 1"
    assert preview.png == b""
    assert "The folder /data cannot be reached." in preview.note


def test_a_box_that_may_be_too_large_is_no_secret(
    store: Any, at_once: Any, proposal: Any, form: ImportFormState, preview: Preview
) -> None:
    assert not preview.is_loose
    detected = proposal("lab/new")
    findings = tuple(
        found.model_copy(update={"confidence": Confidence.LIKELY})
        if found.place[2:] == ("bounding_box",)
        else found
        for found in detected.findings
    )
    store.proposals["lab/new"] = detected.model_copy(update={"findings": findings})
    form.look()
    assert preview.is_loose
    form.layer("color").bounding_box.text = "0,0,0,64,48,15"
    form.layer("segmentation").included = False
    assert not preview.is_loose
