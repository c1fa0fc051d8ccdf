"""One link while its label and end are edited: ``LinkEdit``; and what an end means, in words. No browser."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import traitlets

from voxshelf.model import InvalidExpiryError, parse_expiry

if TYPE_CHECKING:
    from voxshelf.model import Link


class LinkEdit(traitlets.HasTraits):
    """A draft of a link.

    Parameters
    ----------
    link : Link
        As it is stored.
    """

    label = traitlets.Unicode("", help="Whom or what it is for.")
    expires = traitlets.Unicode("", help="Until when it works, as people say it.")
    refusal = traitlets.Unicode("", help="Why the store did not take the end; empty if it did.")

    def __init__(self, link: Link) -> None:
        super().__init__()
        self.link = link.id
        self._before = link
        self._written = end_text(link.expires)
        self.label, self.expires = link.label, self._written
        self.observe(self._forgive, "expires")

    @property
    def is_edited(self) -> bool:
        """Whether anything is otherwise than it is stored."""
        return bool(self.changes())

    @property
    def sentence(self) -> str:
        """What the end means, or what is wrong with it."""
        if self.refusal:
            return self.refusal
        if self.expires.strip() != self._written:
            return expiry_sentence(self.expires)[0]
        end = self._before.expires
        if end is None:
            return "It works until you revoke it."
        has_passed = end <= datetime.now(UTC)
        return f"It {'ended' if has_passed else 'works until'} {moment_text(end)}."

    @property
    def problem(self) -> str:
        """Why it cannot be saved; empty if it can."""
        if self.refusal:
            return self.refusal
        sentence, usable = expiry_sentence(self.expires)
        return "" if usable or self.expires.strip() == self._written else sentence

    def changes(self) -> dict[str, Any]:
        """What is to be stored, for ``store.update_link``: only what was changed."""
        found: dict[str, Any] = {}
        if self.label.strip() != self._before.label:
            found["label"] = self.label.strip()
        text = self.expires.strip()
        if text != self._written:
            found["expires"] = text or "never"
        return found

    def _forgive(self, _change: Any) -> None:
        self.refusal = ""


def expiry_sentence(text: str) -> tuple[str, bool]:
    """What an end means, as a sentence, and whether it can be used."""
    try:
        end = parse_expiry(text.strip() or None)
    except InvalidExpiryError as error:
        return f"{error.what} {error.hint}", False
    if end is None:
        return "It works until you revoke it.", True
    return f"It works until {moment_text(end)}.", True


def end_text(end: datetime | None) -> str:
    """An end as one may type it: ``never``, a day that counts to its end, or a moment."""
    if end is None:
        return "never"
    utc = end.astimezone(UTC)
    if (utc.hour, utc.minute, utc.second, utc.microsecond) == (0, 0, 0, 0):
        return f"{datetime.fromtimestamp(utc.timestamp() - 1, UTC):%Y-%m-%d}"
    return f"{utc:%Y-%m-%d %H:%M}"


def moment_text(moment: datetime) -> str:
    """A moment for people: ``Fri 4 Dec 2026, 18:30 UTC``, or ``the end of Fri 4 Dec 2026 (UTC)``."""
    utc = moment.astimezone(UTC)
    if (utc.hour, utc.minute) == (0, 0):
        day = datetime.fromtimestamp(utc.timestamp() - 1, UTC)
        return f"the end of {day:%a} {day.day} {day:%b %Y} (UTC)"
    return f"{utc:%a} {utc.day} {utc:%b %Y, %H:%M} UTC"
