"""Who can see a dataset, and why: the list of people, and the answer to "why can or can't they?". No browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

import traitlets

from voxshelf.errors import VoxshelfError
from voxshelf.model import Actor, DatasetRecord
from voxshelf.store import DATASET_ACTIONS, Action
from voxshelf.widgets.theme import Message, call

if TYPE_CHECKING:
    from voxshelf.store import DatasetStore
    from voxshelf.widgets.aside import Aside

VISITOR = "*visitor"
"""Stands for somebody without an account among the people to ask about; no user is called so."""

ACTIONS = tuple(action for action in Action if action in DATASET_ACTIONS)


class AccessState(traitlets.HasTraits):
    """Who has access to one dataset.

    Parameters
    ----------
    store : DatasetStore
        Who is asked.
    key : str
        ``organization/name``.
    aside : Aside
        Where slow work runs.
    """

    summary = traitlets.Tuple(help="Sentences about everybody who is not listed by name.")
    people = traitlets.Tuple(help="Those with rights of their own: Access, the most powerful first.")
    candidates = traitlets.Tuple(help="Whom one can ask about: (label, id) pairs.")
    active_links = traitlets.Int(0, help="How many links to it work now.")
    refusal = traitlets.Unicode("", help="Why the list cannot be seen; empty if it can.")
    answer = traitlets.Instance(Message, args=(), help="Why somebody may, or may not.")
    python = traitlets.Unicode("")

    def __init__(self, store: DatasetStore, key: str, aside: Aside) -> None:
        super().__init__()
        self.store = store
        self.key = key
        self.aside = aside
        self._record: DatasetRecord | None = None
        self.observe(lambda _: self._sum_up(), "active_links")

    def ask(self, who: str, action: str) -> None:
        """Find out, aside, whether and why somebody may do something; ``who`` is an id or :data:`VISITOR`."""
        self.aside.run(f"explain access to {self.key}", lambda: self._ask(who, action))

    def follow(self, record: DatasetRecord) -> None:
        """Read everything anew."""
        if not record.may("share"):
            self.people, self.summary = (), ()
            self.refusal = "Only whoever may share this dataset sees who has access to it."
            return
        try:
            self.people = self.store.who_has_access(self.key)
        except (VoxshelfError, OSError) as error:
            self.refusal = Message.of_error(error, doing="Looking who has access").text
            return
        self.refusal = ""
        self._record = record
        self._sum_up()
        self.candidates = (*self._users(record.organization), ("A visitor without account", VISITOR))

    def lose(self, message: Message) -> None:
        """The dataset cannot be reached any more."""
        self.refusal = message.text

    def _sum_up(self) -> None:
        if self._record is not None and not self.refusal:
            self.summary = _summary(self._record, self.active_links)

    def _users(self, organization: str) -> list[tuple[str, str]]:
        try:
            users = self.store.people.users(organization)
        except VoxshelfError:
            return []
        return [(f"{user.title} ({user.id})" if user.name else user.id, user.id) for user in users]

    def _ask(self, who: str, action: str) -> None:
        organization = self.key.partition("/")[0]
        name = f"{organization}/{who}"
        try:
            asked = Actor.anonymous() if who == VISITOR else name
            decision = self.store.explain_access(asked, self.key, action)
        except (VoxshelfError, OSError) as error:
            self.answer = Message.of_error(error, doing="Asking")
            return
        self.answer = Message(decision.reason, "success" if decision else "warning", decision.hint)
        self.python = "" if who == VISITOR else call("store.explain_access", name, self.key, action)


def _summary(record: DatasetRecord, active: int) -> tuple[str, ...]:
    sentences = []
    if record.is_public:
        sentences.append("Everybody can see it, because it is public.")
    allowed = [f"team {team!r}" for team in record.teams]
    allowed += [f"team {team!r} (through its folder)" for team in record.inherited_teams]
    if allowed:
        sentences.append(f"Allowed: {', '.join(allowed)}.")
    elif not record.is_public:
        sentences.append("No team is allowed yet: only admins, managers and the owner can see it.")
    if active:
        links = "one link that works" if active == 1 else f"{active} links that work"
        sentences.append(f"Whoever has {links} can see it.")
    return tuple(sentences)
