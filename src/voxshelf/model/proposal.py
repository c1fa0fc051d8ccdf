"""What *explore* found out about a folder: ``Proposal``, made of ``Finding`` s.

Every proposed value says where it came from and how sure it is, so that a form can show it at its field and
a person can decide. Places name nouns, not JSON keys: ``("voxel_size",)``, ``("layers", "color", "category")``.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict

from voxshelf.errors import InvalidDataSourceError
from voxshelf.model.data_source import DataSource, LayerProperties
from voxshelf.model.documents import Values
from voxshelf.model.problems import Place, Problem, errors_among
from voxshelf.model.rules import check_data_source


class Origin(StrEnum):
    """Where a proposed value came from."""

    FILE = "existing JSON"
    HEADER = "header"
    FOLDER_NAME = "folder name"
    DATA = "data on disk"
    HEURISTIC = "heuristic"
    DEFAULT = "default"
    NEEDS_YOU = "needs you"
    PERSON = "you"


class Confidence(StrEnum):
    """How sure a proposed value is."""

    CERTAIN = "certain"
    LIKELY = "likely"
    GUESS = "guess"
    UNKNOWN = "unknown"


class Finding(BaseModel):
    """One proposed value.

    Parameters
    ----------
    place : tuple of str and int
        Which value, among the nouns.
    value : Any
        The value; None where it needs a person.
    origin : Origin
        Where it came from.
    confidence : Confidence
        How sure it is.
    note : str
        The reason in a sentence, or how to find the value out.
    """

    model_config = ConfigDict(frozen=True)

    place: Place
    value: Any
    origin: Origin
    confidence: Confidence = Confidence.CERTAIN
    note: str = ""


class Proposal(BaseModel):
    """A proposed data source for a folder, value by value.

    Parameters
    ----------
    name : str
        ``organization/dataset``, or the folder's name.
    findings : tuple of Finding
        One per value, at most one per place.
    problems : tuple of Problem
        What is wrong or odd in the folder, and in an existing JSON (with places in it).
    base : DataSource or None
        What an existing, valid JSON already says; its unknown keys are kept.
    """

    model_config = ConfigDict(frozen=True)

    name: str
    findings: tuple[Finding, ...]
    problems: tuple[Problem, ...] = ()
    base: DataSource | None = None

    @property
    def values(self) -> Values:
        """Every known value by place."""
        return {finding.place: finding.value for finding in self.findings if finding.value is not None}

    @property
    def needs_you(self) -> tuple[Finding, ...]:
        """The findings that a person must fill in or confirm."""
        return tuple(finding for finding in self.findings if finding.origin is Origin.NEEDS_YOU)

    @property
    def layer_names(self) -> tuple[str, ...]:
        """The proposed layers, in order of finding."""
        names = [finding.place[1] for finding in self.findings if finding.place[:1] == ("layers",)]
        return tuple(dict.fromkeys(str(name) for name in names))

    def with_value(self, place: Place, value: Any, *, note: str = "") -> Proposal:
        """A copy in which a person set the value at ``place``."""
        finding = Finding(place=place, value=value, origin=Origin.PERSON, note=note)
        known = [finding if old.place == place else old for old in self.findings]
        if finding not in known:
            known.append(finding)
        return self.model_copy(update={"findings": tuple(known)})

    def data_source(self) -> DataSource:
        """The proposed data source.

        Raises
        ------
        InvalidDataSourceError
            With every value that is still missing or breaks a rule.
        """
        values = self.values
        problems: list[Problem] = []
        if ("voxel_size",) not in values:
            problems.append(
                Problem(
                    place=("scale",),
                    message="The voxel size is missing.",
                    hint="Give the edge lengths of one voxel, x, y, z.",
                )
            )
        layers = [layer for name in self.layer_names if (layer := self._layer(name, values, problems))]
        data_source = None
        if not problems:
            base = self.base or DataSource(voxel_size=values["voxel_size",], layers=())
            update = {"voxel_size": values["voxel_size",], "layers": tuple(layers)}
            for noun in ("id", "default_view_configuration", "other"):
                if (noun,) in values:
                    update[noun] = values[noun,]
            data_source = base.model_copy(update=update)
            problems.extend(errors_among(check_data_source(data_source)))
        if problems or data_source is None:
            raise InvalidDataSourceError(
                f"{self.name} cannot be imported yet.",
                hint="Fill in or correct the values below.",
                problems=problems,
            )
        return data_source

    def _layer(self, name: str, values: Values, problems: list[Problem]) -> LayerProperties | None:
        members = {str(place[2]): value for place, value in values.items() if place[:2] == ("layers", name)}
        missing = [noun for noun in ("category", "element_class", "bounding_box") if noun not in members]
        problems.extend(
            Problem(
                place=("layers", name, noun),
                message=f"Layer {name!r}: {noun.replace('_', ' ')} is missing.",
            )
            for noun in missing
        )
        return None if missing else LayerProperties(**{"name": name, **members})
