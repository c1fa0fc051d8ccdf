"""The import form without its looks: what was proposed, what the person made of it, and importing it.

Everything may be called from any thread; looking at the folder, drawing the preview, counting ids and importing
run aside. Words: *proposal* is what was found in the folder; the *form* is it with the person's changes.
"""

from __future__ import annotations

import threading
from enum import StrEnum
from typing import TYPE_CHECKING

import traitlets

from voxshelf.errors import InvalidDataSourceError, VoxshelfError
from voxshelf.model import (
    ChangeEvent,
    ChangeKind,
    DataSource,
    Finding,
    Place,
    Problem,
    Proposal,
    check_data_source,
    errors_among,
)
from voxshelf.widgets.aside import Aside
from voxshelf.widgets.data_fields import VOXEL_SIZE, Field, draft_of
from voxshelf.widgets.import_form.advanced import AdvancedReading, read_text, write_text
from voxshelf.widgets.import_form.layer_form import LayerForm
from voxshelf.widgets.import_form.places import noun_place
from voxshelf.widgets.theme import Message

if TYPE_CHECKING:
    from voxshelf.store import DatasetStore


class Stage(StrEnum):
    """How far an import is."""

    LOOKING = "looking"
    READY = "ready"
    IMPORTING = "importing"
    IMPORTED = "imported"
    FAILED = "failed"


