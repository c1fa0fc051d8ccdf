"""The links to a dataset: made, listed, renewed, revoked. No browser.

A new link's token is kept here only until the person has seen it: the store itself keeps a hash.
"""

from __future__ import annotations

import math
import threading
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import traitlets

from voxshelf.errors import NotAllowedError, VoxshelfError
from voxshelf.model import InvalidExpiryError, Link, LinkState, NewLink
from voxshelf.model.view_keys import plain_json
from voxshelf.store import Capability
from voxshelf.store.link_tokens import TOLD_EVERY
from voxshelf.widgets.open_viewers import OPEN_VIEWERS
from voxshelf.widgets.sharing_links.link_edit import LinkEdit, expiry_sentence
from voxshelf.widgets.theme import Message, call

if TYPE_CHECKING:
    from collections.abc import Callable

    from voxshelf.model import DatasetRecord
    from voxshelf.store import DatasetStore
    from voxshelf.widgets.aside import Aside

_LOOKING_EVERY = timedelta(seconds=0.8)


class LinksState(traitlets.HasTraits):
    """The links to one dataset.

    Parameters
    ----------
    store : DatasetStore
        Where they are kept.
    key : str
        ``organization/name``.
    aside : Aside
        Where slow work runs.
    """

    links = traitlets.Tuple(help="All links, those that work first, then the newest first.")
    refusal = traitlets.Unicode("", help="Why links can be neither seen nor made; empty if they can.")
    label = traitlets.Unicode("", help="Whom or what the next link is for.")
    expires = traitlets.Unicode("7 days", help="Until when the next link works, as people say it.")
    with_view = traitlets.Bool(False, help="Whether the next link opens at the current view.")
    new = traitlets.Instance(NewLink, allow_none=True, help="The link that was just made.")
    asking = traitlets.Tuple(help="What was asked for and needs a yes: (what, link id), or nothing.")
    edit = traitlets.Instance(LinkEdit, allow_none=True, help="The link that is being edited.")
    busy = traitlets.Bool(False)
    message = traitlets.Instance(Message, args=())
    python = traitlets.Unicode("")

    def __init__(self, store: DatasetStore, key: str, aside: Aside) -> None:
        super().__init__()
        self.store = store
        self.key = key
        self.aside = aside
        self.viewer: Any = None
        self._lock = threading.RLock()
        self._looks_left = 0

    @property
    def current_viewer(self) -> Any:
        """Whose view a link may open at: the one that was given, else one of the dataset that is open; or None."""
        return self.viewer if self.viewer is not None else OPEN_VIEWERS.latest(self.store, self.key)

    @property
    def unserved(self) -> str:
        """Why links have no address here, and what would give them one; empty if they have."""
        return self.store.capabilities.why_not(Capability.SERVE_LINKS)

    @property
    def expiry(self) -> tuple[str, bool]:
        """What ``expires`` means, as a sentence, and whether it can be used."""
        return expiry_sentence(self.expires)

    # -- what a person does ------------------------------------------------------------------

    def create(self) -> None:
        """Make a link as ``label``, ``expires`` and ``with_view`` say, aside; it is ``new`` then."""
        text, usable = self.expiry
        if not usable:
            self.message = Message("No link was made.", "error", text)
            return
        named: dict[str, Any] = {}
        if self.label.strip():
            named["label"] = self.label.strip()
        if self.expires.strip().lower() not in ("", "never"):
            named["expires"] = self.expires.strip()
        viewer = self.current_viewer
        if self.with_view and viewer is not None:
            named["view"] = plain_json(viewer.view_state.document())

        def make() -> None:
            self.new = self.store.create_link(self.key, **named)
            self.python = call("store.create_link", self.key, **named)
            self.label = ""
            self.message = Message("The link has been made.", "success")

        self._run("Making the link", make)

    def ask(self, what: str, link: str) -> None:
        """Ask back before ``what`` (``"revoke"`` or ``"renew"``) is done to a link."""
        self.asking = (what, link)

    def confirm(self) -> None:
        """Do what was asked for."""
        if self.asking:
            what, link = self.asking
            self.asking = ()
            (self.revoke if what == "revoke" else self.renew)(link)

    def revoke(self, link: str) -> None:
        """Take a link back, aside: it stops to work at once."""

        def take_back() -> None:
            gone = self.store.revoke_link(link)
            self.python = call("store.revoke_link", link)
            if self.new is not None and self.new.id == link:
                self.new = None
            self.message = Message(f"The link {gone.title!r} no longer works.", "success")

        self._run("Revoking the link", take_back)

    def renew(self, link: str) -> None:
        """Put a new link of the same label, view and length in place of one, aside; it is ``new`` then."""

        def replace() -> None:
            self.new = self.store.renew_link(link)
            self.python = call("store.renew_link", link)
            self.message = Message("There is a new link in place of the old one.", "success")

        self._run("Renewing the link", replace)

    def begin_edit(self, link: str) -> None:
        """Edit a link's label and end, in place of another one that was being edited."""
        found = next((known for known in self.links if known.id == link), None)
        self.asking = ()
        self.edit = None if found is None else LinkEdit(found)

    def cancel_edit(self) -> None:
        """Leave the link as it is."""
        self.edit = None

    def save_edit(self) -> None:
        """Store what was edited of a link, aside; nothing where nothing was changed."""
        edit = self.edit
        if edit is None or edit.problem:
            return
        changes = edit.changes()
        if not changes:
            self.edit = None
            return

        def store() -> None:
            try:
                changed = self.store.update_link(edit.link, **changes)
            except InvalidExpiryError as error:  # it has passed meanwhile
                edit.refusal = f"{error.what} {error.hint}"
                self.message = Message()
                return
            self.python = call("store.update_link", edit.link, **changes)
            self.edit = None
            self.message = Message(f"The link {changed.title!r} was changed.", "success")

        self._run("Changing the link", store)

    def refresh(self) -> None:
        """Read the links anew, aside."""
        self.aside.run(f"links of {self.key}", self._read)

    def used(self) -> None:
        """A link is in use: read the links until the store would tell of further uses again."""
        self._looks_left = math.ceil(TOLD_EVERY / _LOOKING_EVERY) + 1
        self.aside.run(f"uses of {self.key}", self._look_at_uses)

    def rest(self) -> None:
        """Look for uses no longer."""
        self._looks_left = 0

    def forget_new(self) -> None:
        """The person has copied it."""
        self.new = None

    # -- following ---------------------------------------------------------------------------

    def follow(self, record: DatasetRecord) -> None:
        """Read the links anew."""
        if record.may("share"):
            self._read()
        else:
            self.links = ()
            self.refusal = "Only whoever may share this dataset sees its links."

    def lose(self, message: Message) -> None:
        """The dataset cannot be reached any more."""
        self.refusal = message.text

    def _read(self) -> None:
        try:
            links = self.store.links(self.key)
        except (VoxshelfError, OSError) as error:
            self.refusal = Message.of_error(error, doing="Reading the links").text
            return
        self.refusal = ""
        now = datetime.now(UTC)
        self.links = tuple(sorted(links, key=lambda link: link.state(now) is not LinkState.ACTIVE))
        edit = self.edit
        if edit is not None and not any(link.id == edit.link and link.revoked is None for link in links):
            self.edit = None
            self.message = Message("The link that you edited was revoked elsewhere.", "warning")

    def _look_at_uses(self) -> None:
        if self.refusal or self._looks_left <= 0:
            return
        self._looks_left -= 1
        self._read()
        self.aside.run(f"uses of {self.key}", self._look_at_uses, delay=_LOOKING_EVERY.total_seconds())

    def _run(self, doing: str, act: Callable[[], None]) -> None:
        with self._lock:
            if self.busy:
                return
            self.busy = True
        self.message = Message(f"{doing} …")

        def run() -> None:
            try:
                act()
            except NotAllowedError as error:
                self.message = Message.of_error(error)
            except (VoxshelfError, OSError) as error:
                self.message = Message.of_error(error, doing=doing)
            finally:
                self.busy = False
            self._read()

        self.aside.run(f"links of {self.key}", run)


def state_of(link: Link, now: datetime | None = None) -> tuple[str, str]:
    """A link's state in a word or two, and the tone of its chip."""
    state = link.state(now)
    return state.value, {LinkState.ACTIVE: "good", LinkState.EXPIRED: "warn", LinkState.REVOKED: ""}[state]
