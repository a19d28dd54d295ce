"""The gate and the badge as commands, and what runs them: the example workflow and the hooks."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from commands import DEMO, run

from mlops_widgets.formats.yaml import read_assessment
from mlops_widgets.library import packaged_folder, read_yaml
from mlops_widgets.store import Store

ROOT = Path(__file__).parent.parent
WORKFLOW = ROOT / "docs" / "examples" / "maturity.yml"
HOOKS = {hook["id"]: hook for hook in read_yaml(ROOT / ".pre-commit-hooks.yaml")[0]}


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a folder with an assessment where the examples expect it, and be in it."""
    (tmp_path / "maturity").mkdir()
    shutil.copy(DEMO, tmp_path / "maturity")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def line_of(text: str) -> int:
    """Give the number of the line of the demo that begins with a text."""
    lines = DEMO.read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, 1) if line.startswith(text))


# check


def test_good() -> None:
    """When all holds it is one line, and the end is 0."""
    result = run("check", DEMO, "--min-level", 1)
    assert result.output == f"{DEMO}: level 1, 39 % (39 to 56 %), 67 of 81 answered: the condition holds\n"
    assert result.exit_code == 0


def test_not_good() -> None:
    """Every condition that does not hold is told, and the end is 1."""
    result = run("check", DEMO, "--min-score", 0.6, "--min-dimension", "governance=1", "--require-final")
    lines = [line for line in result.output.splitlines() if not line.startswith("    ")]
    assert lines == [
        f"{DEMO}: overall is 39 % (39 to 56 %), at least 60 % is asked, and 2 more",
        "  overall is 39 % (39 to 56 %), at least 60 % is asked",
        "  governance is level 0, at least 1 is asked",
        "  14 criteria are open, none may be",
    ]
    assert result.exit_code == 1


def test_annotations() -> None:
    """GitHub is pointed to the line on which a criterion is answered, or waits for its answer."""
    result = run("check", DEMO, "--min-dimension", "governance=2", "--format", "github")
    lines = result.output.splitlines()
    first = line_of("  govern.risk-assessment:")
    assert lines[0] == (
        f"::error file={DEMO.as_posix()},line={first},title=MLOps maturity::governance is level 0, at least 2 is asked"
    )
    assert lines[1].startswith(f"::warning file={DEMO.as_posix()},line={first},title=govern.risk-assessment::")
    assert result.exit_code == 1


def test_annotation_of_an_open_criterion() -> None:
    """A criterion without an answer has a line too."""
    result = run("check", DEMO, "--max-open", 13, "--format", "github")
    assert f"line={line_of('  govern.policy:')},title=govern.policy::" in result.output


def test_as_json() -> None:
    """Other programs get the verdict."""
    result = run("check", DEMO, "--min-level", 2, "--format", "json")
    verdict = json.loads(result.output)
    assert (verdict["source"], verdict["passed"], verdict["reason"]) == (
        str(DEMO),
        False,
        "overall is level 1, at least 2 is asked",
    )
    assert result.exit_code == 1


def test_regression(tmp_path: Path) -> None:
    """An answer that was deleted since is a regression, between a file and the store too."""
    new = tmp_path / "new.yaml"
    new.write_text(DEMO.read_text(encoding="utf-8").replace("  data.catalog: yes\n", "  data.catalog:\n"))
    address = f"sqlite:///{tmp_path / 'store.sqlite'}"
    with closing(Store(address)) as store:
        store.create(read_assessment(DEMO))
    result = run("check", new, "--no-regression-from", "demo", "--store", address)
    lines = result.output.splitlines()
    assert lines[0] == f"{new}: overall fell from 39.4 % to 38.01 %, and 1 more"
    assert [line.split()[0] for line in lines[1:]] == ["overall", "data.catalog", "data", "data.catalog"]
    assert result.exit_code == 1
    assert run("check", DEMO, "--no-regression-from", "demo", "--store", address).exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ([DEMO], "say what to ask for: --min-level, --min-score or another condition"),
        ([DEMO, "--min-level", 7], "mlops-levels has no level 7: its levels are 0, 1, 2, 3"),
        (
            [DEMO, "--min-dimension", "governance"],
            "Invalid value for '--min-dimension': 'governance' is not of the form SECTION=LEVEL, like data=1",
        ),
        ([DEMO, "--min-score", 60], "Invalid value for '--min-score': 60.0 is not in the range 0<=x<=1."),
        ([DEMO, "--min-score", "nan"], "a score is asked for as a share from 0 to 1, not as nan"),
    ],
)
def test_wrong_calls(arguments: list[object], sentence: str) -> None:
    """What cannot be asked is a sentence, and the end is 2."""
    result = run("check", *arguments)
    assert result.stderr.splitlines()[-1] == f"Error: {sentence}"
    assert result.exit_code == 2


