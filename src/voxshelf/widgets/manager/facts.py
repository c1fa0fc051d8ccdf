"""What is worth knowing about a dataset, as HTML."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voxshelf.model import DatasetStatus
from voxshelf.widgets.dataset_table.cells import STATUS_TONES, extent_text, physical_extent_text, time_text
from voxshelf.widgets.theme import chip, escape, fact_list, problem_list

if TYPE_CHECKING:
    from voxshelf.model import DatasetRecord, LayerSummary

_NEXT_STEPS = {
    DatasetStatus.BROKEN: "Correct the folder or its <code>datasource-properties.json</code>, then press Refresh.",
    DatasetStatus.MISSING: "Put the folder back (or mount the disk it lies on), then press Refresh; nothing that was "
    "entered here is lost.",
    DatasetStatus.UPLOADING: "Let the upload finish; the dataset can be imported then.",
    DatasetStatus.DELETED: "Press <b>Trash</b> above to bring it back.",
}


def title_markup(record: DatasetRecord) -> str:
    """Name, key and status."""
    tone = STATUS_TONES[record.status]
    return (
        f'{escape(record.title)} <span class="vx-key">{escape(record.key)}</span> '
        f"{chip(record.status.value, tone)}"
    )


def facts_markup(record: DatasetRecord) -> str:
    """Voxel size, extent, layers, tags, place and times."""
    facts = []
    if record.voxel_size is not None:
        facts.append(("Voxel size", escape(record.voxel_size)))
        facts.append(("Extent", f"{extent_text(record)} voxels, {escape(physical_extent_text(record))}"))
    facts += [(f"Layer {layer.name}", _layer_markup(layer)) for layer in record.layers]
    if record.tags:
        facts.append(("Tags", " ".join(chip(tag) for tag in record.tags)))
    if record.description:
        facts.append(("Description", escape(record.description)))
    if record.path:
        facts.append(("Folder", f"<code>{escape(record.path)}</code>"))
    facts.append(("Changed", time_text(record.changed)))
    return fact_list(facts)


def _layer_markup(layer: LayerSummary) -> str:
    channels = f", {layer.num_channels} channels" if layer.num_channels > 1 else ""
    mags = ", ".join(str(mag) for mag in layer.mags) or "none"
    largest = (
        f", largest segment id {layer.largest_segment_id:,}" if layer.largest_segment_id is not None else ""
    )
    # A layer named after its category would say the same word twice.
    kind = "" if layer.name == layer.category.value else f"{escape(layer.category)} – "
    return (
        f"{kind}{escape(layer.element_class)}{channels}; mags {mags}; "
        f"box {escape(layer.bounding_box)}{largest}"
    )


def reason_markup(record: DatasetRecord) -> str:
    """Why a dataset cannot be used now, and what to do."""
    problems = record.problems
    # One problem is usually what the status says, with its hint: once is enough.
    is_all_said = len(problems) == 1 and record.status_message.startswith(problems[0].message)
    said = f"<p>{escape(record.status_message)}</p>" if record.status_message and not is_all_said else ""
    step = _NEXT_STEPS.get(record.status, "")
    return f'{said}{problem_list(record.problems)}<p class="vx-hint">{step}</p>'
