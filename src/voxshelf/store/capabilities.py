"""What a store can do here and now, so that a widget can explain what is missing instead of failing."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from voxshelf.errors import NotAllowedError

if TYPE_CHECKING:
    from collections.abc import Mapping


class Capability(StrEnum):
    """One thing that a store may be able to do."""

    SCAN = "look for new datasets"
    IMPORT = "import datasets"
    UPLOAD = "take uploads and samples"
    WATCH = "tell about changes made elsewhere"
    SERVE_LINKS = "serve links under an address"


@dataclass(frozen=True)
class Capabilities:
    """What a store can do.

    Parameters
    ----------
    missing : mapping of Capability to str
        What it cannot do, each with the reason as a sentence that says what to do about it.
    """

    missing: Mapping[Capability, str] = field(default_factory=dict)

    def can(self, capability: Capability) -> bool:
        """Whether it can do this."""
        return capability not in self.missing

    def why_not(self, capability: Capability) -> str:
        """The reason why it cannot do this; empty if it can."""
        return self.missing.get(capability, "")

    def require(self, capability: Capability) -> None:
        """Raise :class:`~voxshelf.errors.NotAllowedError` with the reason if it cannot do this."""
        if not self.can(capability):
            raise NotAllowedError(f"This store cannot {capability.value}.", hint=self.why_not(capability))
