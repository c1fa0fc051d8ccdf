"""One file on its way into the store: ``UploadItem``, how far it is (``Stage``) and what a person can do about it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from voxshelf.widgets.theme import Message
from voxshelf.widgets.upload.pace import size_text

if TYPE_CHECKING:
    from voxshelf.model import Problem
    from voxshelf.widgets.upload.files import ChosenFile


class Stage(StrEnum):
    """How far an upload is."""

    WAITING = "waiting for its turn"
    SENDING = "uploading"
    PAUSED = "paused"
    INTERRUPTED = "interrupted"
    """The page that held the file is gone: it has to be chosen again."""
    NEEDS_NAME = "name taken"
    FAILED = "failed"
    UNPACKING = "unpacking"
    NOT_IMPORTED = "not imported yet"
    READY = "ready"


class Action(StrEnum):
    """What a person can do with an upload."""

    PAUSE = "pause"
    RESUME = "resume"
    CHOOSE = "choose"
    RENAME = "rename"
    RETRY = "retry"
    CANCEL = "cancel"
    IMPORT = "import"
    OPEN = "open"
    DISMISS = "dismiss"


DONE = frozenset({Stage.NOT_IMPORTED, Stage.READY})

_ACTIONS = {
    Stage.WAITING: (Action.PAUSE, Action.CANCEL),
    Stage.SENDING: (Action.PAUSE, Action.CANCEL),
    Stage.PAUSED: (Action.RESUME, Action.CANCEL),
    Stage.INTERRUPTED: (Action.CHOOSE, Action.CANCEL),
    Stage.NEEDS_NAME: (Action.RENAME, Action.CANCEL),
    Stage.UNPACKING: (Action.CANCEL,),
    Stage.NOT_IMPORTED: (Action.IMPORT, Action.DISMISS),
    Stage.READY: (Action.OPEN, Action.DISMISS),
}


@dataclass(frozen=True)
class UploadItem:
    """One file on its way.

    Parameters
    ----------
    id : str
        Names it within the panel.
    file_name : str
        What the person called the file.
    size : int
        Its bytes.
    file_key : str
        Recognises it when it is chosen again.
    name : str
        The dataset's name.
    organization : str or None
        Where it goes; None while the store has not said.
    stage : Stage
        How far it is.
    file : ChosenFile or None
        The file, while a page holds it.
    upload_id : str
        What the store calls the upload; empty before it began.
    offset : int
        Bytes that the store has.
    unpacked : float
        How much is unpacked, 0-1.
    message : Message
        What is to be said about it.
    problems : tuple of Problem
        What is wrong with the archive, in detail.
    can_retry : bool
        Whether trying once more may help a failed one.
    """

    id: str
    file_name: str
    size: int
    file_key: str
    name: str
    organization: str | None = None
    stage: Stage = Stage.WAITING
    file: ChosenFile | None = None
    upload_id: str = ""
    offset: int = 0
    unpacked: float = 0.0
    message: Message = field(default_factory=Message)
    problems: tuple[Problem, ...] = ()
    can_retry: bool = False

    @property
    def key(self) -> str:
        """``organization/name``, or the name alone while the organization is open."""
        return f"{self.organization}/{self.name}" if self.organization else self.name

    @property
    def is_complete(self) -> bool:
        """Whether all bytes have arrived."""
        return self.size > 0 and self.offset >= self.size

    @property
    def fraction(self) -> float:
        """What the progress bar shows, 0-1."""
        if self.stage is Stage.UNPACKING:
            return self.unpacked
        return 1.0 if self.stage in DONE else self.offset / self.size if self.size else 0.0

    @property
    def actions(self) -> tuple[Action, ...]:
        """What a person can do now, the most likely first."""
        if self.stage is Stage.FAILED:
            return (Action.RETRY, Action.CANCEL) if self.can_retry else (Action.CANCEL,)
        return _ACTIONS[self.stage]

    @property
    def text(self) -> str:
        """How far it is, in words; the pace of one that is being sent is not known here."""
        size = size_text(self.size)
        share = f"{size_text(self.offset)} of {size}"
        texts = {
            Stage.WAITING: f"Waiting for its turn · {share if self.offset else size}",
            Stage.PAUSED: f"Paused · {share}",
            Stage.INTERRUPTED: f"Interrupted · {share} are here",
            Stage.UNPACKING: f"Checking and unpacking · {self.unpacked:.0%}",
            Stage.NOT_IMPORTED: "Uploaded · not imported yet",
            Stage.READY: "Uploaded · ready to use",
        }
        return texts.get(self.stage, share if self.offset else size)
