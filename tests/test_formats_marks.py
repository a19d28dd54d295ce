"""What people write for yes, partly, no and not applicable, and what it means on a scale."""

from __future__ import annotations

import pytest

from mlops_widgets.formats.marks import Meaning, Said, box, ending, remark, said, sign, value_for
from mlops_widgets.library import load_rubric

ANSWER = load_rubric("mlops-levels").scales["answer"]
PROGRESS = load_rubric("mlops-milestone").scales["progress"]
CAPABILITY = load_rubric("mlops-questionnaire").scales["capability"]


def value(text: str, scale: object = ANSWER) -> Meaning:
    """Hold a mark against a scale."""
    mark = said(text)
    assert mark is not None
    return value_for(mark, scale)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("yes", "yes Yes YES ja oui sí si sì sim tak はい 是 ✅ ✔️ ☑ [x] [X] x done"),
        (
            "partly",
            "partly teilweise partiellement parcialmente parzialmente gedeeltelijk deels częściowo 一部 部分 ⚠️ [~] [/]",
        ),
        ("no", "no nein non nee não nie いいえ 否 ❌ ✗ 没有 missing"),
        ("na", "n/a N/A. entfällt nvt 該当なし 不适用 ➖"),
        ("open", "[ ] [] ☐ tbd ?"),
        ("unclear", "[s] [-] [?] ☒"),
    ],
)
def test_words_of_ten_languages(kind: str, words: str) -> None:
    """Signs, boxes and words mean what people mean by them."""
    for word in words.replace("[ ]", "[_]").split():
        mark = said(word.replace("[_]", "[ ]"))
        assert mark is not None, word
        assert mark.kind == kind, word


@pytest.mark.parametrize("text", ["", "data", "yes and more", "see the wiki for it", "2026-01-01", "x" * 100, "1.2.3"])
def test_what_is_no_mark(text: str) -> None:
    """Other text is no mark."""
    assert said(text) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("100 %", "yes"),
        ("50%", "partly"),
        ("0 %", "no"),
        ("2/4", "partly"),
        ("5/5", "yes"),
        ("3/5", None),
        ("60 %", None),
        ("Level 2", None),
        ("2.5", None),
    ],
)
def test_scores_on_a_scale_of_three(text: str, expected: str | None) -> None:
    """A share is an answer only where it is exactly that of an option."""
    meaning = value(text)
    assert meaning.value == expected
    assert meaning.why == ("" if expected else f"{text} is none of these: No, Partly, Yes")


@pytest.mark.parametrize(
    ("text", "expected"), [("2", "2"), ("Level 3", "3"), ("3/4", "3"), ("2,5", None), ("9", None), ("yes", None)]
)
def test_levels_on_a_scale_of_numbers(text: str, expected: str | None) -> None:
    """A number is the option of that name; a tick says no number."""
    assert value(text, CAPABILITY).value == expected


def test_other_scales() -> None:
    """A tick is the least that counts as met, and says so; a part is the one option between, if there is one."""
    assert value("[x]", PROGRESS) == Meaning("done", "[x] is read as 'Done', the least that counts")
    assert value("partly", PROGRESS).value == "in-progress"
    assert value("no", PROGRESS).value == "not-started"
    assert value("n/a", PROGRESS).value == "na"
    assert value("[ ]", PROGRESS) == Meaning(None)
    assert value_for(Said("word", "Done, with evidence"), PROGRESS).value == "evidenced"


def test_sentences_that_are_true_or_not() -> None:
    """Where nothing is scored only a yes is an answer."""
    assert value("yes", None) == Meaning("yes")
    assert value("no", None) == Meaning(None)
    assert value("partly", None) == Meaning(None, "partly is no answer to a sentence that is true or not")


def test_boxes_and_signs_that_are_not_clear() -> None:
    """What means one thing to some and another to others is told, never guessed."""
    assert box("-").why == "`[-]` is partly to some and not applicable to others"
    assert box("s").why == "the mark `[s]` is not known here"
    assert sign("☒").why == "a crossed box is a yes to some and a no to others"


def test_remarks() -> None:
    """A remark in brackets may say that a thing does not apply, or is there in part."""
    found = [remark(text) for text in ("partly done", "not applicable, no API", "not needed yet", "yes", "S3", "todo")]
    assert found == ["partly", "na", "not needed", "yes", None, "no"]


@pytest.mark.parametrize(
    ("text", "kind"),
    [("It works partly.", "partly"), ("Load tests n/a", "na"), ("Partly done by hand", None), ("", None)],
)
def test_words_at_the_end(text: str, kind: str | None) -> None:
    """A statement may end in a word that limits it, with nothing between."""
    found = ending(text)
    assert (found[0].kind if found else None) == kind
