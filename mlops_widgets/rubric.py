"""What is asked, and how answers become a level: the rubric as a frozen, validated tree.

Takes and gives plain dictionaries; reading files is the library's job, scoring is the engine's.
"""

from __future__ import annotations

import hashlib
import json
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from mlops_widgets.errors import Problem, ToolkitError
from mlops_widgets.field_faults import ID, problems_of
from mlops_widgets.rubric_checks import faults

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = [
    "Band",
    "BudgetLine",
    "Criterion",
    "Descriptor",
    "Facet",
    "Gates",
    "Initiative",
    "Investment",
    "Level",
    "LevelProfile",
    "Option",
    "Phase",
    "PlanMetric",
    "PlanPhase",
    "PlanTemplate",
    "Roadmap",
    "Rubric",
    "RubricError",
    "Scale",
    "Scoring",
    "Section",
    "Source",
]

Id = Annotated[str, Field(pattern=ID)]
"""A stable name: it goes into file names, addresses and databases, so it is short and plain."""

Line = Annotated[str, Field(min_length=1, max_length=500)]
"""A sentence shown to people."""

Text = Annotated[str, Field(min_length=1, max_length=4000)]
"""A paragraph shown to people."""

LevelNumber = Annotated[int, Field(ge=0, le=9, strict=True)]
Count = Annotated[int, Field(strict=True)]
Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]
"""A whole number or a decimal, never the text of one: `level: "2"` is a slip that would go unseen."""

Weight = Annotated[Number, Field(ge=0, le=1000)]
Combine = Literal["mean", "pooled_mean", "weighted_mean", "sum", "min"]


class RubricError(ToolkitError):
    """A rubric that cannot be used, with every fault found in it."""


def _described(schema: dict[str, Any]) -> None:
    """Leave of a docstring what an editor shows beside a field: not its examples."""
    schema["description"] = schema["description"].partition("\n\n")[0]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", json_schema_extra=_described)


class Source(_Part):
    """Where an item comes from, so that it can be traced back."""

    document: Line | None = None
    """Name of the document; that of the rubric when left out."""
    section: Line | None = None
    position: Count | None = Field(default=None, ge=1)
    """Place within the section, counted from 1."""
    url: Line | None = None
    note: Text | None = None


class Option(_Part):
    """One answer of a scale and what it is worth."""

    id: Id
    label: Line
    value: Number = Field(ge=-1000, le=1000)
    help: Text | None = None


class Scale(_Part):
    """The ordered answers of a criterion, lowest first."""

    options: tuple[Option, ...] = Field(min_length=2, max_length=11)
    met: Id | None = None
    """The lowest option that counts as met; the highest when left out."""

    @cached_property
    def met_index(self) -> int:
        """Position of the lowest option that counts as met."""
        ids = [option.id for option in self.options]
        return ids.index(self.met) if self.met else len(ids) - 1


class LevelProfile(_Part):
    """What an organisation at a level looks like."""

    people: Text | None = None
    creation: Text | None = None
    release: Text | None = None
    stack: tuple[Line, ...] = ()
    time_to_deploy: Line | None = None
    team_size: Line | None = None


class Level(_Part):
    """A named step of maturity."""

    level: LevelNumber
    name: Line
    summary: Text
    characteristics: tuple[Line, ...] = ()
    enough_when: tuple[Line, ...] = ()
    improvements: tuple[Line, ...] = ()
    challenges: tuple[Line, ...] = ()
    next_step: Text | None = None
    profile: LevelProfile | None = None
    source: Source | None = None


class Band(_Part):
    """The values that make a level; each edge says whether it belongs to the band."""

    level: LevelNumber
    at_least: Number | None = None
    above: Number | None = None
    below: Number | None = None
    at_most: Number | None = None

    def __str__(self) -> str:
        """Say the range in words.

        >>> print(Band(level=2, above=1, at_most=2))
        above 1 to 2
        """
        edges = (("from", self.at_least), ("above", self.above), ("to", self.at_most), ("below", self.below))
        return " ".join(f"{word} {edge:g}" for word, edge in edges if edge is not None)


class Gates(_Part):
    """Completion per level: a level is reached when enough of its criteria are met, and all levels below."""

    threshold: Number = Field(gt=0, le=1)
    """Share of a level's applicable criteria that must be met; partly counts by its value."""


class Scoring(_Part):
    """How the tree becomes a number, and the number a level."""

    combine: Combine = "mean"
    """How the dimensions make the overall score."""
    unanswered: Literal["lowest", "excluded"] = "lowest"
    """Whether an open criterion counts as the lowest answer or is left out for now."""
    bands: tuple[Band, ...] = ()
    gates: Gates | None = None
    display: Literal["number", "percent", "points"] = "number"
    """How a value is shown to people; the number itself is the same."""


