"""A process is killed while it works with a store; the next one finds nothing wrong.

``VOXSHELF_CRASHES=200`` lets it be killed that often on each database, which takes a minute or two.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from voxshelf.store import LocalDatasetStore
from voxshelf.testing.crash_findings import findings
from voxshelf.testing.folders import properties, write_dataset, write_properties

if TYPE_CHECKING:
    from pathlib import Path

CRASHES = int(os.environ.get("VOXSHELF_CRASHES", "24"))
FIRST = 20_261_127


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest) -> str:
    if request.param == "sqlite":
        return ""
    address: str = request.getfixturevalue("postgres_server").new_catalog()
    return address


@pytest.mark.timeout(600)
@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
def test_a_store_is_consistent_whenever_a_process_is_killed(tmp_path: Path, url: str) -> None:
    command = [
        sys.executable,
        "-m",
        "voxshelf.testing.crashing",
        str(tmp_path),
        url,
        str(FIRST),
        str(CRASHES),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    rounds = [json.loads(line) for line in done.stdout.splitlines()]
    assert [told for told in rounds if told["wrong"]] == []
    assert len(rounds) == CRASHES, done.stderr
    assert len({told["deed"] for told in rounds}) >= min(9, CRASHES // 4)


@pytest.mark.parametrize(
    ("harm", "finding"),
    [
        ("color/1/z0/y0/x0.wkw", "half a dataset"),
        ("datasource-properties.json", "is broken"),
    ],
)
def test_what_is_wrong_is_found(tmp_path: Path, harm: str, finding: str) -> None:
    folder = write_dataset(tmp_path, "lab/one_1")
    with LocalDatasetStore(tmp_path) as store:
        assert findings(store) == []
        (folder / harm).write_text("{")
        assert finding in "".join(findings(store))


def test_an_edit_that_is_in_the_json_and_not_in_its_history_is_found(tmp_path: Path) -> None:
    folder = write_dataset(tmp_path, "lab/one_1")
    with LocalDatasetStore(tmp_path, user="worker") as store:
        store.refresh()
        store.update_data_source("lab/one_1", store.data_source("lab/one_1").with_voxel_size((1, 2, 3)))
        assert findings(store) == []
        write_properties(folder, properties(scale=[9, 9, 9]))
        assert "the history of the JSON of lab/one_1" in "".join(findings(store))
