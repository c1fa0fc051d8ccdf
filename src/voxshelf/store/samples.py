"""``store.samples``: datasets to begin with, downloaded or made on the spot."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from voxshelf.catalog import has_dataset
from voxshelf.errors import DatasetNotFoundError, NameTakenError, NotFoundError
from voxshelf.intake import scan_dataset
from voxshelf.intake.sample_list import PUBLISHED_SAMPLES, SampleInfo, SampleSource, SampleState
from voxshelf.intake.sample_staging import SampleStaging
from voxshelf.intake.samples import GENERATED_SAMPLES
from voxshelf.model import DatasetStatus
from voxshelf.sharing import Action, may_in_organization
from voxshelf.store.arrivals import Arrival, record_arrival
from voxshelf.store.intake_desk import IntakeDesk
from voxshelf.store.keys import is_valid_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from sqlalchemy.orm import Session

    from voxshelf.intake.sample_list import SampleDescription
    from voxshelf.model import DatasetRecord
    from voxshelf.store.gate import Gate
    from voxshelf.store.premises import Premises

__all__ = ["SampleInfo", "SampleState", "Samples"]

ALL_SAMPLES = (*GENERATED_SAMPLES, *PUBLISHED_SAMPLES)


class Samples(IntakeDesk):
    """The samples; see :class:`~voxshelf.store.intake_protocol.SampleDesk` for what each method does."""

    def __init__(self, premises: Premises, gate: Gate) -> None:
        super().__init__(premises, gate)
        self._staging = SampleStaging(premises.root, premises.samples_url)

    def available(self, organization: str | None = None) -> tuple[SampleInfo, ...]:
        """All samples, and where each of them stands."""
        home = self._home_of_new(organization)
        may_add = is_valid_name(home) and bool(may_in_organization(self._gate.actor, Action.CREATE, home))
        with self._reading() as session:
            others = () if organization else self._gate.organizations(session)
            homes = dict.fromkeys((home, *others))
            found = {sample.name: self._found(session, sample.name, homes) for sample in ALL_SAMPLES}
        return tuple(self._info(sample, home, found[sample.name], may_add=may_add) for sample in ALL_SAMPLES)

    def add(
        self,
        name: str,
        *,
        organization: str | None = None,
        progress: Callable[[float], None] | None = None,
        cancel: Callable[[], bool] | None = None,
    ) -> DatasetRecord:
        """Bring a sample into the store and import it; one that is there already is left alone."""
        sample = _sample(name)
        home = self._home_of_new(organization)
        self._require_place(home, sample.name)
        key = f"{home}/{sample.name}"
        with self._reading() as session:
            present = self._found(session, sample.name, [home])
            is_hidden = not present and has_dataset(session, key)
        if is_hidden:
            raise NameTakenError(f"There is already a dataset {key}.", hint="Ask its owner for access.")
        if present and self._told(present).status is not DatasetStatus.MISSING:
            return self._told(present)
        if scan_dataset(self._premises.root, home, sample.name) is None:
            self._staging.add(home, sample, progress=progress, cancel=cancel)
        arrival = Arrival(key, self._gate.name, display_name=sample.title, description=_description(sample))
        record_arrival(self._premises, arrival, by=self._gate.name)
        return self._told(key)

    def _found(self, session: Session, name: str, homes: Iterable[str]) -> str:
        """The key of the dataset of that name that the actor may see; empty where there is none."""
        for home in homes:
            with suppress(DatasetNotFoundError):
                return str(self._gate.row(session, Action.SEE, f"{home}/{name}").key)
        return ""

    def _info(self, sample: SampleDescription, home: str, key: str, *, may_add: bool) -> SampleInfo:
        told = sample.model_dump(exclude={"file", "source"}) | {
            "url": sample.url(self._premises.samples_url),
            "builtin": sample.source is SampleSource.GENERATED,
            "key": key or f"{home}/{sample.name}",
        }
        if key and self._told(key).status is not DatasetStatus.MISSING:
            return SampleInfo(**told, state=SampleState.PRESENT, share=1.0)
        if not may_add:  # what others are doing there is nobody else's business
            return SampleInfo(**told)
        standing = self._staging.standing(home, sample)
        return SampleInfo(**told, **standing._asdict())


def _sample(name: str) -> SampleDescription:
    for sample in ALL_SAMPLES:
        if sample.name == name:
            return sample
    known = ", ".join(sample.name for sample in ALL_SAMPLES)
    raise NotFoundError(f"There is no sample named {name!r}.", hint=f"There are: {known}.")


def _description(sample: SampleDescription) -> str:
    """Markdown: what it shows and where it was published."""
    reference = f"[doi:{sample.doi}](https://doi.org/{sample.doi})" if sample.doi else ""
    return "\n\n".join(part for part in (sample.description, sample.citation, reference) if part)
