"""How a dataset first appears for everybody, being edited: the logic of the View configuration tab. No browser.

The draft is the document of the dataset's level (Edit View): it is partial, and says only what shall differ from
the levels below, the JSON file and the built-in defaults.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, ClassVar

import traitlets

from voxshelf.dataset import parse_text
from voxshelf.errors import VoxshelfError
from voxshelf.model import (
    Place,
    ResolvedViewConfiguration,
    Severity,
    ViewKey,
    partial_view,
    reset_view_document,
    resolve_view,
    shortest_view_document,
)
from voxshelf.widgets.drafts import Section
from voxshelf.widgets.edit_tabs.place_labels import VIEW, view_label
from voxshelf.widgets.edit_tabs.view_fields import ViewField
from voxshelf.widgets.edit_tabs.view_places import (
    is_said,
    laid_over,
    nested_value,
    placed_values,
    view_keys_of,
)
from voxshelf.widgets.open_viewers import OPEN_VIEWERS
from voxshelf.widgets.theme import Message, call

if TYPE_CHECKING:
    from collections.abc import Iterator

    from voxshelf.model import DatasetRecord, LayerSummary


class AppearanceSection(Section):
    """The view configuration of a dataset, value by value."""

    title = "View configuration"
    labels: ClassVar[dict[str, str]] = VIEW

    layer_names = traitlets.Tuple(help="The dataset's layers.")
    layers_as_json = traitlets.Bool(False, help="Whether the layers are shown as JSON instead of fields.")
    layers_text = traitlets.Unicode("")
    layers_problems = traitlets.Tuple(help="What is wrong with that JSON: Problems with their places in it.")
    own_settings = traitlets.Int(0, help="How many values the actor's own settings override, for her alone.")
    folders = traitlets.Tuple(help="Folders that the view configuration may be applied to.")

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.viewer: Any = None
        self.fields: dict[Place, ViewField] = {}
        self._file: dict[str, Any] = {}
        self._user: dict[str, Any] = {}
        self._layers: tuple[LayerSummary, ...] = ()
        self._filling = False
        self.observe(lambda _: self._take_text(), "layers_text")

    # -- what a person does ------------------------------------------------------------------

    @property
    def current_viewer(self) -> Any:
        """Whose view may become the default: the one that was given, else one of the dataset that is open; or None."""
        return self.viewer if self.viewer is not None else OPEN_VIEWERS.latest(self.store, self.key)

    def field(self, *place: str) -> ViewField:
        """The value at a place, such as ``"zoom"`` or ``"layers", "color", "alpha"``."""
        return self.fields[place]

    def reset(self, place: Place = ()) -> None:
        """Let the levels below decide about a value, a layer, or everything."""
        with self.lock:
            for field in self.fields.values():
                if field.place[: len(place)] == place:
                    field.error = ""
            self.edit(reset_view_document(self.draft.mine, place))

    def use_view(self) -> None:
        """Take over what the viewer shows now."""
        viewer = self.current_viewer
        if viewer is None:
            return
        wanted = viewer.configuration_document()
        shortest = shortest_view_document(wanted, self._below())
        mine = self.draft.mine
        for place, _ in placed_values(wanted):
            mine = reset_view_document(mine, place)
        self.edit(laid_over(mine, shortest))
        self.message = Message("This is how the viewer looks now; save it to make it the default.")

    def export_text(self) -> str:
        """The draft as JSON text."""
        return json.dumps(self.draft.mine, indent=2, ensure_ascii=False) + "\n"

    def import_text(self, text: str) -> None:
        """Put a JSON text, such as an exported one, in place of the draft; says what in it cannot be used."""
        parsing = parse_text(text)
        if not isinstance(parsing.document, dict):
            why = parsing.problems[0].message if parsing.problems else "It is not a JSON object."
            self.message = Message("This is not a view configuration.", "error", why)
            return
        view = partial_view(parsing.document, self._layers)
        self.edit(view.document)
        if view.problems:
            first = " ".join(str(problem) for problem in view.problems[:3])
            self.message = Message(f"Imported, but not all of it fits. {first}", "warning")
        else:
            self.message = Message("Imported; save it to make it the default.")

    def apply_to_folder(self, folder: str) -> None:
        """Give all datasets of a folder what is stored here, aside."""
        if self.unsaved:
            self.message = Message("Save first: what is stored is applied, not the draft.", "warning")
            return
        self.message = Message(f"Applying it to {folder} …")

        def apply() -> None:
            try:
                changed = self.store.copy_view_configuration(self.key, folder)
            except (VoxshelfError, OSError) as error:
                self.message = Message.of_error(error, doing="Applying it")
                return
            count = "1 dataset" if len(changed) == 1 else f"{len(changed)} datasets"
            names = ", ".join(changed[:5]) + (" …" if len(changed) > 5 else "")
            self.message = Message(f"{count} of {folder} changed{': ' if changed else ''}{names}.", "success")
            self.python = call("store.copy_view_configuration", self.key, folder)

        self.aside.run(f"apply view of {self.key}", apply)

    def forget_own_settings(self) -> None:
        """Give up what the actor set for herself alone, aside."""

        def forget() -> None:
            try:
                self.store.reset_view_configuration(self.key, to="dataset")
            except (VoxshelfError, OSError) as error:
                self.message = Message.of_error(error, doing="Forgetting your settings")
                return
            self._look_again()
            self.message = Message("Your own settings are gone; you see what everybody sees.", "success")
            self.python = call("store.reset_view_configuration", self.key, to="dataset")

        self.aside.run(f"own view of {self.key}", forget)

    # -- from the store and back -------------------------------------------------------------

    def _read(self, record: DatasetRecord) -> dict[str, Any]:
        levels = self.store.view_levels(record.key)
        self._file, self._user, self._layers = levels.file, levels.user, record.layers
        try:
            self.folders = tuple(folder.path for folder in self.store.people.folders(record.organization))
        except VoxshelfError:  # a visitor is told none
            self.folders = ()
        return levels.dataset

    def _write(self, mine: dict[str, Any]) -> None:
        self.store.update_view_configuration(
            self.key, mine, level="dataset", replace=True, version=self.draft.version, merge=True
        )

    # -- the fields --------------------------------------------------------------------------

    def _below(self) -> ResolvedViewConfiguration:
        return resolve_view(self._layers, file=self._file)

    def _fill(self, *, afresh: bool = False) -> None:
        self._filling = True
        try:
            self._make_fields()
            self._show_values(afresh=afresh)
            self._write_layers(afresh=afresh)
        finally:
            self._filling = False

    def _make_fields(self) -> None:
        wanted = dict(view_keys_of(self._layers))
        if list(wanted) == list(self.fields):
            return
        self.fields = {
            place: self.fields.get(place) or self._watched(place, wanted[place]) for place in wanted
        }
        self.layer_names = tuple(layer.name for layer in self._layers)

    def _watched(self, place: Place, key: ViewKey) -> ViewField:
        field = ViewField(place, key)
        field.observe(lambda _: self._take_field(field), "text")
        return field

    def _show_values(self, *, afresh: bool = False, typing: ViewField | None = None) -> None:
        mine = self.draft.mine
        resolved = resolve_view(self._layers, file=self._file, dataset=mine)
        below = self._below()
        values = {value.place: value for value in resolved.values}
        lower = {value.place: value for value in below.values}
        for place, field in self.fields.items():
            rewrite = field is not typing and (afresh or not field.error)
            field.show(values.get(place), lower.get(place), is_set=is_said(mine, place), rewrite=rewrite)
        self.own_settings = sum(place in self.fields for place, _ in placed_values(self._user))

    def _take_field(self, field: ViewField) -> None:
        with self.lock:
            if self._filling or not self.loaded:
                return
            try:
                value = field.read()
                field.error = ""
            except ValueError as error:
                field.error = str(error)
                self._tell()
                return
            if value is None:
                self.draft.mine = reset_view_document(self.draft.mine, field.place)
            else:
                self.draft.mine = laid_over(self.draft.mine, nested_value(field.place, value))
            self._filling = True
            try:
                self._show_values(typing=field)
                self._write_layers()
            finally:
                self._filling = False
            self._tell()

    # -- the layers as JSON ------------------------------------------------------------------

    def _write_layers(self, *, afresh: bool = False) -> None:
        layers = self.draft.mine.get("layers", {})
        parsing = parse_text(self.layers_text) if self.layers_text else None
        if afresh or parsing is None or parsing.document != layers:
            if not afresh and self.layers_as_json and parsing is not None and parsing.document is None:
                return  # somebody is typing, and has not come to the end of it
            self.layers_text = json.dumps(layers, indent=2, ensure_ascii=False)
        self._check_layers()

    def _take_text(self) -> None:
        with self.lock:
            if self._filling or not self.loaded:
                return
            layers = self._check_layers()
            if layers is not None:
                mine = {key: value for key, value in self.draft.mine.items() if key != "layers"}
                self.draft.mine = mine | ({"layers": layers} if layers else {})
                self._filling = True
                try:
                    self._show_values(afresh=True)
                finally:
                    self._filling = False
            self._tell()

    def _check_layers(self) -> dict[str, Any] | None:
        text = self.layers_text
        parsing = parse_text(text)
        found = [*parsing.problems]
        layers = parsing.document if isinstance(parsing.document, dict) else None
        if layers is not None:
            view = partial_view({"layers": layers}, self._layers)
            found += [problem.model_copy(update={"place": problem.place[1:]}) for problem in view.problems]
        self.layers_problems = tuple(found)
        return layers

    # -- what is wrong -----------------------------------------------------------------------

    def label_of(self, place: Place) -> str:
        """What a place is called on screen."""
        return view_label(place)

    def _edited(self) -> Iterator[str]:
        for change in self.edited:
            whole = change.after if change.after is not None else change.before
            # A first value of a layer adds all that is around it: what was edited is the value.
            is_part = len(change.place) < 3 and isinstance(whole, dict)
            inner = placed_values(nested_value(change.place, whole)) if is_part else ()
            yield from [self.label_of(place) for place, _ in inner] or [self.label_of(change.place)]

    def _find_hindrances(self) -> Iterator[tuple[Place, str]]:
        known = set()
        for place, field in self.fields.items():
            if field.error:
                known.add(place)
                yield place, field.error
        if not isinstance(parse_text(self.layers_text).document, dict):
            yield ("layers",), "The layers' JSON cannot be read."
        for problem in partial_view(self.draft.mine, self._layers).problems:
            if problem.severity is Severity.ERROR and problem.place not in known:
                yield problem.place, problem.message
