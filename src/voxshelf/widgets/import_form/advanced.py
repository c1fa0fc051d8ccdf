"""A proposal as ``datasource-properties.json`` and back: the form's *Advanced* side. Pure: text and nouns.

A value that is still missing stands as ``null`` in the JSON. Unknown keys of an existing JSON are in the text,
and what a person writes there is kept. Switching back is possible as long as everything that *is* there can be
read; broken rules (an empty box) do not block it: the simple side shows them at their fields.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from voxshelf.model import (
    Confidence,
    Finding,
    Origin,
    Problem,
    Proposal,
    errors_among,
    read_document,
    write_document,
)
from voxshelf.widgets.data_fields import draft_of

if TYPE_CHECKING:
    from voxshelf.model import Place, Values

_KEYS = {"category": "category", "element_class": "elementClass", "bounding_box": "boundingBox"}
_STAND_IN_SCALE = [1, 1, 1]


@dataclass(frozen=True)
class AdvancedReading:
    """What the JSON text says.

    Parameters
    ----------
    proposal : Proposal or None
        The values, with the origins they had and ``you`` where they differ; None while ``blocked``.
    problems : tuple of Problem
        Everything wrong, with its place in the document.
    """

    proposal: Proposal | None
    problems: tuple[Problem, ...]

    @property
    def blocked(self) -> bool:
        """Whether something in the text cannot be read at all."""
        return self.proposal is None


def write_text(proposal: Proposal) -> str:
    """The proposal as indented JSON, ``null`` where a value is missing."""
    values = proposal.values
    document = write_document(draft_of(proposal))
    if ("voxel_size",) not in values:
        document["scale"] = None
    for name, layer in zip(proposal.layer_names, document["dataLayers"], strict=True):
        for noun, key in _KEYS.items():
            if ("layers", name, noun) not in values:
                layer[key] = None
    return json.dumps(document, indent=2, ensure_ascii=False)


def read_text(text: str, before: Proposal) -> AdvancedReading:
    """Read the text back.

    Parameters
    ----------
    text : str
        What the person left in the editor.
    before : Proposal
        Where unchanged values get their origins from.
    """
    try:
        document = json.loads(text)
    except json.JSONDecodeError as error:
        problem = Problem(
            message=f"Line {error.lineno}, column {error.colno}: this is not JSON ({error.msg}).",
            hint="Correct it there; often a comma or a quotation mark is missing.",
        )
        return AdvancedReading(None, (problem,))
    problems = read_document(document).problems
    # A missing voxel size must not hide what else is there.
    has_scale = isinstance(document, dict) and document.get("scale") is not None
    complete = (
        document if has_scale or not isinstance(document, dict) else {**document, "scale": _STAND_IN_SCALE}
    )
    reading = read_document(complete)
    unreadable = [problem for problem in errors_among(reading.problems) if _present(document, problem.place)]
    if reading.draft is None and (unreadable or not isinstance(document, dict)):
        return AdvancedReading(None, problems)
    values = dict(reading.values)
    if not has_scale:
        values.pop(("voxel_size",), None)
    proposal = Proposal(
        name=before.name,
        findings=_findings(values, before),
        problems=before.problems,
        base=reading.draft or before.base,
    )
    return AdvancedReading(proposal, problems)


def _present(document: Any, place: Place) -> bool:
    """Whether something other than ``null`` stands at ``place``."""
    node = document
    for part in place:
        try:
            node = node[part]
        except (KeyError, IndexError, TypeError):
            return False
    return node is not None


def _findings(values: Values, before: Proposal) -> tuple[Finding, ...]:
    old = {finding.place: finding for finding in before.findings}
    names = {place[1] for place in values if place[:1] == ("layers",)}
    findings = []
    for place, value in values.items():
        known = old.get(place)
        unchanged = known is not None and known.value == value
        person = Finding(place=place, value=value, origin=Origin.PERSON, confidence=Confidence.CERTAIN)
        findings.append(known if unchanged and known else person)
    still_missing = [
        finding
        for finding in before.findings
        if finding.place not in values and (finding.place[0] != "layers" or finding.place[1] in names)
    ]
    emptied = [
        finding
        if finding.value is None
        else finding.model_copy(update={"value": None, "origin": Origin.PERSON})
        for finding in still_missing
    ]
    return (*findings, *emptied)
