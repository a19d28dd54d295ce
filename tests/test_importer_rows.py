"""What the import page shows of a reading: order, names, sentences, and what does not become an answer."""

from __future__ import annotations

from typing import Any

from mlops_widgets.assessment import Answer, Assessment
from mlops_widgets.formats.reading import Candidate, Mark, Reading
from mlops_widgets.importer_rows import changes, clashes, criteria, outcome, rest, rows
from mlops_widgets.library import load_rubric, words

RUBRIC = load_rubric("mlops-levels")
WORDS = words("importer")
CATALOG = RUBRIC.criteria["data.catalog"].text
VERSIONING = RUBRIC.criteria["data.versioning"].text


def mark(line: int, state: str = "taken", *, value: str | None = "yes", **more: Any) -> Mark:
    """One mark of a file."""
    return Mark(line=line, place=f"line {line}", text=f"- mark {line}", answer=Answer(value=value), state=state, **more)


def taken(line: int, criterion: str, value: str = "yes") -> Mark:
    """A mark that was taken by its text."""
    return mark(line, value=value, criterion=criterion, how="text", confidence=0.9)


def likely(line: int, criterion: str, value: str | None = "yes", confidence: float = 0.6) -> Mark:
    """A mark that waits, with the criterion it is probably about."""
    return mark(line, "confirm", value=value, candidates=(Candidate(criterion=criterion, confidence=confidence),))


def reading(*marks: Mark) -> Reading:
    """A file with these marks."""
    answers = {each.criterion: each.answer for each in marks if each.criterion}
    about = {"id": "churn", "subject": "Churn model", "date": "2026-11-20"}
    assessment = Assessment.from_dict({**about, "rubric": {"id": RUBRIC.id, "version": RUBRIC.version}})
    return Reading(rubric=RUBRIC, assessment=assessment.model_copy(update={"answers": answers}), marks=marks)


def test_what_waits_comes_first() -> None:
    """To confirm, then not understood, then taken; each in the order of the file."""
    read = reading(taken(1, "data.catalog"), mark(2, "left"), likely(3, "data.versioning"), mark(4, "left"))
    assert [row["place"] for row in rows(read, WORDS)] == ["line 3", "line 2", "line 4", "line 1"]


def test_what_contradicts_stands_together() -> None:
    """Marks that answer one criterion differently stand together and before everything else."""
    read = reading(
        likely(1, "data.lineage"),
        taken(2, "data.catalog"),
        taken(3, "data.versioning"),
        likely(4, "data.catalog", "no"),
    )
    laid = rows(read, WORDS)
    assert [(row["place"], row["group"]) for row in laid] == [
        ("line 2", "data.catalog"),
        ("line 4", "data.catalog"),
        ("line 1", ""),
        ("line 3", ""),
    ]


def test_twice_the_same_is_no_contradiction() -> None:
    """Two marks of one mind are not shown as a conflict."""
    read = reading(taken(1, "data.catalog"), likely(2, "data.catalog"))
    assert {row["group"] for row in rows(read, WORDS)} == {""}


def test_a_row() -> None:
    """A row has the text as written, the mark in the words of the scale, and how sure it is."""
    answer = Answer(value="partly", note="since May", evidence=("docs/a.md",))
    (row,) = rows(
        reading(
            Mark(
                line=7,
                place="line 7",
                text="- [~] <b>catalogue</b>",
                section="Data",
                answer=answer,
                state="confirm",
                candidates=(Candidate(criterion="data.catalog", confidence=0.625),),
                why="two are as likely",
            )
        ),
        WORDS,
    )
    assert row == {
        "position": 0,
        "place": "line 7",
        "section": "Data",
        "text": "- [~] <b>catalogue</b>",
        "said": "Read as “Partly”",
        "value": "partly",
        "more": ["Note: since May", "Evidence: docs/a.md"],
        "state": "confirm",
        "criterion": None,
        "how": "",
        "share": 0.625,
        "sure": "",
        "candidates": [{"id": "data.catalog", "share": 0.625, "sure": "63 %"}],
        "why": "two are as likely",
        "group": "",
    }


def test_a_mark_that_says_nothing() -> None:
    """A mark that was not understood says so; not applicable has its name."""
    unread, outside = rows(reading(mark(1, "left", value=None), mark(2, "left", value="na")), WORDS)
    assert unread["said"] == "The mark itself was not understood"
    assert outside["said"] == "Read as “Not applicable”"


