"""Links to layers and mags: followed where they may lead, told where they lead nowhere, in circles or too far."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from voxshelf.intake import explore
from voxshelf.model import BoundingBox, Problem, Proposal
from voxshelf.testing.folders import write_dataset, write_layer

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

CUBE = BoundingBox((0, 0, 0), (32, 32, 32))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_dataset(tmp_path / "data", "lab/one", layers={"color": "uint8"}, with_json=False)


def only_below(allowed: Path) -> Callable[[Path], Problem | None]:
    """A rule: links may lead to what lies below ``allowed``."""

    def rule(path: Path) -> Problem | None:
        if path.resolve().is_relative_to(allowed.resolve()):
            return None
        return Problem(message=f"{path} leads too far.")

    return rule


def value(proposal: Proposal, *place: str) -> Any:
    return next(finding.value for finding in proposal.findings if finding.place == place)


def mags(proposal: Proposal, layer: str = "color") -> list[str]:
    return [str(entry.mag) for entry in value(proposal, "layers", layer, "mags")]


def messages(proposal: Proposal) -> str:
    return "\n".join(str(problem) for problem in proposal.problems)


# -- nowhere and in circles ------------------------------------------------------------------------


def test_a_mag_link_that_leads_nowhere_is_told_and_the_other_mags_stay(folder: Path) -> None:
    (folder / "color" / "2").symlink_to("/cluster/gone/2")
    proposal = explore(folder, name="lab/one")
    assert mags(proposal) == ["1"]
    assert "/cluster/gone/2" in messages(proposal)


def test_mag_links_that_lead_in_a_circle_are_told_and_the_other_mags_stay(folder: Path) -> None:
    (folder / "color" / "2").symlink_to("4")
    (folder / "color" / "4").symlink_to("2")
    proposal = explore(folder, name="lab/one")
    assert mags(proposal) == ["1"]
    assert messages(proposal).count("leads in a circle") == 2


def test_layer_links_that_lead_in_a_circle_are_told_and_the_other_layers_stay(folder: Path) -> None:
    (folder / "a").symlink_to("b")
    (folder / "b").symlink_to("a")
    proposal = explore(folder, name="lab/one")
    assert proposal.layer_names == ("color",)
    assert messages(proposal).count("leads in a circle") == 2


@pytest.mark.parametrize("target", [".", "..", "../.."])
def test_a_layer_link_back_up_is_no_layer_and_ends(folder: Path, target: str) -> None:
    (folder / "loop").symlink_to(target)
    assert explore(folder, name="lab/one").layer_names == ("color",)


@pytest.mark.parametrize("target", [".", "..", "../../.."])
def test_a_mag_link_back_up_is_left_out_with_the_reason(folder: Path, target: str) -> None:
    (folder / "color" / "2").symlink_to(target)
    proposal = explore(folder, name="lab/one")
    assert mags(proposal) == ["1"]
    assert "Mag 2 is left out" in messages(proposal)


def test_a_loop_among_the_cubes_ends(folder: Path) -> None:
    (folder / "color" / "1" / "z1").symlink_to(".")
    (folder / "color" / "1" / "z0" / "y1").symlink_to("..")
    (folder / "color" / "1" / "z0" / "y0" / "x7.wkw").symlink_to("x7.wkw")
    assert value(explore(folder, name="lab/one"), "layers", "color", "bounding_box") == CUBE


def test_a_json_that_is_a_link_to_nowhere_is_told(folder: Path) -> None:
    (folder / "datasource-properties.json").symlink_to("/cluster/gone.json")
    assert "/cluster/gone.json" in messages(explore(folder, name="lab/one"))


# -- as far as the rule allows ---------------------------------------------------------------------


def test_links_within_the_allowed_places_are_followed(folder: Path, tmp_path: Path) -> None:
    write_layer(tmp_path / "cluster" / "segmentation", dtype="uint32")
    write_layer(tmp_path / "cluster" / "coarse", mags=["2"])
    (folder / "segmentation").symlink_to(tmp_path / "cluster" / "segmentation")
    (folder / "color" / "2").symlink_to(tmp_path / "cluster" / "coarse" / "2")
    proposal = explore(folder, name="lab/one", link_rule=only_below(tmp_path / "cluster"))
    assert proposal.layer_names == ("color", "segmentation")
    assert mags(proposal) == ["1", "2"]


def test_a_layer_link_that_leads_too_far_is_not_read(folder: Path, tmp_path: Path) -> None:
    write_layer(tmp_path / "secret" / "layer")
    (folder / "stolen").symlink_to(tmp_path / "secret" / "layer")
    proposal = explore(folder, name="lab/one", link_rule=only_below(tmp_path / "data"))
    assert proposal.layer_names == ("color",)
    assert "stolen leads too far" in messages(proposal)


def test_a_mag_link_that_leads_too_far_is_not_read(folder: Path, tmp_path: Path) -> None:
    write_layer(tmp_path / "secret" / "layer", mags=["2"])
    (folder / "color" / "2").symlink_to(tmp_path / "secret" / "layer" / "2")
    proposal = explore(folder, name="lab/one", link_rule=only_below(tmp_path / "data"))
    assert mags(proposal) == ["1"]
    assert "leads too far" in messages(proposal)


def test_a_link_in_an_allowed_layer_that_leads_too_far_is_not_read(folder: Path, tmp_path: Path) -> None:
    write_layer(tmp_path / "secret" / "layer", mags=["2"])
    write_layer(tmp_path / "cluster" / "more")
    (tmp_path / "cluster" / "more" / "2").symlink_to(tmp_path / "secret" / "layer" / "2")
    (folder / "more").symlink_to(tmp_path / "cluster" / "more")
    proposal = explore(folder, name="lab/one", link_rule=only_below(tmp_path / "cluster"))
    assert mags(proposal, "more") == ["1"]


@pytest.mark.parametrize("within", ["header.wkw", "z0", "z0/y0", "z0/y0/x0.wkw"])
def test_with_a_rule_links_within_a_mag_are_not_followed_wherever_they_lead(
    folder: Path, tmp_path: Path, within: str
) -> None:
    write_layer(folder / "other", mags=["1", "2"])
    linked = folder / "other" / "1" / within
    linked.rename(tmp_path / "moved")
    linked.symlink_to(tmp_path / "moved")
    proposal = explore(folder, name="lab/one", link_rule=only_below(tmp_path))
    assert mags(proposal, "other") == ["2"]
    assert f"{linked} is a symbolic link" in messages(proposal)


def test_without_a_rule_links_within_a_mag_are_the_persons_own_choice(folder: Path, tmp_path: Path) -> None:
    cube = folder / "color" / "1" / "z0"
    cube.rename(tmp_path / "moved")
    cube.symlink_to(tmp_path / "moved")
    assert value(explore(folder, name="lab/one"), "layers", "color", "bounding_box") == CUBE
