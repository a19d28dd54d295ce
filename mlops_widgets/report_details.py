"""What stands behind the first page of a report: every answer, and how score and level were worked out.

May not judge: what is strong, weak or next is for the first page.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlops_widgets import __version__
from mlops_widgets.assessment import NOT_APPLICABLE
from mlops_widgets.numerals import number, percent
from mlops_widgets.report_parts import Dimension, Group, Item
from mlops_widgets.report_reading import Reading

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mlops_widgets.assessment import Answer
    from mlops_widgets.rubric import Criterion, Section
    from mlops_widgets.scoring import Finding, SectionScore

__all__ = ["Answers", "Method"]

MOST_NOTICES = 4


class Answers(Reading):
    """Every answer with what was said about it, and what does not fit."""

    def notices(self) -> tuple[str, ...]:
        """Say what does not fit and should be settled, the first few."""
        found = [
            *(self.say("contradictory", one=self.text_of(finding.criteria[0]), other=self.text_of(finding.criteria[1]))
              for finding in self.score.found("contradictory")),
            *(self.say("reason_missing", one=self.text_of(finding.criteria[0]))
              for finding in self.score.found("reason_missing")),
            *(self._misfit(finding) for finding in self.score.findings
              if finding.kind in ("out_of_order", "unassigned") and (finding.section != "overall" or finding.level)),
        ]  # fmt: skip
        shown = found[:MOST_NOTICES]
        if len(found) > len(shown):
            shown.append(self.count("notices_more", len(found) - len(shown)))
        if self.fit.unmatched:
            shown.append(self.count("unmatched", len(self.fit.unmatched)))
        then = self.given.rubric
        if then.version != self.rubric.version:
            shown.append(self.say("other_version", then=then.version, now=self.rubric.version))
        elif then.hash and then.hash != self.rubric.content_hash:
            shown.append(self.say("other_content"))
        return tuple(shown)

    def _misfit(self, finding: Finding) -> str:
        if finding.kind == "unassigned":
            return self.say("unassigned_dimension", section=self.parts[finding.section].title)
        if finding.section == "overall":
            return self.say("out_of_order_whole", level=finding.level)
        return self.say("out_of_order", section=self.parts[finding.section].title, level=finding.level)

    def dimension(self, section: Section) -> Dimension:
        """Give a dimension with all its answers."""
        part = self.parts[section.id]
        misfits = [finding for finding in self.score.findings if finding.kind in ("out_of_order", "unassigned")]
        return Dimension(
            id=section.id,
            title=section.title,
            description=section.description or "",
            facts=tuple(self._facts_of(part)),
            remarks=tuple(self._misfit(finding) for finding in misfits if finding.section == section.id),
            groups=tuple(
                Group(
                    title="" if node is section else node.title,
                    items=tuple(self.item(criterion) for criterion in node.criteria),
                )
                for node in section.walk()
                if node.criteria
            ),
            described=tuple(
                descriptor.text
                for node in section.walk()
                for descriptor in node.descriptors
                if self.answer_of(descriptor.id).value == "yes"
            ),
        )

    def _facts_of(self, part: SectionScore) -> Iterator[str]:
        if not part.applicable:
            yield self.say("nothing_applies")
            return
        if part.level is not None:
            yield self.say("level_of", level=part.level)
        if part.value is not None:
            yield self.say("score_of", value=self.value_of(part))
        yield self.say("answered_of", answered=part.answered, count=part.applicable)
        if part.id in self.given.targets:
            yield self.say("target_of", level=number(self.given.targets[part.id]))
        if not part.counted:
            yield self.say("uncounted")

    def item(self, criterion: Criterion) -> Item:
        """Give a criterion with its answer and all that was said about it."""
        name = criterion.id
        given, state, place = self.answer_of(name), self.score.state[name], self.place_of(name)
        shown = "part" if state == "short" and place else state
        return Item(
            id=name,
            text=criterion.text,
            answer=self._answer(name, given, state, place),
            state=shown,
            state_word=self.say(f"state_{shown}"),
            level="" if criterion.level is None else self.say("of_level", level=criterion.level),
            remarks=tuple(self._remarks(name)),
            facts=tuple(self._said(given, state)),
            evidence=tuple((text, text if _is_address(text) else "") for text in given.evidence),
        )

    def _answer(self, name: str, given: Answer, state: str, place: int | None) -> str:
        if state == "na" and given.value != NOT_APPLICABLE:
            return self.say("answer_profile")
        if given.value == NOT_APPLICABLE:
            return self.say("answer_na")
        if name in self.implied:
            return self.say("answer_implied")
        if place is None:
            return self.say("answer_open")
        if self.rubric.criteria[name].anchors:
            label = self.rubric.scale_of[name].options[place].label
            return self.say("answer_anchored", label=label, answer=self.label_of(name, place))
        return self.label_of(name, place)

    def _remarks(self, name: str) -> Iterator[str]:
        for source in self.implied.get(name, ()):
            yield self.say("implied_by", one=self.text_of(source))
        for other in self.contradicted.get(name, ()):
            yield self.say("contradicts", one=self.text_of(other))
        if name in self.unreasoned:
            yield self.say("needs_reason")
        if name in self.blocking and self.score.overall.next is not None:
            yield self.say("blocks", level=self.score.overall.next.level)

    def _said(self, given: Answer, state: str) -> Iterator[tuple[str, str]]:
        if given.note:
            yield self.say("note"), given.note
        if given.value == NOT_APPLICABLE and given.reason:
            yield self.say("reason"), given.reason
        elif state == "na":
            yield self.say("reason"), self.say("profile_reason", answers="; ".join(self.profile()))
        if given.confidence is not None:
            yield self.say("confidence"), self.say("confidence_of", value=given.confidence)


class Method(Reading):
    """The rule, the thresholds, and what the report rests on."""

    def rule(self) -> Iterator[str]:
        """Say how answers become a score and a score a level."""
        scoring, sections = self.rubric.scoring, self.rubric.sections
        whole = self.say(f"rule_{scoring.combine}")
        if scoring.combine == "weighted_mean":
            total = sum(section.weight for section in sections)
            shares = [f"{part.title} {number(100 * part.weight / total)} %" for part in sections if part.weight]
            yield self.say("rule_whole_weighted", rule=whole, weights=self.joined(shares))
        else:
            yield self.say("rule_whole_pooled" if scoring.combine == "pooled_mean" else "rule_whole", rule=whole)
        for combine in dict.fromkeys(section.combine for section in sections):
            yield self.say("rule_dimensions", rule=self.say(f"rule_{combine}"))
        if scoring.gates is not None:
            needed = scoring.gates.threshold
            yield self.say("rule_gates_all") if needed == 1 else self.say("rule_gates", needed=percent(needed))
        if scoring.bands:
            yield self.say("rule_bands")
        yield self.say(f"rule_{scoring.unanswered}")
        yield self.say("rule_na")
        aside = [section.title for section in sections if not section.weight]
        if aside:
            yield self.say("rule_uncounted", names=self.joined(aside))
        yield self.say("rule_rounding")
        yield self.say("rule_gaps")

    def threshold_head(self) -> tuple[str, ...]:
        """Name the columns of the table of thresholds."""
        names = ("level", "met", "of", "share", "needed") if self.rubric.scoring.gates else ("level", "range", "here")
        return tuple(self.say(f"th_{name}") for name in names)

    def threshold_rows(self) -> Iterator[tuple[str, ...]]:
        """List what each level needs, and what is there."""
        overall = self.score.overall
        for step in overall.completion:
            share, edges = "", (step.needed, 1.0)
            if step.share is not None:
                share = self.say("percent", value=percent(step.share, edges=edges))
            needed = self.say("percent", value=percent(step.needed))
            yield self.level_name(step.level), number(step.met), str(step.of), share, needed
        for band in self.rubric.scoring.bands:
            here = self._words["here"] if band.level == overall.level else ""
            yield self.level_name(band.level), self.range(band), here

    def level_name(self, place: int) -> str:
        """Name a level by number and name."""
        level = self.rubric.level(place)
        return self.say("level", level=place) + (f": {level.name}" if level else "")

    def facts(self) -> Iterator[tuple[str, str]]:
        """Say what the report rests on, so that it can be checked."""
        rubric, overall, source = self.rubric, self.score.overall, self.rubric.source
        aside = len(rubric.criteria) - overall.applicable
        values = {
            "rubric": self.say("fact_rubric_value", title=rubric.title, version=rubric.version, id=rubric.id),
            "rubric_hash": rubric.content_hash,
            "source": self._words["comma"].join(filter(None, (source.document, source.section, source.url))),
            "license": rubric.license or "",
            "note": rubric.note or "",
            "assessment": self.given.id,
            "date": self.given.date,
            "assessor": self.given.assessor,
            "profile": "; ".join(self.profile()),
            "data_hash": self.given.content_hash,
            "answered": self.say("fact_answered_value", answered=overall.answered, count=overall.applicable),
            "na": self.count("fact_na_value", aside) if aside else "",
            "toolkit": self.say("fact_toolkit_value", version=__version__),
        }
        for name, value in values.items():
            yield self.say(f"fact_{name}"), value

    def unanswered(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """List the open criteria by dimension."""
        return tuple(
            (
                self.say("unanswered_in", dimension=self.parts[finding.section].title, count=len(finding.criteria)),
                tuple(self.rubric.criteria[name].text for name in finding.criteria),
            )
            for finding in self.score.found("unanswered")
        )


def _is_address(text: str) -> bool:
    return text.startswith(("https://", "http://")) and not any(character.isspace() for character in text)
