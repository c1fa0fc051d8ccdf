"""The links to a dataset: made, listed, renewed, revoked. No browser.

A new link's token is kept here only until the person has seen it: the store itself keeps a hash.
"""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import traitlets

from voxshelf.errors import NotAllowedError, VoxshelfError
from voxshelf.model import InvalidExpiryError, Link, LinkState, NewLink, parse_expiry
from voxshelf.store import Capability
from voxshelf.widgets.theme import Message, call

if TYPE_CHECKING:
    from collections.abc import Callable

    from voxshelf.model import DatasetRecord
    from voxshelf.store import DatasetStore
    from voxshelf.widgets.aside import Aside


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

    @property
    def unserved(self) -> str:
        """Why links have no address here, and what would give them one; empty if they have."""
        return self.store.capabilities.why_not(Capability.SERVE_LINKS)

    @property
    def expiry(self) -> tuple[str, bool]:
        """What ``expires`` means, as a sentence, and whether it can be used."""
        try:
            end = parse_expiry(self.expires.strip() or None)
        except InvalidExpiryError as error:
            return f"{error.what} {error.hint}", False
        if end is None:
            return "It works until you revoke it.", True
        return f"It works until {moment_text(end)}.", True

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
        if self.with_view and self.viewer is not None:
            named["view"] = self.viewer.view_state.document()

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

    def refresh(self) -> None:
        """Read the links anew, aside: that somebody used one is no change that a store tells of."""
        self.aside.run(f"links of {self.key}", self._read)

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
        now = datetime.now(UTC)
        self.links = tuple(sorted(links, key=lambda link: link.state(now) is not LinkState.ACTIVE))
        self.refusal = ""

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


def moment_text(moment: datetime) -> str:
    """A moment for people: ``Fri 4 Dec 2026, 24:00 UTC`` for the end of that day."""
    utc = moment.astimezone(UTC)
    if (utc.hour, utc.minute) == (0, 0):
        day = datetime.fromtimestamp(utc.timestamp() - 1, UTC)
        return f"the end of {day:%a} {day.day} {day:%b %Y} (UTC)"
    return f"{utc:%a} {utc.day} {utc:%b %Y, %H:%M} UTC"


def state_of(link: Link, now: datetime | None = None) -> tuple[str, str]:
    """A link's state in a word or two, and the tone of its chip."""
    state = link.state(now)
    return state.value, {LinkState.ACTIVE: "good", LinkState.EXPIRED: "warn", LinkState.REVOKED: ""}[state]
