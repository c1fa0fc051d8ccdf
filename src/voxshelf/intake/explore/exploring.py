"""``explore``: from a folder to a :class:`~voxshelf.model.Proposal`.

Every value comes with its origin: the existing JSON where that is valid, else a header, a folder's name, the data
on disk, or a stated rule; what nothing can tell *needs you*. A weird folder never raises: every refusal becomes a
problem, and all of them are told at once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from voxshelf.intake.explore.folders import look_into
from voxshelf.intake.explore.known import read_known
from voxshelf.intake.explore.layer_data import look_at_layer
from voxshelf.intake.explore.layer_findings import LayerFindings
from voxshelf.intake.explore.no_layers import explain_no_layers
from voxshelf.model import (
    Confidence,
    DataSourceId,
    Finding,
    Origin,
    Problem,
    Proposal,
    Severity,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from voxshelf.intake.explore.folders import Contents, LinkRule
    from voxshelf.intake.explore.known import Known

__all__ = ["explore"]


def explore(folder: Path, *, name: str, link_rule: LinkRule | None = None) -> Proposal:
    """Look at a dataset folder and propose its data source.

    Parameters
    ----------
    folder : Path
        Holds the layers' folders, with or without a ``datasource-properties.json``.
    name : str
        ``organization/dataset``, or the folder's name.
    link_rule : callable, optional
        Says why a symbolic link to a layer's or a mag's folder may not be followed; with a rule, links further
        below are not followed at all. Default: wherever they lead.

    Returns
    -------
    Proposal
        One finding per value, and all that is wrong or odd. Nothing on disk is changed.
    """
    known = read_known(folder)
    contents = look_into(folder, link_rule)
    problems = [*contents.problems, *known.problems]
    findings = [*_dataset_findings(known, name)]
    for layer in _layers(known, contents, problems, links_within=link_rule is None):
        findings.extend(layer.findings)
        problems.extend(layer.problems)
    if not any(finding.place[:1] == ("layers",) for finding in findings) and not contents.layers:
        problems.append(explain_no_layers(folder, contents))
    return Proposal(
        name=name, findings=tuple(findings), problems=tuple(dict.fromkeys(problems)), base=known.data_source
    )


def _dataset_findings(known: Known, name: str) -> Iterator[Finding]:
    from_json = "Stands in datasource-properties.json."
    if ("voxel_size",) in known.values:
        yield Finding(
            place=("voxel_size",), value=known.values["voxel_size",], origin=Origin.FILE, note=from_json
        )
    else:
        yield Finding(
            place=("voxel_size",),
            value=None,
            origin=Origin.NEEDS_YOU,
            confidence=Confidence.UNKNOWN,
            note="WKW files do not hold it. The microscope's log or the paper tells the pixel size (x, y) and the "
            "section thickness (z).",
        )
    organization, _, dataset = name.rpartition("/")
    if ("id",) in known.values:
        yield Finding(place=("id",), value=known.values["id",], origin=Origin.FILE, note=from_json)
    else:
        yield Finding(
            place=("id",),
            value=DataSourceId(name=dataset, team=organization),
            origin=Origin.FOLDER_NAME,
            note="The names of the folders.",
        )
    for noun in ("default_view_configuration", "other"):
        if (noun,) in known.values:
            yield Finding(place=(noun,), value=known.values[noun,], origin=Origin.FILE, note=from_json)


def _layers(
    known: Known, contents: Contents, problems: list[Problem], *, links_within: bool
) -> Iterator[LayerFindings]:
    """The layers of the JSON in its order, then those that only lie on disk."""
    on_disk = {layer.name: layer for layer in contents.layers}
    for name in known.layer_names:
        values = known.layer(name)
        folder = on_disk.pop(name, None)
        is_wkw = values.get("data_format", "wkw") == "wkw"
        if folder is None or not is_wkw:
            problems.extend(_absence(name, values.get("mags", ()), is_wkw=is_wkw))
        data = None
        if folder is not None and is_wkw:
            data = look_at_layer(folder, links_within=links_within)
        yield LayerFindings(name, values, data)
    for name, folder in on_disk.items():
        data = look_at_layer(folder, links_within=links_within)
        if known.exists and data.mags and known.layer_names:
            problems.append(
                Problem(
                    place=("layers", name),
                    message=f"Layer {name!r} lies on disk, but the JSON does not name it.",
                    hint="It is proposed as a new layer; leave it out if it should not be used.",
                    severity=Severity.WARNING,
                )
            )
        if data.mags:
            yield LayerFindings(name, {}, data)
        else:
            problems.extend(data.problems)
            problems.append(
                Problem(
                    place=("layers", name),
                    message=f"Folder {name!r} is left out: none of its mags can be read.",
                    hint="Mend the mags named above, or remove the folder.",
                )
            )


def _absence(name: str, mags: tuple[object, ...], *, is_wkw: bool) -> Iterator[Problem]:
    """Why a layer of the JSON was not looked at."""
    if not is_wkw:
        yield Problem(
            place=("layers", name),
            message=f"Layer {name!r} is not WKW; its data was not looked at.",
            hint="Its values stand as the JSON gives them.",
            severity=Severity.INFO,
        )
    elif not mags or any(getattr(entry, "path", None) is None for entry in mags):
        yield Problem(
            place=("layers", name),
            message=f"Layer {name!r} stands in the JSON, but has no folder with mags on disk.",
            hint="Bring the folder back, correct the layer's name, or remove the layer.",
            severity=Severity.WARNING,
        )
