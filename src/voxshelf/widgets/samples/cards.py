"""A sample as a card: what it shows, who made it, how large it is, and what can be done with it now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voxshelf.store.samples import SampleState
from voxshelf.widgets.cards import Card
from voxshelf.widgets.theme import chip, escape

if TYPE_CHECKING:
    from voxshelf.store.samples import SampleInfo
    from voxshelf.widgets.samples.state import SampleItem

ADD, CANCEL, OPEN = "add", "cancel", "open"

_ACTIONS = {
    SampleState.AVAILABLE: ((ADD, "Add", True),),
    SampleState.DOWNLOADING: (),
    SampleState.PRESENT: ((OPEN, "Open", True),),
    SampleState.FAILED: ((ADD, "Try again", True),),
}
_WORDS = {
    SampleState.AVAILABLE: "not added yet",
    SampleState.DOWNLOADING: "downloading",
    SampleState.PRESENT: "in the store",
    SampleState.FAILED: "failed",
}
_TONES = {SampleState.PRESENT: "good", SampleState.FAILED: "bad", SampleState.DOWNLOADING: "brand"}


def sample_card(item: SampleItem, *, may_add: bool = True) -> Card:
    """The card of a sample, for somebody who may add it or not."""
    info, state = item.info, item.state
    is_present = state is SampleState.PRESENT
    offered = _ACTIONS[state] if may_add or is_present else ()
    return Card(
        id=info.name,
        title=info.title,
        sub=info.key if is_present else info.name,
        chips=f"{chip(_state_text(info, state), _TONES.get(state, ''))}{chip(_size_text(info))}",
        body=_body(info),
        message=item.message,
        actions=((CANCEL, "Cancel", False),) if item.is_ours else offered,
        opens=is_present,
    )


def progress_of(item: SampleItem) -> tuple[float, str] | None:
    """How far a sample is that is being added; None for any other."""
    if item.share is not None:
        verb = "Making it" if item.info.builtin else "Downloading"
        return item.share, f"{verb} · {item.share:.0%}"
    if item.state is SampleState.DOWNLOADING:
        return item.info.share, f"Being added elsewhere · {item.info.share:.0%}"
    return None


def _state_text(info: SampleInfo, state: SampleState) -> str:
    return "being made" if info.builtin and state is SampleState.DOWNLOADING else _WORDS[state]


def _size_text(info: SampleInfo) -> str:
    return "made here, no download" if info.builtin else f"{info.size / 1e6:.0f} MB to download"


def _body(info: SampleInfo) -> str:
    parts = [f"<p>{escape(info.description)}</p>"]
    if info.citation or info.doi:
        address = f"https://doi.org/{info.doi}"
        link = (
            f' <a href="{escape(address)}" target="_blank" rel="noopener noreferrer">doi:{escape(info.doi)}</a>'
            if info.doi
            else ""
        )
        parts.append(f'<p class="vxc-quiet">{escape(info.citation)}{link}</p>')
    return "".join(parts)
