"""Work put on days."""

from __future__ import annotations

from mlops_widgets.plan_schedule import Work, day_after, months_between, scheduled


def test_one_after_the_other() -> None:
    """One person does one thing at a time, from Monday to Friday."""
    work = {"a": Work(effort=1.5), "b": Work(effort=0.2), "c": Work(effort=1)}
    assert scheduled(work, start="2026-12-02") == {
        "a": ("2026-12-02", "2026-12-11"),
        "b": ("2026-12-14", "2026-12-14"),
        "c": ("2026-12-15", "2026-12-21"),
    }


def test_two_at_a_time() -> None:
    """Two people do two things at once; whoever is free takes what is ready, not what still waits."""
    work = {"a": Work(effort=2), "b": Work(effort=1, after=["a"]), "c": Work(effort=1)}
    assert scheduled(work, start="2026-11-30", capacity=2) == {
        "a": ("2026-11-30", "2026-12-11"),
        "b": ("2026-12-14", "2026-12-18"),
        "c": ("2026-11-30", "2026-12-04"),
    }


def test_part_of_a_person() -> None:
    """Half a person takes twice the time; one and a half do one thing faster."""
    work = {"a": Work(effort=1)}
    assert scheduled(work, start="2026-11-30", capacity=0.5) == {"a": ("2026-11-30", "2026-12-11")}
    assert scheduled(work, start="2026-11-30", capacity=1.5) == {"a": ("2026-11-30", "2026-12-03")}


def test_begins_on_a_working_day() -> None:
    """A plan that starts on a Sunday begins on Monday."""
    assert scheduled({"a": Work(effort=0.2)}, start="2026-11-29") == {"a": ("2026-11-30", "2026-11-30")}


def test_circle_ends() -> None:
    """What waits for itself is done in the order given, and the rest after it."""
    work = {
        "a": Work(effort=0.2, after=["b"]),
        "b": Work(effort=0.2, after=["a"]),
        "c": Work(effort=0.2, after=["gone"]),
    }
    assert scheduled(work, start="2026-11-30") == {
        "a": ("2026-12-01", "2026-12-01"),
        "b": ("2026-12-02", "2026-12-02"),
        "c": ("2026-11-30", "2026-11-30"),
    }


def test_calendar_has_an_end() -> None:
    """Work that takes longer than the calendar goes ends on its last day."""
    work = {"a": Work(effort=500), "b": Work(effort=500)}
    assert scheduled(work, start="2026-11-30", capacity=5e-324)["b"][1] == "9999-12-24"


def test_days_and_months() -> None:
    """Months are whole ones, forwards and backwards; a day more crosses the year."""
    assert months_between("2026-11-30", "2026-11-30") == 0
    assert months_between("2026-11-30", "2027-02-28") == 2
    assert months_between("2026-11-30", "2026-10-30") == -1
    assert day_after("2024-02-28", 2) == "2024-03-01"
