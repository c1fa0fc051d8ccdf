"""What a person chose in the viewer is kept as theirs; what the viewer found out is not."""

from __future__ import annotations

from typing import Any

import pytest

from voxshelf.widgets.slice_viewer import SliceViewer
from voxshelf.widgets.slice_viewer.remembering import Remembering


@pytest.fixture
def viewer(store: Any) -> SliceViewer:
    return SliceViewer(store["lab/brain"])


@pytest.fixture
def remembering(store: Any, viewer: SliceViewer, at_once: Any) -> Remembering:
    return Remembering(store, "lab/brain", viewer, at_once)


@pytest.mark.usefixtures("remembering")
def test_only_what_was_changed_is_kept(store: Any, viewer: SliceViewer) -> None:
    viewer.layers["color"].alpha = 40.0
    assert store.kept_views == [("lab/brain", {"layers": {"color": {"alpha": 40.0}}}, "user")]


@pytest.mark.usefixtures("remembering")
def test_a_contrast_that_the_viewer_chose_is_not_kept(store: Any, viewer: SliceViewer) -> None:
    with viewer._quietly():
        viewer.layers["color"].window = (3.0, 40.0)
    viewer.layers["color"].alpha = 40.0
    assert [document for _, document, _ in store.kept_views] == [{"layers": {"color": {"alpha": 40.0}}}]


@pytest.mark.usefixtures("remembering")
def test_a_contrast_that_a_person_chose_is_kept(store: Any, viewer: SliceViewer) -> None:
    viewer.layers["color"].window = (3.0, 40.0)
    assert [document for _, document, _ in store.kept_views] == [
        {"layers": {"color": {"intensityRange": [3.0, 40.0]}}}
    ]


def test_nothing_is_kept_after_the_end(store: Any, viewer: SliceViewer, remembering: Remembering) -> None:
    remembering.stop()
    viewer.layers["color"].alpha = 40.0
    assert store.kept_views == []


@pytest.mark.usefixtures("remembering")
def test_a_visitor_without_an_account_may_look_on(
    store: Any, viewer: SliceViewer, unavailable: Exception
) -> None:
    store.fails = unavailable
    viewer.layers["color"].alpha = 40.0
    assert viewer.layers["color"].alpha == 40.0


def test_a_contrast_that_the_viewer_finds_while_something_is_stored_is_not_kept(
    store: Any, viewer: SliceViewer
) -> None:
    waiting: list[Any] = []

    class Later:
        def run(self, slot: str, call: Any, *, delay: float = 0.0) -> None:
            waiting.append(call)

    Remembering(store, "lab/brain", viewer, Later())
    viewer.layers["color"].alpha = 40.0
    with viewer._quietly():
        viewer.layers["color"].window = (3.0, 40.0)
    waiting[-1]()
    assert [document for _, document, _ in store.kept_views] == [{"layers": {"color": {"alpha": 40.0}}}]


def test_what_could_not_be_stored_is_stored_with_the_next_edit(
    store: Any, viewer: SliceViewer, remembering: Remembering, unavailable: Exception
) -> None:
    store.fails = unavailable
    viewer.layers["color"].alpha = 40.0
    assert remembering.held() == {("layers", "color", "alpha")}
    store.fails = None
    viewer.interpolation = True
    assert [document for _, document, _ in store.kept_views] == [
        {"interpolation": True, "layers": {"color": {"alpha": 40.0}}}
    ]
    assert remembering.held() == frozenset()