def test_every_criterion_has_a_name_of_its_own() -> None:
    """Whatever a person picks by its name is one criterion, in every rubric, with its answers."""
    for name in ("mlops-levels", "mlops-checklist", "mlops-questionnaire", "mlops-milestone"):
        rubric = load_rubric(name)
        listed = criteria(rubric, WORDS)
        assert len({each["name"] for each in listed}) == len(listed)
        assert {each["id"] for each in listed} == {*rubric.criteria, *rubric.descriptors}
        assert all(each["options"] for each in listed)


def test_anchored_answers_have_their_texts() -> None:
    """The answers of a question with a text per level are told by number and text."""
    first = criteria(load_rubric("mlops-questionnaire"), WORDS)[0]["options"]
    assert first[0]["label"] == "0: Apart from each other, with little contact"
    assert first[-1] == {"value": "na", "label": "Not applicable"}


def test_outcome() -> None:
    """Counts, the sentence above the table, what is not mentioned and what is left."""
    read = reading(taken(1, "data.catalog"), mark(2, "left"), likely(3, "data.versioning"), mark(4, "left"))
    said = outcome(read.decided({3: None}), WORDS, name="team.md")
    count = len(RUBRIC.criteria) - 1
    assert said["summary"] == (
        f"1 of 4 marks taken, 1 to confirm, 1 not understood; {count} criteria not mentioned; 1 left out by you"
    )
    assert said["counts"] == {"confirm": 1, "left": 1, "taken": 1}
    assert (said["answers"], said["restCount"], said["changes"]) == (1, 3, [])
    assert len(said["missing"]) == count


def test_rest() -> None:
    """Every mark that is no answer is written down with its line; another mark of a taken criterion too."""
    read = reading(
        taken(1, "data.catalog"), mark(2, "left", why="no criterion is alike"), taken(3, "data.catalog", "no")
    )
    assert rest(read, WORDS, name="team.md") == (
        "Marks of team.md that did not become answers\n\n"
        f"line 1: - mark 1  (another mark was taken for “{CATALOG}”)\n"
        "line 2: - mark 2  (no criterion is alike)\n"
    )
    assert rest(reading(taken(1, "data.catalog")), WORDS, name="team.md") == ""


def test_a_mark_that_another_holds() -> None:
    """A blank line, or a second one whose note went into the answer, is not told as lost."""
    blank = mark(2, value=None, criterion="data.versioning", how="id", confidence=1.0)
    read = reading(taken(1, "data.catalog"), taken(3, "data.catalog"), blank)
    assert rest(read, WORDS, name="team.md") == ""
    assert list(clashes(reading(taken(1, "data.versioning"), blank), WORDS)) == []


def test_clashes() -> None:
    """Two marks taken for one criterion with different answers are told with their lines."""
    read = reading(taken(1, "data.catalog"), taken(3, "data.catalog", "no"), taken(4, "data.versioning"))
    assert list(clashes(read, WORDS)) == [
        f"{CATALOG}: two marks say different things (line 1: Yes, line 3: No). Leave one of them out."
    ]


def test_changes() -> None:
    """What the file says is held against what stands; what it does not say stays as it is."""
    standing = reading().assessment.model_copy(
        update={
            "answers": {
                "data.catalog": Answer(value="yes", note="in the wiki"),
                "data.versioning": Answer(value="na", reason="no data"),
                "data.lineage": Answer(value="no"),
            }
        }
    )
    read = reading(
        taken(1, "data.catalog"), taken(2, "data.versioning", "no"), taken(3, "data.central-storage"), mark(4, "left")
    )
    found = changes(read, standing)
    assert [(each.criterion, each.before, each.after, each.is_new) for each in found] == [
        ("data.central-storage", Answer(), Answer(value="yes"), True),
        ("data.versioning", Answer(value="na", reason="no data"), Answer(value="no"), False),
    ]
    shown = outcome(read, WORDS, name="team.md", standing=standing)["changes"]
    assert shown[1] == {
        "criterion": "data.versioning",
        "name": VERSIONING,
        "before": ["Not applicable", "Reason: no data"],
        "after": ["No"],
        "isNew": False,
    }
    assert shown[0]["before"] == ["Open"]