class Criterion(_Part):
    """One thing asked."""

    id: Id
    text: Line
    kind: Literal["statement", "anchored", "open"] = "statement"
    scale: Id | None = None
    """Name of its scale; that of the nearest section, then of the rubric, when left out."""
    level: LevelNumber | None = None
    weight: Weight = 1
    anchors: tuple[Line, ...] = ()
    """For an anchored question: what each answer looks like, lowest first."""
    help: Text | None = None
    absent: Line | None = None
    """What it means when this is missing, as a sentence for a list of gaps."""
    implies: tuple[Id, ...] = ()
    requires: tuple[Id, ...] = ()
    """Criteria that have to be met before one can begin with this."""
    applies_to: tuple[Id, ...] = ()
    """Options of the rubric's facets; empty means always."""
    evidence_hints: tuple[Line, ...] = ()
    """What would show it: files, folders, pages."""
    effort: Number | None = Field(default=None, gt=0, le=500)
    """Person-weeks to get there, for a first plan."""
    source: Source | None = None


class Descriptor(_Part):
    """A sentence that describes a level and is never scored."""

    id: Id
    level: LevelNumber
    text: Line
    opposite: tuple[Id, ...] = ()
    """Criteria that cannot be met while this is true."""
    source: Source | None = None


class Section(_Part):
    """A node of the tree: other sections, or criteria."""

    id: Id
    title: Line
    short: Annotated[str, Field(min_length=1, max_length=18)] | None = None
    """A name that fits beside a chart."""
    description: Text | None = None
    strong: Line | None = None
    """A clause for the headline when this is a strength: 'training is repeatable'."""
    weak: Line | None = None
    """A clause for the headline when this is the gap: 'nobody would notice a bad model'."""
    weight: Weight = 1
    """Share in a weighted mean of the parent; 0 is scored on its own and not counted in the value above.

    Gates look at levels, not at values: they ask for every criterion of a level, whatever its weight.
    """
    combine: Combine = "mean"
    scale: Id | None = None
    sections: tuple[Section, ...] = ()
    criteria: tuple[Criterion, ...] = ()
    descriptors: tuple[Descriptor, ...] = ()
    source: Source | None = None

    @property
    def label(self) -> str:
        """The short name where there is one."""
        return self.short or self.title

    def walk(self) -> Iterator[Section]:
        """This section and every one below it, in the order they are read."""
        yield self
        for section in self.sections:
            yield from section.walk()


class FacetOption(_Part):
    """One choice of a facet."""

    id: Id
    label: Line


class Facet(_Part):
    """A question about the subject, asked once at the start, that decides which criteria apply."""

    id: Id
    question: Line
    options: tuple[FacetOption, ...] = Field(min_length=2, max_length=9)


class Investment(_Part):
    """A range of money, as the source gives it."""

    low: Count = Field(ge=0)
    high: Count = Field(ge=0)
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] = "USD"
    open_ended: bool = False
    covers: Line | None = None


class Initiative(_Part):
    """One thing to do in a phase."""

    id: Id
    title: Line
    tools: tuple[Line, ...] = ()
    success: Line | None = None
    criteria: tuple[Id, ...] = ()
    """Criteria this helps to meet."""
    after: tuple[Id, ...] = ()
    """Initiatives of the same roadmap that come first."""
    effort: Number | None = Field(default=None, gt=0, le=500)
    """Person-weeks."""


class Phase(_Part):
    """A stretch of a roadmap."""

    title: Line
    unit: Literal["month", "week"] = "month"
    start: Count = Field(ge=0)
    end: Count = Field(ge=1)
    initiatives: tuple[Initiative, ...] = ()


class Roadmap(_Part):
    """A known way from one level to another: time, cost, people, phases."""

    id: Id
    title: Line
    from_level: LevelNumber
    to_level: LevelNumber
    goal: Text
    months_low: Count = Field(ge=0)
    months_high: Count = Field(ge=1)
    investment: Investment | None = None
    team: Line | None = None
    phases: tuple[Phase, ...] = ()
    source: Source | None = None


class PlanPhase(_Part):
    """A stretch of a plan, in months from its start."""

    id: Id
    title: Line
    start: Count = Field(ge=0)
    end: Count = Field(ge=1)
    goal: Line | None = None


class PlanMetric(_Part):
    """A number that shows whether a plan works, with an example of where it is and where it is to go."""

    id: Id
    name: Line
    example_from: Line | None = None
    example_to: Line | None = None


class BudgetLine(_Part):
    """One kind of cost: which line of a plan's budget it is, and an example of how it is written."""

    id: Literal["infrastructure", "tools", "people"]
    title: Line
    example: Line | None = None


