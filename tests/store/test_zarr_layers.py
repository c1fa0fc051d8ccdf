"""A series of Zarr arrays in a store: found, listed, imported, edited and opened like any other dataset."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image

from voxshelf.dataset import thumbnail
from voxshelf.errors import InvalidDataSourceError
from voxshelf.model import AdditionalAxis, DataFormat, DatasetStatus
from voxshelf.store import LocalDatasetStore
from voxshelf.testing.series import TIMES, series_voxels, write_series

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

KEY = "lab/series"
T = AdditionalAxis(name="t", bounds=(0, TIMES), index=1)


@pytest.fixture(params=[2, 3])
def folder(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    return write_series(tmp_path / "shelf" / "lab" / "series", version=request.param)


@pytest.fixture
def store(folder: Path) -> Iterator[LocalDatasetStore]:
    with LocalDatasetStore(folder.parent.parent) as opened:
        opened.refresh()
        yield opened


def test_it_is_found_listed_and_opened_at_any_time(store: LocalDatasetStore) -> None:
    (record,) = store.list().items
    assert (record.key, record.status, record.problems) == (KEY, DatasetStatus.READY, ())
    assert record.layers[0].data_format in (DataFormat.ZARR, DataFormat.ZARR3)
    color = store[KEY]["color"]
    assert color.additional_axes == (T,)
    assert np.array_equal(color.at(t=4)[...], series_voxels(4))
    picture = np.asarray(Image.open(io.BytesIO(thumbnail(store[KEY]))))
    assert picture.max() > picture.min()


def test_its_json_is_proposed_as_it_stands_and_imported(store: LocalDatasetStore, folder: Path) -> None:
    file = folder / "datasource-properties.json"
    before = json.loads(file.read_text())
    proposal = store.propose_import(KEY)
    assert proposal.data_source().layer("color").additional_axes == (T,)
    store.import_dataset(KEY, proposal.data_source())
    assert json.loads(file.read_text()) == {**before, "id": {"name": "series", "team": ""}}
    assert np.array_equal(store[KEY]["color"].at(t=6)[...], series_voxels(6))


def test_an_edit_keeps_the_axes_and_one_that_breaks_them_is_refused(
    store: LocalDatasetStore, folder: Path
) -> None:
    source = store.data_source(KEY)
    store.update_data_source(KEY, source.with_voxel_size((200, 200, 300)))
    assert store.data_source(KEY).layer("color").additional_axes == (T,)
    before = (folder / "datasource-properties.json").read_text()
    broken = source.changed_layer("color", additional_axes=(T.model_copy(update={"index": 4}),))
    with pytest.raises(InvalidDataSourceError, match="Dimension 4") as raised:
        store.update_data_source(KEY, broken)
    assert [problem.where for problem in raised.value.problems] == ["dataLayers[0].additionalAxes[0].index"]
    assert (folder / "datasource-properties.json").read_text() == before


def test_a_broken_axis_makes_it_broken_and_says_where(store: LocalDatasetStore, folder: Path) -> None:
    file = folder / "datasource-properties.json"
    document = json.loads(file.read_text())
    document["dataLayers"][0]["additionalAxes"][0]["bounds"] = [7, 7]
    file.write_text(json.dumps(document))
    store.refresh()
    record = store.record(KEY)
    assert record.status is DatasetStatus.BROKEN
    assert "additionalAxes[0].bounds" in record.status_message