def test_another_rubric(tmp_path: Path) -> None:
    """Scores of two rubrics are not compared."""
    old = tmp_path / "old.yaml"
    old.write_text('id: team\nrubric: {id: mlops-questionnaire, version: "1.0"}\nsubject: Team\ndate: 2026-11-20\n')
    result = run("check", DEMO, "--no-regression-from", old)
    assert result.stderr.splitlines()[-1] == (
        "Error: the earlier assessment answers mlops-questionnaire, this one mlops-levels: "
        "scores of two rubrics cannot be compared"
    )
    assert result.exit_code == 2


def test_faults_are_annotated(tmp_path: Path) -> None:
    """A file that cannot be used is no success: its faults are told where GitHub shows them."""
    path = tmp_path / "team.yaml"
    path.write_text(DEMO.read_text(encoding="utf-8").replace("data.catalog: yes", "data.catalog: sure"))
    result = run("check", path, "--min-level", 1, "--format", "github")
    assert result.stdout == (
        f"::error file={path},line={line_of('  data.catalog')},title=MLOps maturity::"
        "answers.data.catalog.value: 'sure' is not one of no, partly, yes, na\n"
    )
    assert result.exit_code == 1


def test_a_rubric_of_ones_own(tmp_path: Path) -> None:
    """A rubric that does not ship is given as a file."""
    rubric, answers = tmp_path / "ours.yaml", tmp_path / "churn.yaml"
    text = (packaged_folder("rubrics") / "mlops-levels.yaml").read_text(encoding="utf-8")
    rubric.write_text(text.replace("id: mlops-levels", "id: ours", 1))
    answers.write_text(DEMO.read_text(encoding="utf-8").replace("id: mlops-levels", "id: ours"))
    assert run("check", answers, "--rubric", rubric, "--min-level", 1).exit_code == 0


# badge


def test_badge(tmp_path: Path) -> None:
    """A badge is written, says what it shows, and can have words of one's own."""
    path = tmp_path / "maturity.svg"
    assert run("badge", DEMO, "-o", path).output == f"{path}: Level 1, 67 of 81\n"
    first = path.read_bytes()
    run("badge", DEMO, "-o", path)
    assert path.read_bytes() == first
    run("badge", DEMO, "-o", path, "--label", "Churn")
    assert ET.parse(path).getroot().attrib["aria-label"] == "Churn: Level 1, 67 of 81 answered"  # noqa: S314 - ours


def test_badge_in_the_docs(tmp_path: Path) -> None:
    """The badge shown in the docs is the demo's."""
    run("badge", DEMO, "-o", tmp_path / "badge.svg")
    assert (ROOT / "docs" / "badge.svg").read_bytes() == (tmp_path / "badge.svg").read_bytes()


def test_badge_refused(tmp_path: Path) -> None:
    """A label that is too long and a folder that is not there are told."""
    assert run("badge", DEMO, "-o", tmp_path / "a.svg", "--label", "x" * 61).stderr == (
        "Error: the label of a badge has 1 to 60 characters, not 61\n"
    )
    gone = tmp_path / "gone"
    assert run("badge", DEMO, "-o", gone / "a.svg").stderr == f"Error: {gone}: there is no such folder; make it first\n"
    assert run("badge", DEMO, "-o", tmp_path / "a.png").stderr == "Error: a badge is written as .svg, not as 'a.png'\n"