class ImportFormState(traitlets.HasTraits):
    """What is to be imported, value by value.

    Parameters
    ----------
    store : DatasetStore
        Where it is imported.
    key : str
        ``organization/name``.
    aside : Aside, optional
        Where slow work runs.
    """

    stage = traitlets.UseEnum(Stage, default_value=Stage.LOOKING)
    message = traitlets.Instance(Message, args=())
    layers = traitlets.Tuple(
        help="One LayerForm per layer; replaced as a whole when the form is filled anew."
    )
    fillings = traitlets.Int(0, help="Grows whenever the form is filled anew, also without any layer.")
    open_points = traitlets.Tuple(
        help="What must be done before it can be imported: (place, sentence) pairs."
    )
    changes = traitlets.Int(0, help="Grows with every change of a value.")
    advanced = traitlets.Bool(False, help="Whether the JSON is shown instead of the fields.")
    json_text = traitlets.Unicode("")
    json_problems = traitlets.Tuple(help="What is wrong with the JSON: Problems with their places.")
    json_blocked = traitlets.Bool(False, help="Whether the JSON cannot be read, so that one cannot leave it.")
    imported = traitlets.Unicode(None, allow_none=True, help="The key, once it has been imported.")

    def __init__(self, store: DatasetStore, key: str, *, aside: Aside | None = None) -> None:
        super().__init__()
        self.store = store
        self.key = key
        self.aside = aside or Aside(self._on_failure)
        self.proposal = self._detected = Proposal(name=key, findings=())
        self.voxel_size = Field(("voxel_size",), VOXEL_SIZE, None)
        self._lock = threading.RLock()
        self.observe(lambda _: self._read_json(), "json_text")
        self._connection = store.changed.connect(self._on_store_changed)
        self.look()

    # -- what a person does ------------------------------------------------------------------

    def look(self) -> None:
        """Look at the folder anew, aside; what was typed before is lost."""
        self.stage = Stage.LOOKING
        self.message = Message("Looking at the folder …")
        self.aside.run("propose", self._propose)

    def layer(self, name: str) -> LayerForm:
        """The form of one layer; KeyError if there is none of that name."""
        layers: tuple[LayerForm, ...] = self.layers
        return {layer.name: layer for layer in layers}[name]

    def show_advanced(self) -> None:
        """Write the values as JSON and show that."""
        with self._lock:
            if not self.advanced:
                self.json_text = write_text(self.current())
                self._read_json()
                self.advanced = True

    def show_simple(self) -> None:
        """Take the JSON's values over into the fields and show those; stays where it is while blocked."""
        with self._lock:
            if not self.advanced:
                return
            if self._adopt_json():
                self.advanced = False

    def import_now(self) -> None:
        """Import aside; ``imported`` or ``message`` says how it went."""
        with self._lock:
            if self.stage is Stage.IMPORTING:
                return
            if self.advanced and not self._adopt_json():
                return
            if self.open_points:
                sentences = " ".join(sentence for _, sentence in self.open_points)
                self.message = Message("This cannot be imported yet.", "error", sentences)
                return
            self.stage = Stage.IMPORTING
            self.message = Message("Importing …")
        self.aside.run("import", self._import)

    def wait(self, timeout: float = 10.0) -> bool:
        """Block until everything asked for is done; False if that takes longer than ``timeout`` seconds."""
        return self.aside.wait(timeout)

    def close(self) -> None:
        """Stop following the store."""
        self.store.changed.disconnect(self._connection, missing_ok=True)
        self.aside.drop()

    # -- the values --------------------------------------------------------------------------

    @property
    def fields(self) -> tuple[Field, ...]:
        """All fields that count now: the voxel size, then those of the included layers."""
        included = [layer for layer in self.layers if layer.included]
        return (self.voxel_size, *(field for layer in included for field in layer.fields))

    @property
    def success(self) -> Message:
        """What is said when it has been imported."""
        return Message(f"{self.key} has been imported and is ready to use.", "success")

    @property
    def detected(self) -> Proposal:
        """What was found in the folder, before anybody changed it."""
        return self._detected

    def current(self) -> Proposal:
        """The proposal with the person's values, without the layers that she left out."""
        left_out = {layer.name for layer in self.layers if not layer.included}
        full = self.proposal_in_full()
        findings = tuple(
            finding
            for finding in full.findings
            if finding.place[:1] != ("layers",) or finding.place[1] not in left_out
        )
        return full.model_copy(update={"findings": findings})

    def proposal_in_full(self) -> Proposal:
        """The proposal with the person's values, each with its origin."""
        mine = {field.place: field.finding for layer in self.layers for field in layer.fields}
        mine[self.voxel_size.place] = self.voxel_size.finding
        hidden = {layer.largest_segment_id.place for layer in self.layers if not layer.shows_segment_id}
        old = [finding for finding in self.proposal.findings if finding.place not in hidden]
        places = {finding.place for finding in old}
        new = [finding for place, finding in mine.items() if place not in places]
        findings = (*(mine.get(finding.place, finding) for finding in old), *new)
        return self.proposal.model_copy(update={"findings": findings})

    def data_source(self) -> DataSource:
        """What would be imported now.

        Raises
        ------
        InvalidDataSourceError
            With everything that is missing or breaks a rule.
        """
        current = self.current()
        current.data_source()  # complains about everything at once
        return draft_of(current)

    # -- following ---------------------------------------------------------------------------

    def _propose(self) -> None:
        try:
            proposal = self.store.propose_import(self.key)
        except (VoxshelfError, OSError) as error:
            self.message = Message.of_error(error, doing="Looking at the folder")
            self.stage = Stage.FAILED
            return
        with self._lock:
            self._detected = proposal
            self._fill(proposal)
            self.advanced = False
            self.message = Message()
            self.stage = Stage.READY

    def _fill(self, proposal: Proposal) -> None:
        """Make fields for a proposal; what was detected at first stays the value to come back to."""
        self.proposal = proposal
        detected = {finding.place: finding for finding in self._detected.findings}
        current = {finding.place: finding for finding in proposal.findings}
        place: Place = ("voxel_size",)
        self.voxel_size = self._watched(Field(place, VOXEL_SIZE, detected.get(place), current.get(place)))
        layers = []
        for name in proposal.layer_names:
            layer = LayerForm(name, _of_layer(detected, name), _of_layer(current, name))
            layer.observe(lambda _: self._check(), ["included", "shows_segment_id"])
            for field in (layer.category, layer.bounding_box, layer.largest_segment_id):
                self._watched(field)
            layers.append(layer)
        self.layers = tuple(layers)
        self.fillings += 1
        self._check()

    def _watched(self, field: Field) -> Field:
        field.observe(lambda _: self._check(), ["text", "origin"])
        return field

    def _take_over(self, proposal: Proposal) -> None:
        """Put the JSON's values into the fields; what could not be read there stays as it was typed."""
        typed = {field.place: field.text for field in self.fields if field.error}
        left_out = [layer for layer in self.layers if layer.name not in proposal.layer_names]
        kept = [finding for layer in left_out for finding in layer.findings.values()]
        self._fill(proposal.model_copy(update={"findings": (*proposal.findings, *kept)}))
        for layer in left_out:
            self.layer(layer.name).included = False
        for field in self.fields:
            if field.value is None and field.place in typed:
                field.text = typed[field.place]

    def _check(self) -> None:
        """Say at each field, and in ``open_points``, what stands between this and importing it."""
        with self._lock:
            points: list[tuple[Place, str]] = []
            for field in self.fields:
                if field.error:
                    points.append((field.place, f"{_label(field)}: {field.error}"))
                elif field.missing:
                    points.append((field.place, f"{_label(field)} is missing."))
            points += self._broken_rules({place for place, _ in points})
            if not any(layer.included for layer in self.layers):
                points.append((("layers",), "There is no layer to import."))
            self.open_points = tuple(points)
            self.changes += 1

    def _broken_rules(self, known: set[Place]) -> list[tuple[Place, str]]:
        current = self.current()
        if not current.layer_names:
            return []
        broken = []
        for problem in errors_among(check_data_source(draft_of(current))):
            place = noun_place(problem.place, current.layer_names)
            if place not in known:
                broken.append((place, f"{problem.message} {problem.hint}".strip()))
        return broken

    def _read_json(self) -> None:
        with self._lock:
            if self.json_text:
                self._show_reading(read_text(self.json_text, self.proposal_in_full()))

    def _adopt_json(self) -> bool:
        """Take the JSON's values over into the fields; False, with a message, where it cannot be read."""
        reading = read_text(self.json_text, self.proposal_in_full())
        self._show_reading(reading)
        if reading.proposal is None:
            self.message = Message(
                "The JSON cannot be read yet.", "error", "Correct the places named below it."
            )
            return False
        self._take_over(reading.proposal)
        return True

    def _show_reading(self, reading: AdvancedReading) -> None:
        self.json_problems = reading.problems
        self.json_blocked = reading.blocked

    def _import(self) -> None:
        try:
            self.store.import_dataset(self.key, self.data_source())
        except InvalidDataSourceError as error:
            self._show_refusal(error.problems)
            self.message = Message(error.what, "error", error.hint)
            self.stage = Stage.READY
        except (VoxshelfError, OSError) as error:
            self.message = Message.of_error(error, doing="Importing")
            self.stage = Stage.READY
        else:
            self._finish()

    def _finish(self) -> None:
        with self._lock:
            self.stage = Stage.IMPORTED
            self.message = self.success
            self.imported = self.key

    def _show_refusal(self, problems: tuple[Problem, ...]) -> None:
        names = self.current().layer_names
        self.open_points = tuple(
            (noun_place(problem.place, names), f"{problem.message} {problem.hint}".strip())
            for problem in errors_among(problems)
        )

    def _on_failure(self, error: Exception) -> None:
        self.message = Message.of_error(error, doing="This")
        self.stage = Stage.READY if self.layers else Stage.FAILED

    def _on_store_changed(self, event: ChangeEvent) -> None:
        if event.key != self.key or event.kind is not ChangeKind.IMPORTED:
            return
        if self.stage in (Stage.READY, Stage.FAILED):
            self.message = Message(
                f"{self.key} has been imported elsewhere in the meantime.",
                "warning",
                "Importing it here replaces those values.",
            )


def _of_layer(findings: dict[Place, Finding], name: str) -> dict[str, Finding]:
    return {str(place[2]): finding for place, finding in findings.items() if place[:2] == ("layers", name)}


def _label(field: Field) -> str:
    where = f"{field.place[1]}: " if field.place[0] == "layers" else ""
    text = f"{where}{field.kind.label}"
    return text[0].upper() + text[1:] if not where else text