class PlanTemplate(_Part):
    """What a plan from this rubric is made of, before it has items."""

    phases: tuple[PlanPhase, ...] = ()
    metrics: tuple[PlanMetric, ...] = ()
    budget: tuple[BudgetLine, ...] = ()
    source: Source | None = None


class Rubric(_Part):
    """A rubric: sections whose leaves are criteria, and how answers become a level.

    Build one with `Rubric.from_dict`, which checks what holds between its parts as well, or read a file.

    >>> from mlops_widgets.library import load_rubric
    >>> rubric = load_rubric("mlops-levels")
    >>> [section.title for section in rubric.sections][:2], rubric.criteria["data.catalog"].text
    (['Data management', 'Model training'], 'A catalogue shows which data there is and what its fields mean.')
    """

    format: Literal[1] = 1
    id: Id
    version: Annotated[str, Field(pattern=r"^\d+\.\d+(\.\d+)?$")]
    title: Line
    language: Annotated[str, Field(pattern=r"^[a-z]{2}(-[A-Z]{2})?$")] = "en"
    description: Text
    note: Text | None = None
    """What a reader should know of how this differs from its source."""
    source: Source
    license: Line | None = None
    minutes: Count | None = Field(default=None, ge=1, le=600)
    """How long answering takes."""
    scale: Id
    """Name of the scale used where nothing nearer names one."""
    scales: dict[Id, Scale] = Field(min_length=1)
    levels: tuple[Level, ...] = ()
    facets: tuple[Facet, ...] = ()
    scoring: Scoring
    sections: tuple[Section, ...] = Field(min_length=1)
    roadmaps: tuple[Roadmap, ...] = ()
    plan: PlanTemplate | None = None

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        """Show in a notebook what this is, not all that is in it."""
        return {"text/plain": f"<Rubric {self.id} {self.version}: {len(self.criteria)} criteria>"}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Rubric:
        """Build a rubric from plain data, as a YAML or JSON reader gives it.

        Raises:
            RubricError: with every fault, each with its path in the data.

        >>> Rubric.from_dict({"id": "x"})
        Traceback (most recent call last):
        ...
        mlops_widgets.rubric.RubricError: version: is missing
        title: is missing
        description: is missing
        source: is missing
        scale: is missing
        scales: is missing
        scoring: is missing
        sections: is missing
        """
        if not hasattr(data, "items"):
            raise RubricError([Problem(where="", message="a rubric is a mapping with an id, a title and sections")])
        between = list(faults(data))
        told = {problem.where for problem in between}
        try:
            rubric = cls.model_validate(data)
        except ValidationError as error:
            fields = [problem for problem in problems_of(error) if problem.where not in told]
            raise RubricError([*fields, *between]) from None
        if between:
            raise RubricError(between)
        return rubric

    def to_dict(self) -> dict[str, Any]:
        """Give the rubric as plain data, without what is left at its default."""
        return self.model_dump(mode="json", exclude_defaults=True)

    @staticmethod
    def json_schema() -> dict[str, Any]:
        """Give the JSON schema of a rubric file, for editors that complete and check."""
        schema = Rubric.model_json_schema()
        return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}

    @cached_property
    def content_hash(self) -> str:
        """SHA-256 of the meaning: the same whatever the comments, key order or spelt-out defaults."""
        canonical = json.dumps(self.to_dict(), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()

    def walk(self) -> Iterator[Section]:
        """Every section, parents before children, in the order they are read."""
        for section in self.sections:
            yield from section.walk()

    @cached_property
    def criteria(self) -> Mapping[str, Criterion]:
        """Every criterion by its id, in the order they are read."""
        return {criterion.id: criterion for section in self.walk() for criterion in section.criteria}

    @cached_property
    def descriptors(self) -> Mapping[str, Descriptor]:
        """Every descriptor by its id."""
        return {item.id: item for section in self.walk() for item in section.descriptors}

    @cached_property
    def scale_of(self) -> Mapping[str, Scale]:
        """The scale of each criterion, by the criterion's id."""

        def below(section: Section, inherited: str) -> Iterator[tuple[str, Scale]]:
            name = section.scale or inherited
            for criterion in section.criteria:
                yield criterion.id, self.scales[criterion.scale or name]
            for child in section.sections:
                yield from below(child, name)

        return dict(pair for section in self.sections for pair in below(section, self.scale))

    @cached_property
    def dimension_of(self) -> Mapping[str, Section]:
        """The top-level section of each criterion and descriptor, by its id."""
        dimensions: dict[str, Section] = {}
        for dimension in self.sections:
            for section in dimension.walk():
                dimensions |= {criterion.id: dimension for criterion in section.criteria}
                dimensions |= {descriptor.id: dimension for descriptor in section.descriptors}
        return dimensions

    def level(self, number: int) -> Level | None:
        """Find a level by its number."""
        return next((level for level in self.levels if level.level == number), None)
