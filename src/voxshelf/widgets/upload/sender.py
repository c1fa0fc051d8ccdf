"""The kernel's half of the browser side: ``Sender``, which shows the list and takes the bytes.

The other half is ``upload.js``, whose first comment describes traits and messages. Each piece of a file is
acknowledged, and the browser keeps at most ``in_flight`` pieces on the way, so that neither side ever holds more than
that of a file. A piece must stay below 10 MiB, the most that Jupyter's server takes from a browser in one message.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import traitlets

from voxshelf.widgets.theme import escape, problem_list
from voxshelf.widgets.theme.answering import Answering
from voxshelf.widgets.upload.files import TAIL, ChosenFile
from voxshelf.widgets.upload.items import Action, Stage, UploadItem

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from voxshelf.widgets.upload.state import UploadState

_HERE = Path(__file__).parent
_SHORTEST_STEP = 0.1
_PIECE = 4 << 20
_LABELS = {
    Action.PAUSE: "Pause",
    Action.RESUME: "Resume",
    Action.CHOOSE: "Choose file…",
    Action.RENAME: "Use this name",
    Action.RETRY: "Try again",
    Action.CANCEL: "Cancel",
    Action.IMPORT: "Import…",
    Action.OPEN: "Show",
    Action.DISMISS: "Remove from list",
}


class Sender(Answering):
    """The list of uploads, and where files are dropped.

    Parameters
    ----------
    state : UploadState
        What it shows, and whom it tells.
    on_action : callable
        Called with an action and an item's id for what is not the state's business: ``import`` and ``open``.
    """

    _esm = (_HERE / "upload.js").read_text(encoding="utf-8")
    _css = (_HERE / "upload.css").read_text(encoding="utf-8")

    rows = traitlets.List(traitlets.Dict()).tag(sync=True)
    progress = traitlets.Dict().tag(sync=True)
    job = traitlets.Dict().tag(sync=True)
    piece = traitlets.Int(_PIECE).tag(sync=True)
    in_flight = traitlets.Int(3).tag(sync=True)
    tail = traitlets.Int(TAIL).tag(sync=True)
    refusal = traitlets.Unicode("").tag(sync=True)

    def __init__(self, state: UploadState, on_action: Callable[[Action, str], None], **traits: Any) -> None:
        super().__init__(**traits)
        self._state = state
        self._on_action = on_action
        self._shown = 0.0
        self.on_msg(self._message_came)
        state.observe(lambda change: self._show(change["new"]), "items")
        state.observe(lambda _: self._show_job(), "job")
        state.observe(lambda _: self.send({"k": "roll call"}), "roll_calls")
        self._show(state.items)
        self._show_job()

    # -- to the browser ----------------------------------------------------------------------

    def _show(self, items: tuple[UploadItem, ...]) -> None:
        rows = [_row(item) for item in items]
        is_news = rows != self.rows
        now = time.monotonic()
        if is_news or now - self._shown >= _SHORTEST_STEP:
            self._shown = now
            self.progress = {item.id: [item.fraction, self._text(item)] for item in items}
        if is_news:
            self.rows = rows

    def _text(self, item: UploadItem) -> str:
        return self._state.pace.text(item.size) if item.stage is Stage.SENDING else item.text

    def _show_job(self) -> None:
        job = self._state.job
        self.job = {} if job is None else vars(job)

    # -- from the browser --------------------------------------------------------------------

    def _message_came(self, _widget: Any, message: dict[str, Any], buffers: Sequence[Any]) -> None:
        match message.get("k"):
            case "piece":
                self._take(message, buffers[0])
            case "opened":
                self._state.page_opened(str(message["session"]))
            case "here":
                self._state.page_is_here(str(message["session"]))
            case "file":
                self._state.choose(
                    _chosen(message), bytes(buffers[0]), bytes(buffers[1]), instead_of=message.get("item")
                )
            case "stalled":
                self._state.stalled(int(message["run"]))
            case "unreadable":
                self._state.file_failed(int(message["run"]), str(message["reason"]))
            case "do":
                self._do(Action(message["action"]), str(message["item"]), str(message.get("text", "")))

    def _take(self, message: dict[str, Any], data: Any) -> None:
        self._state.take(int(message["run"]), int(message["offset"]), data)
        self.send({"k": "taken", "session": message["session"], "number": message["number"]})

    def _do(self, action: Action, item_id: str, text: str) -> None:
        state = self._state
        match action:
            case Action.PAUSE:
                state.pause(item_id)
            case Action.RESUME | Action.RETRY:
                state.resume(item_id)
            case Action.RENAME:
                state.rename(item_id, text)
            case Action.CANCEL:
                state.cancel(item_id)
            case Action.DISMISS:
                state.dismiss(item_id)
            case Action.IMPORT | Action.OPEN:
                self._on_action(action, item_id)


def _chosen(message: dict[str, Any]) -> ChosenFile:
    return ChosenFile(
        name=str(message["name"]),
        size=int(message["size"]),
        modified=int(message["modified"]),
        session=str(message["session"]),
        token=str(message["token"]),
    )


def _row(item: UploadItem) -> dict[str, Any]:
    """What the browser shows of an item, but for its progress."""
    hint = f' <span class="vx-hint">{escape(item.message.hint)}</span>' if item.message.hint else ""
    text = f"{escape(item.message.text)}{hint}" if item.message.text else ""
    return {
        "id": item.id,
        "file": item.file_name,
        "key": item.key if item.organization or item.name != item.file_name else "",
        "stage": item.stage.name.lower(),
        "tone": item.message.tone,
        "says": text + problem_list(item.problems),
        "name": item.name if item.stage is Stage.NEEDS_NAME else "",
        "actions": [[action.value, _label(action, item)] for action in item.actions],
        "loses": _loss(item),
    }


def _label(action: Action, item: UploadItem) -> str:
    is_over = item.stage is Stage.FAILED and not item.can_retry
    return "Remove from list" if action is Action.CANCEL and is_over else _LABELS[action]


def _loss(item: UploadItem) -> bool:
    """Whether cancelling throws something away, so that it is asked for twice."""
    return item.offset > 0 and not (item.stage is Stage.FAILED and not item.can_retry)
