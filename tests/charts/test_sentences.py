"""A chart says what a reader would see first."""

from __future__ import annotations

import re
from pathlib import Path

from chart_cases import answered, levels_score

from mlops_widgets import charts
from mlops_widgets.charts import heatmap, radar
from mlops_widgets.charts.axis import WORDS
from mlops_widgets.library import load_rubric
from mlops_widgets.scoring import score


def test_descriptions_name_the_extremes_the_whole_and_the_target() -> None:
    """Each chart says what a reader would see first."""
    rubric = load_rubric("mlops-questionnaire")
    answers = {name: "1" if rubric.dimension_of[name].id == "people" else "3" for name in rubric.criteria}
    assert radar(score(rubric, answers), targets={"overall": 3}).description == (
        "Development is highest at 3, People lowest at 1. The whole is at level 2. "
        "1 of 4 dimensions are below their target; the largest gap: People, 1 of 2.5."
    )
    assert heatmap(score(rubric, answers)).description == (
        "12 of 15 criteria that apply are met. Fewest in People, 0 of 3. The whole is at level 2."
    )
    assert heatmap(levels_score({1: "yes", 2: "no", 3: "no"})).description == (
        "Of 9 dimensions, 9 reach level 1, 0 reach level 2, 0 reach level 3. "
        "Furthest behind: Data, 0 % of level 2. The whole is at level 1."
    )
    assert radar(answered(0, 0, 0, 0)).description == "Every dimension stands at 0."


def test_every_word_is_used() -> None:
    """A word that nothing shows would be translated for nothing."""
    source = "".join(path.read_text(encoding="utf-8") for path in Path(charts.__file__).parent.glob("*.py"))
    numbered = re.compile(r"(shade|answer)_\d|status_[a-z]+")
    assert [
        word for word in WORDS if not numbered.fullmatch(word) and word not in re.findall(r"[\"'](\w+)[\"']", source)
    ] == []
