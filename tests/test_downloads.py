"""The names of files to take along, and what is on offer; the downloads themselves are tested in a real browser."""

from __future__ import annotations

import re

import pytest

from mlops_widgets.assessment import Assessment, PlanItem
from mlops_widgets.downloads import _spoken, disposition, offers
from mlops_widgets.formats import FORMATS, PLANS
from mlops_widgets.library import load_rubric

RUBRIC = load_rubric("mlops-levels")


def churn(**data: object) -> Assessment:
    """An assessment without answers."""
    about = {"id": "churn26q4", "subject": "Churn model", "date": "2026-11-20"}
    return Assessment.from_dict({**about, "rubric": {"id": RUBRIC.id, "version": RUBRIC.version}, **data})


@pytest.mark.parametrize(
    ("subject", "name"),
    [
        ("Churn model", "Churn-model"),
        ("../../etc/passwd", "etc-passwd"),
        ('a"b\r\nSet-Cookie: x', "a-b-Set-Cookie-x"),
        ("Müllers Modell", "Müllers-Modell"),
        ("解約モデル", "解約モデル"),
        ("<script>alert(1)</script>", "script-alert-1-script"),
        ("\u202egpj.exe", "gpj-exe"),
        ("...", "assessment"),
        ("x" * 200, "x" * 80),
    ],
)
def test_a_subject_in_the_name_of_a_file(subject: str, name: str) -> None:
    """Letters and digits of any language stay; nothing that a system or a header could take amiss does."""
    assert _spoken(subject) == name


@pytest.mark.parametrize("name", ["Churn-model.md", "Müller.md", "解約.md", "\U0001f600.csv", "日本.tar\u00ff.md"])
def test_a_header_is_ascii(name: str) -> None:
    """Old programs get ASCII, others the name as it is."""
    header = disposition(name)
    assert header.isascii()
    assert re.fullmatch(r"attachment; filename=\"[A-Za-z0-9._-]+\"; filename\*=UTF-8''[A-Za-z0-9._~%-]+", header)


def test_offers() -> None:
    """Every format of an assessment is on offer, and those of its plan once it has one."""
    plain, planned = offers(churn()), offers(churn().planned("item1", PlanItem(title="Deploy from a pipeline")))
    assert [each["path"] for each in plain] == [f"download/churn26q4.{ending}" for ending in FORMATS]
    assert planned[: len(plain)] == plain
    assert [each["path"] for each in planned[len(plain) :]] == [f"download/churn26q4/plan.{ending}" for ending in PLANS]
