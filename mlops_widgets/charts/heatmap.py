"""The heatmap: what is there and what is not, a row of cells or more for each dimension."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import altair as alt
import pandas as pd

from mlops_widgets.assessment import Assessment
from mlops_widgets.charts.axis import WORDS, label, one_line, title
from mlops_widgets.charts.figure import LINE, PALETTE, WIDTH, Chart, Theme, figure, in_lines, named, row_names
from mlops_widgets.charts.sentences import extremes, levels_reached, met, set_apart, whole
from mlops_widgets.numerals import number, percent

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from mlops_widgets.assessment import Answer
    from mlops_widgets.scoring import Score, SectionScore

__all__ = ["Rows", "heatmap"]

Rows = Literal["levels", "practices", "criteria"]
Cells = list[dict[str, Any]]
Drawn = tuple[alt.LayerChart, list[str], dict[str, Any]]
"""The chart, sentences about it, and the columns of its table."""

CHECK = "M-.7,0L-.2,.5L.7,-.6"
"""A tick, drawn and not written: not every font has one."""


def heatmap(
    score: Score,
    *,
    by: Rows | None = None,
    answers: Assessment | Mapping[str, Answer | str] | None = None,
    theme: Theme = "light",
    size: int = WIDTH,
) -> Chart:
    """Draw what is there and what is not, a row of cells or more for each dimension.

    Args:
        score: what to draw.
        by: `levels`: how much of each level is met. `practices`: the sections below each dimension.
            `criteria`: every single one. When left out, the first of practices, levels, criteria that the rubric has.
        answers: for criteria, the answers given, so that cells show them and not only met or not.
        theme: colours of `svg` and `png`.
        size: width in pixels.

    Raises:
        ValueError: the rubric has no levels with criteria, or no practices, to show.

    >>> from mlops_widgets.library import load_rubric
    >>> from mlops_widgets.scoring import score
    >>> rubric = load_rubric("mlops-questionnaire")
    >>> print(heatmap(score(rubric, {name: "2" for name in rubric.criteria})).description)
    0 of 15 criteria that apply are met. Fewest in People, 0 of 3. The whole is at level 2.
    """
    gated, nested = any(part.completion for part in score.dimensions), any(part.depth > 1 for part in score.sections)
    by = by or ("practices" if nested else "levels" if gated else "criteria")
    if (by == "levels" and not gated) or (by == "practices" and not nested):
        raise ValueError(f"the rubric {score.rubric.id} has no {by}; use by='criteria' or leave it out")
    if by == "criteria":
        given = answers.answers if isinstance(answers, Assessment) else answers or {}
        chart, said, columns = _criteria(score, given, theme)
    else:
        chart, said, columns = _levels(score, theme) if by == "levels" else _practices(score, theme)
    return figure(
        chart,
        title=WORDS["heatmap"].format(title=one_line(score.rubric.title)),
        said=[*said, whole(score), *set_apart(score)],
        table=pd.DataFrame(columns),
        size=size,
        theme=theme,
    )


def _levels(score: Score, theme: Theme) -> Drawn:
    """Show dimension x level: how much of each level is met, ticked where that is enough."""
    parts, steps = (*score.dimensions, score.overall), score.overall.completion
    heads, edges = [WORDS["level"].format(level=step.level) for step in steps], (steps[0].needed, 1.0)
    names = [title(part) if part.depth else WORDS["overall"] for part in parts]
    cells = [
        _cell(
            (row, column), step.share, name=f"{names[row]}, {heads[column]}",
            text=_interval(step.share, step.share_high, edges), is_met=step.holds,
        )
        for row, part in enumerate(parts)
        for column, step in enumerate(part.completion)
    ]  # fmt: skip
    columns: dict[str, Any] = {WORDS["dimension"]: names}
    is_open = any(step.met_high != step.met for part in parts for step in part.completion)
    for column, head in enumerate(heads):
        columns[WORDS["in_percent"].format(name=head)] = _shown([p.completion[column].share for p in parts], edges)
        if is_open:
            highest = [part.completion[column].share_high for part in parts]
            columns[WORDS["at_most_in_percent"].format(name=head)] = _shown(highest, edges)
    rows = [label(part) if part.depth else WORDS["overall"] for part in parts]
    key = WORDS["key_levels"].format(number=percent(edges[0]))
    chart = _draw(cells, rows=rows, heads=heads, key=key, shades=_words("shade"), height=36, theme=theme)
    return chart, levels_reached(score), columns


def _practices(score: Score, theme: Theme) -> Drawn:
    """Show section x practice: the sections right below each dimension, or itself where it has none."""
    below: dict[str, list[SectionScore]] = {}
    for part in score.sections:
        if part.depth == 1:
            below[part.id] = []
        elif part.depth == 2:  # noqa: PLR2004 - the floor below dimensions
            below[next(reversed(below))].append(part)
    pairs = [(part, practice) for part in score.dimensions for practice in below[part.id] or [part]]
    owners, practices = [part for part, _ in pairs], [practice for _, practice in pairs]
    rows, places = _rows(owners, columns=2)
    shares = [practice.share for practice in practices]
    lows, highs = ([_share(practice, getattr(practice, end)) for practice in practices] for end in ("low", "high"))
    cells = []
    for place, practice, share, low, high in zip(places, practices, shares, lows, highs, strict=True):
        shown = _interval(low, high)
        lines = [shown if low is None else WORDS["percent"].format(number=shown), *in_lines(one_line(practice.label))]
        cells.append(_cell(place, share, name=title(practice), text="\n".join(lines), is_met=(share or 0) >= 1))
    columns = {
        WORDS["practice"]: [one_line(practice.title) for practice in practices],
        WORDS["dimension"]: [title(part) for part in owners],
        WORDS["share"]: _shown(shares),
        **({WORDS["low_column"]: _shown(lows), WORDS["high_column"]: _shown(highs)} if lows != highs else {}),
        WORDS["open_column"]: [practice.applicable - practice.answered for practice in practices],
    }
    there = [(practice, share) for practice, share in zip(practices, shares, strict=True) if share is not None]
    written = [(practice, share, WORDS["percent"].format(number=percent(share))) for practice, share in there]
    said = [WORDS["practices_met"].format(met=sum(share >= 1 for _, share in there), of=len(there))] if there else []
    shades = _words("shade")
    chart = _draw(cells, rows=rows, key=WORDS["key_practices"], shades=shades, height=70, theme=theme)
    return chart, [*said, extremes(written)], columns


def _criteria(score: Score, answers: Mapping[str, Answer | str], theme: Theme) -> Drawn:
    """Show dimension x criterion, in the order they are read: the answer where it is known, else met or not."""
    rubric, states, cells = score.rubric, list(score.state.values()), []
    owners = [score[rubric.dimension_of[criterion].id] for criterion in score.state]
    numbers = [owners[:place].count(owner) + 1 for place, owner in enumerate(owners)]
    rows, places = _rows(owners, columns=min(max(numbers), 7))
    given = [_answer(score, answers, criterion) for criterion in score.state]
    signs = {"open": "?", "na": WORDS["na"], "met": "", "short": "×"}
    for place, owner, nth, state, answer in zip(places, owners, numbers, states, given, strict=True):
        value, share = answer or (None, {"met": 1.0, "short": 0.0}.get(state))
        cells.append(
            _cell(
                place, share, name=f"{label(owner)} {nth}", text=signs[state] if value is None else number(value),
                is_met=state == "met", is_full=share == 1, is_open=state == "open",
            )
        )  # fmt: skip
    columns = {
        WORDS["criterion"]: [one_line(rubric.criteria[criterion].text) for criterion in score.state],
        WORDS["dimension"]: [title(owner) for owner in owners],
        WORDS["number"]: numbers,
        WORDS["state"]: [WORDS[state] for state in states],
    }
    if any(given):
        columns[WORDS["answer"]] = [answer and answer[0] for answer in given]
    shades = _words("answer") if any(given) else {0: WORDS["short"], 3: WORDS["met"]}
    heads = [str(nth) for nth in range(1, 1 + min(max(numbers), 7))]
    key = WORDS["key_criteria"]
    chart = _draw(cells, rows=rows, heads=heads, key=key, shades=shades, height=46, drop=6, theme=theme)
    return chart, met(score), columns


def _draw(
    cells: Cells, *, rows: Sequence[str], key: str, shades: Mapping[int, str], height: int, theme: Theme,
    heads: Sequence[str] = (), drop: int = 0,
) -> alt.LayerChart:  # fmt: skip
    """Draw cells by row and column: a rectangle, its text `drop` pixels below the middle, a tick in the corner."""
    colours = PALETTE[theme]
    steps = [colours[step] for step in ("step0", "step1", "step2", "accent")]
    top = alt.Axis(orient="top", labelAngle=0, labelExpr=named(range(len(heads)), heads)) if heads else None
    base = alt.Chart(pd.DataFrame(cells)).encode(
        x=alt.X("column:O", axis=top, scale=alt.Scale(paddingInner=0.04, paddingOuter=0)),
        y=alt.Y("row:O", axis=row_names(rows), scale=alt.Scale(paddingInner=0.09, paddingOuter=0)),
    )
    legend = alt.Legend(columns=2, labelExpr=named(shades, list(shades.values())))
    scale = alt.Scale(domain=list(shades), range=[steps[shade] for shade in shades])
    shade = alt.Color("shade:O", title=None, scale=scale, legend=legend)
    on_cell = alt.condition("datum.shade === 3", alt.value(colours["card"]), alt.value(colours["ink"]))
    middle = alt.expr(f"{drop} - {LINE / 2} * (datum.lines - 1)")
    layers = [
        base.transform_filter("isValid(datum.shade)")
        .mark_rect(cornerRadius=4)
        .encode(color=shade, tooltip=["name:N", "text:N"]),
        base.transform_filter("datum.is_open").mark_rect(
            cornerRadius=4, fill=None, stroke=colours["soft"], strokeDash=[3, 3]
        ),
        base.mark_text(lineBreak="\n", dy=middle).encode(text="text:N", fill=on_cell),
        base.transform_filter("datum.is_met")
        .mark_point(shape=CHECK, size=80, filled=False, strokeWidth=2, opacity=1, xOffset=-10, yOffset=9)
        .encode(x=alt.X("column:O", bandPosition=1), y=alt.Y("row:O", bandPosition=0), stroke=on_cell),
    ]
    return alt.LayerChart(layer=layers).properties(height=alt.Step(height), title=key)


def _cell(
    place: tuple[int, int], share: float | None, *, name: str, text: str, is_met: bool, is_full: bool | None = None,
    is_open: bool = False,
) -> dict[str, Any]:  # fmt: skip
    """Give a cell as data: darkest only where it is full, without a shade where it has no share."""
    steps = (0.25, 0.5)
    shade = None if share is None else 3 if (is_met if is_full is None else is_full) else sum(share >= s for s in steps)
    return {
        "row": place[0], "column": place[1], "name": name, "text": text, "lines": text.count("\n") + 1,
        "shade": shade, "is_met": is_met and share is not None, "is_open": is_open,
    }  # fmt: skip


def _rows(owners: Sequence[SectionScore], *, columns: int) -> tuple[list[str], list[tuple[int, int]]]:
    """Begin a row for each dimension, named after it; give the names of all rows, and row and column of each cell."""
    names: list[str] = []
    places: list[tuple[int, int]] = []
    for place, owner in enumerate(owners):
        begins = not place or owner is not owners[place - 1]
        if begins or places[-1][1] == columns - 1:
            names.append(label(owner) if begins else "")
        places.append((len(names) - 1, 0 if not places or places[-1][0] < len(names) - 1 else places[-1][1] + 1))
    return names, places


def _answer(score: Score, answers: Mapping[str, Answer | str], criterion: str) -> tuple[float, float] | None:
    """Give an answer's value and its place on the scale, 0 to 1; None where it is not known or only implied."""
    answer = answers.get(criterion)
    chosen = answer if answer is None or isinstance(answer, str) else answer.value
    options = score.rubric.scale_of[criterion].options
    value = next((option.value for option in options if option.id == chosen), None)
    if value is None or score.state[criterion] in ("na", "open"):
        return None
    return value, (value - options[0].value) / (options[-1].value - options[0].value)


def _share(part: SectionScore, value: float | None) -> float | None:
    return None if value is None else (value - part.minimum) / ((part.maximum - part.minimum) or 1.0)


def _words(kind: str) -> dict[int, str]:
    return {step: WORDS[f"{kind}_{step}"] for step in range(4)}


def _shown(shares: Sequence[float | None], edges: Sequence[float] = (1.0,)) -> Any:  # noqa: ANN401 - pandas has no types
    return pd.array(
        [None if share is None else float(percent(share, edges=edges)) for share in shares], dtype="Float64"
    )


def _interval(low: float | None, high: float | None, edges: Sequence[float] = (1.0,)) -> str:
    """Write percent without its sign, as an interval when something is open."""
    if low is None or high is None:
        return WORDS["na"]
    return "–".join(dict.fromkeys([percent(low, edges=edges), percent(high, edges=edges)]))
