from __future__ import annotations

import json
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import pytest

from voxshelf.intake.samples import make_tissue_sample

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    Run = Callable[..., Any]


def states(run: Run) -> dict[str, str]:
    return {sample["name"]: sample["state"] for sample in json.loads(run("sample", "list", "--json").stdout)}


def test_the_list_has_built_in_and_published_samples(run: Run) -> None:
    assert set(states(run)) == {"tissue", "Sample_e2006_wkw", "Sample_FD0144_wkw", "Sample_MPRAGE_250um"}


def test_the_list_tells_which_samples_are_there(run: Run, root: Path) -> None:
    assert states(run)["tissue"] == "available"
    make_tissue_sample(root / "samples" / "tissue", size=(32, 32, 32))
    run("scan")
    assert states(run)["tissue"] == "present"


def test_the_list_tells_people_how_much_is_to_be_downloaded(run: Run) -> None:
    lines = run("sample", "list").stdout.splitlines()
    assert [line.split()[:1] for line in lines][:2] == [["SAMPLE"], ["tissue"]]
    assert "120 MB" in next(line for line in lines if "e2006" in line)


def test_a_sample_that_is_there_is_left_alone(run: Run, root: Path) -> None:
    make_tissue_sample(root / "mine" / "tissue", size=(32, 32, 32))
    assert "was there already" in run("sample", "add", "tissue", "--organization", "mine").stdout
    added = json.loads(run("sample", "add", "tissue", "--organization", "mine", "--json").stdout)
    assert (added["dataset"], added["added"]) == ("mine/tissue", False)


def test_an_unknown_sample_is_a_problem_that_names_the_known(run: Run) -> None:
    assert "tissue" in run("sample", "add", "nothing", code=1).stderr


def test_a_folder_with_something_else_is_not_touched(run: Run, root: Path) -> None:
    (root / "samples" / "tissue").mkdir(parents=True)
    result = run("sample", "add", "tissue", "--organization", "samples", code=1)
    assert "not imported yet" in result.stderr
    assert list((root / "samples" / "tissue").iterdir()) == []


@pytest.fixture
def no_samples(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A server that has none of the samples."""
    (tmp_path / "served").mkdir()
    handler = partial(SimpleHTTPRequestHandler, directory=str(tmp_path / "served"))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        monkeypatch.setenv("VOXSHELF_SAMPLES_URL", f"http://127.0.0.1:{server.server_port}/")
        yield
        server.shutdown()
        thread.join()


def test_a_sample_that_cannot_be_fetched_is_a_problem_and_failed(run: Run, no_samples: None) -> None:
    result = run("sample", "add", "Sample_e2006_wkw", code=1)
    assert "e2006_wkw.zip" in result.stderr
    assert states(run)["Sample_e2006_wkw"] == "failed"
