"""One layer in the form: ``LayerForm`` with its fields, and its ``Fact`` s, which nobody edits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import traitlets

from voxshelf.model import Category, Confidence, ElementClass, Finding, Origin
from voxshelf.widgets.data_fields import BOUNDING_BOX, CATEGORY, LARGEST_SEGMENT_ID, Field

if TYPE_CHECKING:
    from voxshelf.widgets.data_fields import FieldKind


@dataclass(frozen=True)
class Fact:
    """A value that is shown and not edited: the data itself says it."""

    label: str
    text: str
    origin: Origin
    confidence: Confidence
    note: str = ""


class LayerForm(traitlets.HasTraits):
    """One layer: whether it is imported, its fields, and its facts.

    Parameters
    ----------
    name : str
        The layer's name.
    proposed : dict of str to Finding
        What was detected, by noun.
    current : dict of str to Finding
        The values to begin with, by noun.
    """

    included = traitlets.Bool(True)
    shows_segment_id = traitlets.Bool(help="Whether it is a segmentation now.")

    def __init__(self, name: str, proposed: dict[str, Finding], current: dict[str, Finding]) -> None:
        super().__init__()
        self.name = name
        self.findings = current
        self._proposed = proposed
        self.category = self._field(CATEGORY)
        self.bounding_box = self._field(BOUNDING_BOX)
        self.largest_segment_id = self._field(LARGEST_SEGMENT_ID)
        self.category.observe(lambda _: self._follow_category(), "text")
        self._follow_category()

    def _field(self, kind: FieldKind) -> Field:
        return Field(
            ("layers", self.name, kind.noun),
            kind,
            self._proposed.get(kind.noun),
            self.findings.get(kind.noun),
        )

    def _follow_category(self) -> None:
        self.shows_segment_id = self.category.value is Category.SEGMENTATION

    @property
    def by_noun(self) -> dict[str, Field]:
        """Its fields, also one that does not count now."""
        fields = (self.category, self.bounding_box, self.largest_segment_id)
        return {field.kind.noun: field for field in fields}

    @property
    def fields(self) -> tuple[Field, ...]:
        """The fields that count now."""
        always = (self.category, self.bounding_box)
        return (*always, self.largest_segment_id) if self.shows_segment_id else always

    @property
    def element_class(self) -> ElementClass | None:
        """The type of one voxel, where known."""
        finding = self.findings.get("element_class")
        return finding.value if finding else None

    @property
    def facts(self) -> tuple[Fact, ...]:
        """What the data itself says, for people."""
        labels = {
            "element_class": "Element class",
            "num_channels": "Channels",
            "mags": "Mags",
            "data_format": "Data format",
        }
        facts = []
        for noun, label in labels.items():
            found = self.findings.get(noun)
            if found is not None and found.value is not None:
                facts.append(Fact(label, _fact_text(found.value), found.origin, found.confidence, found.note))
        return tuple(facts)


def _fact_text(value: Any) -> str:
    if isinstance(value, tuple):
        return ", ".join(str(entry.mag) for entry in value)
    return str(value)
