"""The Python that imports what the form would import. Pure: text."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Any

from voxshelf.errors import InvalidDataSourceError
from voxshelf.model import BoundingBox, VoxelSize, write_document
from voxshelf.widgets.data_fields import draft_of
from voxshelf.widgets.theme import call, literal

if TYPE_CHECKING:
    from voxshelf.model import Proposal
    from voxshelf.widgets.import_form.state import ImportFormState


def import_code(form: ImportFormState) -> str:
    """One line where nothing was changed; else the proposal, what is changed in it, and the import."""
    key, current, detected = form.key, form.current(), form.detected
    left_out = [name for name in detected.layer_names if name not in current.layer_names]
    changed = {
        finding.place: finding.value
        for finding in current.findings
        if finding.value is not None and detected.values.get(finding.place) != finding.value
    }
    if not changed and not left_out:
        return call("store.import_dataset", key)
    if not _says_all(detected, changed, left_out, current):
        document = literal(write_document(draft_of(current)))
        return f"from voxshelf.model import read_document\nstore.import_dataset({literal(key)}, read_document({document}).draft)"
    lines = [f"proposal = {call('store.propose_import', key)}"]
    lines += [
        f"proposal = proposal.with_value({literal(place)}, {_value(value)})"
        for place, value in changed.items()
    ]
    lines += [
        "proposal = proposal.model_copy(update={'findings': tuple("
        f"found for found in proposal.findings if found.place[:2] != ('layers', {literal(name)}))}})"
        for name in left_out
    ]
    lines.append(f"store.import_dataset({literal(key)}, proposal.data_source())")
    return "\n".join(lines)


def _says_all(detected: Proposal, changed: dict[Any, Any], left_out: list[str], current: Proposal) -> bool:
    """Whether the detected values with these changes are all that would be imported, written as Python can."""
    if not all(_is_plain(value) for value in changed.values()):
        return False
    proposal = detected
    for place, value in changed.items():
        proposal = proposal.with_value(place, value)
    kept = tuple(
        found for found in proposal.findings if found.place[1:2] not in [(name,) for name in left_out]
    )
    try:
        said = proposal.model_copy(update={"findings": kept}).data_source()
    except InvalidDataSourceError:
        return False
    return said == draft_of(current)


def _is_plain(value: Any) -> bool:
    return isinstance(value, int | float | str | VoxelSize | BoundingBox | Enum)


def _value(value: Any) -> str:
    if isinstance(value, VoxelSize):
        factor = tuple(int(edge) if edge == int(edge) else edge for edge in value.factor)
        unit = "" if value.unit == VoxelSize((1, 1, 1)).unit else f", {literal(value.unit.value)}"
        return f"vx.VoxelSize({literal(factor)}{unit})"
    if isinstance(value, BoundingBox):
        return f"vx.BoundingBox({literal(tuple(value.topleft))}, {literal(tuple(value.size))})"
    return literal(value.value if isinstance(value, Enum) else value)
