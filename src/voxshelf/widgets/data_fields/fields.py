"""Editable values: ``Field`` holds what was typed, what it means, and where the value came from.

A field's ``text`` is always exactly what the person typed; ``value`` is what it means, None where it is empty or
cannot be read; ``error`` says why it cannot be read. Setting the proposed value again brings its origin back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import traitlets

from voxshelf.model import Confidence, Finding, Origin, Place

if TYPE_CHECKING:
    from voxshelf.widgets.data_fields.field_kinds import FieldKind


class Field(traitlets.HasTraits):
    """One editable value.

    Parameters
    ----------
    place : tuple of str
        Which value, among the nouns.
    kind : FieldKind
        How it is written and read.
    proposed : Finding or None
        The proposed value, to which one can always come back.
    current : Finding, optional
        The value to begin with, where it is another one.
    """

    text = traitlets.Unicode("")
    error = traitlets.Unicode("", help="What is wrong with the text, as a sentence.")
    origin = traitlets.UseEnum(Origin, default_value=Origin.NEEDS_YOU)
    confidence = traitlets.UseEnum(Confidence, default_value=Confidence.UNKNOWN)
    note = traitlets.Unicode("")

    def __init__(
        self, place: Place, kind: FieldKind, proposed: Finding | None, current: Finding | None = None
    ) -> None:
        super().__init__()
        self.place = place
        self.kind = kind
        self.proposed = proposed or Finding(
            place=place, value=None, origin=Origin.NEEDS_YOU, confidence=Confidence.UNKNOWN
        )
        self.value: Any = None
        self._computed: tuple[Any, str] | None = None
        self.set_value(self.proposed.value)
        if current is not None and current.value != self.value:
            if current.origin is Origin.DATA:
                self.set_computed(current.value, current.note)
            else:
                self.set_value(current.value)
        self.observe(lambda _: self._read(), "text")

    @property
    def needs_you(self) -> bool:
        """Whether nobody but a person can say it, and none has yet."""
        return self.value is None and (self.kind.required or self.proposed.origin is Origin.NEEDS_YOU)

    @property
    def missing(self) -> bool:
        """Whether import must wait for it."""
        return self.value is None and self.kind.required

    @property
    def doubt(self) -> str:
        """What is unlikely about the value, as a sentence; empty where nothing is."""
        return "" if self.value is None else self.kind.doubt(self.value)

    @property
    def finding(self) -> Finding:
        """The present value with where it came from."""
        return Finding(
            place=self.place, value=self.value, origin=self.origin, confidence=self.confidence, note=self.note
        )

    def set_value(self, value: Any) -> None:
        """Write ``value`` into the text; None leaves a text that cannot be read as it is."""
        if value is None and self.value is None and self.error:
            return
        self.text = "" if value is None else self.kind.write(value)
        self._read()

    def set_computed(self, value: Any, note: str) -> None:
        """Write a value that was found in the data; ``note`` says how."""
        self._computed = (value, note)
        self.set_value(value)

    def _read(self) -> None:
        try:
            self.value = self.kind.read(self.text) if self.text.strip() else None
            error = ""
        except ValueError as problem:
            self.value, error = None, str(problem)
        self.origin, self.confidence, self.note = self._source(readable=not error)
        self.error = error

    def _source(self, *, readable: bool) -> tuple[Origin, Confidence, str]:
        if self._computed is not None and self.value == self._computed[0]:
            return Origin.DATA, Confidence.CERTAIN, self._computed[1]
        if self.value == self.proposed.value and readable:
            return self.proposed.origin, self.proposed.confidence, self.proposed.note
        return Origin.PERSON, Confidence.CERTAIN, ""