# What runs them


def program(folder: Path) -> dict[str, str]:
    """Put the command on the path of a shell, and give its environment."""
    script = folder / "bin" / "mlops-widgets"
    script.parent.mkdir()
    script.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m mlops_widgets "$@"\n')
    script.chmod(0o755)
    (folder / "bin" / "pip").write_text("#!/bin/sh\n")
    (folder / "bin" / "pip").chmod(0o755)
    path = f"{script.parent}{os.pathsep}{os.environ['PATH']}"
    names = {"GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@b.c", "GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a"}
    # Whoever runs the tests may sign commits, or have hooks.
    own = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    return {**os.environ, **names, **own, "PATH": path, "PYTHONPATH": str(ROOT), "GITHUB_BASE_REF": "main"}


def test_workflow(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """The commands of the example workflow run as they stand there: first compared with itself, then with main."""
    environment = program(tmp_path_factory.mktemp("program"))
    (job,) = read_yaml(WORKFLOW)[0]["jobs"].values()
    commands = [step["run"] for step in job["steps"] if "run" in step]

    def steps() -> list[subprocess.CompletedProcess[str]]:
        shell = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c"]
        return [
            subprocess.run([*shell, command], env=environment, capture_output=True, text=True, check=False)
            for command in commands
        ]

    def git(*arguments: str) -> None:
        subprocess.run(["git", *arguments], env=environment, check=True, capture_output=True)

    git("init", "-q")
    first = steps()
    assert [step.returncode for step in first] == [0, 0, 0, 0]
    assert first[-1].stdout == (
        "::notice file=maturity/churn-model.yaml,title=MLOps maturity::"
        "level 1, 39 %25 (39 to 56 %25), 67 of 81 answered: 3 conditions hold\n"
    )
    git("add", "maturity")
    git("commit", "-qm", "Merged")
    git("update-ref", "refs/remotes/origin/main", "HEAD")
    file = repository / "maturity" / "churn-model.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("  data.catalog: yes", "  data.catalog: no"))
    second = steps()
    assert [step.returncode for step in second] == [0, 0, 0, 1]
    place = f"file=maturity/churn-model.yaml,line={line_of('  data.catalog')}"
    assert second[-1].stdout.startswith(
        f"::error {place},title=MLOps maturity::overall fell from 39.4 %25 to 38.01 %25"
    )


def hook(name: str, *arguments: str, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run a hook as pre-commit does: its entry, its arguments, then the files."""
    command = [*HOOKS[name]["entry"].split(), *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.usefixtures("repository")
def test_hooks(tmp_path_factory: pytest.TempPathFactory) -> None:
    """The hooks run what they name, on the files they ask for."""
    environment = program(tmp_path_factory.mktemp("program"))
    path = "maturity/churn-model.yaml"
    assert all(re.search(each["files"], path) for each in HOOKS.values())
    assert not any(re.search(each["files"], "deploy/values.yaml") for each in HOOKS.values())
    good = hook("mlops-widgets-validate", path, environment=environment)
    assert (good.stdout, good.returncode) == (f"{path}: good, an assessment of Churn model\n", 0)
    assert HOOKS["mlops-widgets-check"]["pass_filenames"] is False
    assert hook("mlops-widgets-check", path, "--min-level", "1", environment=environment).returncode == 0
    assert hook("mlops-widgets-check", path, "--min-level", "2", environment=environment).returncode == 1


def test_hooks_are_well_formed() -> None:
    """pre-commit itself takes the definition of the hooks."""
    command = [sys.executable, "-m", "pre_commit", "validate-manifest", ".pre-commit-hooks.yaml"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.stdout + done.stderr, done.returncode) == ("", 0)
