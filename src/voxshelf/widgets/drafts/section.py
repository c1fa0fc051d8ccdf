"""``Section``: the logic of a form over one document of a dataset. No browser.

What is stored is read and written aside. A section follows the store: whoever owns it hands it the new record
with :meth:`Section.follow`. Subclasses say how their document is read, written and shown in their fields.
"""

from __future__ import annotations

import copy
import threading
from typing import TYPE_CHECKING, Any, ClassVar

import traitlets

from voxshelf.errors import EditConflict, InvalidDataSourceError, NotAllowedError, VoxshelfError
from voxshelf.model import DatasetRecord, Place, diff_documents, errors_among, format_place
from voxshelf.widgets.drafts.draft import Draft
from voxshelf.widgets.theme import Message

if TYPE_CHECKING:
    from collections.abc import Iterable

    from voxshelf.model import Change
    from voxshelf.store import DatasetStore
    from voxshelf.widgets.aside import Aside


class Section(traitlets.HasTraits):
    """One document of a dataset, being edited.

    Parameters
    ----------
    store : DatasetStore
        Where it is kept.
    key : str
        ``organization/name``.
    aside : Aside
        Where slow work runs.

    Attributes
    ----------
    draft : Draft
        What is stored, and the person's edits of it.
    edited : tuple of Change
        The edits, as they were when they were told last: forms ask for them once per row.
    """

    title: ClassVar[str] = ""
    right: ClassVar[str] = "edit"
    labels: ClassVar[dict[str, str]] = {}

    loaded = traitlets.Bool(False, help="Whether what is stored has been read.")
    changes = traitlets.Int(0, help="Grows with every change of the draft, or of what is stored.")
    unsaved = traitlets.Tuple(help="What the person edited, as labels.")
    conflicts = traitlets.Tuple(help="Conflicts that she has to settle.")
    hindrances = traitlets.Tuple(help="What hinders saving: (place, sentence) pairs.")
    refusal = traitlets.Unicode("", help="Why nothing may be changed here; empty if it may.")
    saving = traitlets.Bool(False)
    message = traitlets.Instance(Message, args=())
    python = traitlets.Unicode("", help="The Python that does what was saved last.")

    def __init__(self, store: DatasetStore, key: str, aside: Aside) -> None:
        super().__init__()
        self.store = store
        self.key = key
        self.aside = aside
        self.record: DatasetRecord | None = None
        self.draft = Draft({}, 0)
        self.edited: tuple[Change, ...] = ()
        self._stored_wrong: set[Place] = set()
        self._outage: Message | None = None
        self._saved: tuple[Message, str] | None = None
        self.lock = threading.RLock()
        self.observe(self._forget_python, "message")

    # -- what a person does ------------------------------------------------------------------

    @property
    def can_save(self) -> bool:
        """Whether saving would do something, and nothing stands in its way."""
        blocked = self.refusal or self.hindrances or self.conflicts or self.saving
        return bool(self.loaded and self.unsaved and not blocked)

    def save(self) -> None:
        """Store the edits, aside; ``message`` and ``python`` say how it went."""
        with self.lock:
            if not self.can_save:
                return
            self.saving = True
            self.message = Message("Saving …")
        self.aside.run(f"save {self.title} of {self.key}", self._save)

    def discard(self) -> None:
        """Forget the edits."""
        with self.lock:
            self.draft.discard()
            self._fill(afresh=True)
            self.message = Message()
            self._tell(afresh=True)

    def choose(self, place: Place, *, mine: bool) -> None:
        """Settle a conflict: keep the edit, or take over what somebody else stored."""
        with self.lock:
            self.draft.choose(place, mine=mine)
            self._fill()
            self._tell()

    def edit(self, document: dict[str, Any]) -> None:
        """Put another document in place of the draft."""
        with self.lock:
            self.draft.mine = document
            self._fill()
            self._tell()

    # -- following ---------------------------------------------------------------------------

    def follow(self, record: DatasetRecord) -> None:
        """Take over what is stored now; what others changed meanwhile is shown or becomes a conflict."""
        # While saving, the store tells of this section's own edit; what it became is read when that is done.
        if not self.saving:
            self._take(record)

    def _take(self, record: DatasetRecord) -> None:
        with self.lock:
            if self.loaded and record.version < self.draft.version:
                return
            try:
                stored = self._read(record)
            except (VoxshelfError, OSError) as error:
                self.record = record
                self._outage = self.message = Message.of_error(error, doing="Reading what is stored")
                return
            self.record = record
            if self.message is self._outage:
                self.message = Message()  # it can be reached again
            self.refusal = self._refusal(record)
            is_first = not self.loaded
            changed = () if is_first else diff_documents(self.draft.stored, stored)
            if not is_first:
                self.draft.follow(stored, record.version)
            else:
                self.draft = Draft(stored, record.version)
                self.loaded = True
            self._fill()
            if changed:
                self._announce(changed)
            self._tell(afresh=is_first)

    def lose(self, message: Message) -> None:
        """The dataset cannot be reached any more: keep what was edited, and say why it cannot be stored."""
        with self.lock:
            self.refusal = message.text
            self._outage = self.message = message
            self._tell()

    def is_edited(self, *place: str) -> bool:
        """Whether the person edited the value at a place, or something in it."""
        return any(
            change.place[: len(place)] == place or place[: len(change.place)] == change.place
            for change in self.edited
        )

    def label_of(self, place: Place) -> str:
        """What a place is called on screen."""
        head = self.labels.get(str(place[0]), str(place[0])) if place else self.title
        return f"{head} › {format_place(place[1:])}" if len(place) > 1 else head

    # -- for subclasses ----------------------------------------------------------------------

    def _read(self, record: DatasetRecord) -> dict[str, Any]:
        """The stored document."""
        raise NotImplementedError

    def _write(self, mine: dict[str, Any]) -> None:
        """Store this draft; may raise what the store raises."""
        raise NotImplementedError

    def _fill(self, *, afresh: bool = False) -> None:
        """Show the draft in the fields; ``afresh``, also where something unreadable was typed."""

    def _find_hindrances(self) -> Iterable[tuple[Place, str]]:
        """What is wrong in the fields: (place, sentence) pairs."""
        return ()

    def _edited(self) -> Iterable[str]:
        """What was edited, as labels."""
        return [self.label_of(change.place) for change in self.edited]

    def _refusal(self, record: DatasetRecord) -> str:
        if record.may(self.right):
            return ""
        try:
            decision = self.store.explain_access(self.store.actor, record.key, self.right)
        except (VoxshelfError, OSError):
            return f"You may look at this dataset, but not {self.right} it."
        return f"{decision.reason} {decision.hint}".strip()

    # -- inside ------------------------------------------------------------------------------

    def _tell(self, *, afresh: bool = False) -> None:
        """Bring the traits up to date with the draft; ``afresh``, when it is just what is stored."""
        self.edited = self.draft.changes
        edited = self._edited()
        self.hindrances = tuple(self._find_hindrances()) if self.loaded else ()
        if afresh:
            self._stored_wrong = {place for place, _ in self.hindrances}
        typed = [place for place, _ in self.hindrances if place and place not in self._stored_wrong]
        wrong = [self.label_of(place) for place in typed]
        self.unsaved = tuple(dict.fromkeys((*edited, *wrong)))
        self.conflicts = self.draft.conflicts
        if self.unsaved or self.hindrances:
            self._forget_saving()
        self.changes += 1

    def _forget_saving(self) -> None:
        """What was saved last is not what the form shows any more: say neither that nor its Python."""
        if self._saved is None:
            return
        (message, python), self._saved = self._saved, None
        if self.message is message:
            self.message = Message()
        if self.python == python:
            self.python = ""

    def _forget_python(self, change: Any) -> None:
        """Beside an error stands no Python of what went well before."""
        if change["new"].tone == "error":
            self.python = ""

    def _announce(self, changed: tuple[Change, ...]) -> None:
        who = self._last_editor()
        places = list(dict.fromkeys(change.place for change in changed))
        disputed = [
            conflict.place
            for conflict in self.draft.conflicts
            if any(change.place in places for change in conflict.theirs)
        ]
        names = ", ".join(dict.fromkeys(self.label_of(place) for place in disputed or places))
        if disputed:
            self.message = Message(
                f"{who} changed what you are editing: {names}.", "warning", "Choose below what shall hold."
            )
        else:
            self.message = Message(f"{who} changed {names} just now; it is shown here.", "info")

    def _last_editor(self) -> str:
        """Who made the newest edit, as the beginning of a sentence."""
        try:
            entries = self.store.history(self.key, limit=1)
            user = self.store.actor.user
        except (VoxshelfError, OSError):
            return "Somebody else"
        by = entries[0].by if entries else ""
        if user is None or by != user.id:
            return by or "Somebody else"
        return "You, elsewhere," if entries[0].undoes is None else "You, with Undo,"

    def _changed_names(self, mine: dict[str, Any]) -> list[str]:
        """The names of those values of a draft that differ from what is stored."""
        changed = {change.place[0] for change in diff_documents(self.draft.stored, mine)}
        return [name for name in mine if name in changed]

    def _save(self) -> None:
        # What is typed while this is on its way is an edit of its own.
        sent = copy.deepcopy(self.draft.mine)
        try:
            self._write(sent)
        except EditConflict as error:
            self._after_conflict(error)
        except InvalidDataSourceError as error:
            first = errors_among(error.problems)[:1]
            hint = "; ".join(str(problem) for problem in first) or error.hint
            self.message = Message(error.what, "error", hint)
        except NotAllowedError as error:
            self._look_again()
            self.message = Message.of_error(error)
        except (VoxshelfError, OSError) as error:
            self.message = Message.of_error(error, doing="Saving")
        else:
            self._after_saving(sent)
        finally:
            self.saving = False
            self._tell()

    def _after_saving(self, sent: dict[str, Any]) -> None:
        with self.lock:
            # The store may have tidied what was sent (blanks, order): that is no edit of somebody else.
            self.draft.stored = sent
        self._look_again()
        self.message = saved = Message("Saved.", "success")
        try:
            entries = self.store.history(self.key, limit=1)
        except (VoxshelfError, OSError):
            entries = ()
        python = entries[0].python if entries else ""
        self._saved = (saved, python)
        self.python = python

    def _after_conflict(self, error: EditConflict) -> None:
        self._look_again()
        if self.draft.conflicts:
            who = self._last_editor()
            self.message = Message(
                f"{who} changed the same in the meantime; nothing was saved.",
                "warning",
                "Choose below what shall hold, then save again.",
            )
        else:
            self.message = Message(error.what, "warning", "What is stored now is shown; save again.")

    def _look_again(self) -> None:
        try:
            self._take(self.store.record(self.key))
        except (VoxshelfError, OSError) as error:
            self.message = Message.of_error(error, doing="Looking at what is stored")
