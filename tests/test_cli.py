"""The commands: what they print, how they end, and that the docs show their help as it is."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
import sys
from contextlib import closing, redirect_stdout
from io import StringIO
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from commands import DEMO, run
from jsonschema import Draft202012Validator

from mlops_widgets import __version__, report, server
from mlops_widgets.cli import main
from mlops_widgets.errors import ToolkitError
from mlops_widgets.formats.yaml import read_assessment
from mlops_widgets.library import load_rubric, packaged_folder, rubric_ids
from mlops_widgets.scoring import score
from mlops_widgets.store import Store

ROOT = Path(__file__).parent.parent
DOCS = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")
ADDRESS = (
    "the address of a store is sqlite:///FILE or postgresql://USER:PASSWORD@HOST/DATABASE; "
    "in a password write %40 for @, %3A for : and %2F for /"
)
FILE = "a file is named with its ending, like team.yaml"
OPEN_TO_OTHERS = (
    "0.0.0.0 can be reached by others: give --token, so that only those who know it come in, "
    "or --insecure, to let in everybody"
)
SCORE_SCHEMA = json.loads((packaged_folder("rubrics") / "score.schema.json").read_text(encoding="utf-8"))


def helped(name: str) -> str:
    """Give the help of a command as a terminal of 100 columns shows it."""
    options = {"prog_name": "mlops-widgets", "terminal_width": 100}
    return CliRunner().invoke(main, [*([name] if name else []), "--help"], **options).output


@pytest.mark.parametrize("name", ["", *main.commands])
def test_docs_show_the_help(name: str) -> None:
    """The docs show the help of each command, word for word."""
    command = f"mlops-widgets {name}".rstrip()
    assert f"```text\n$ {command} --help\n{helped(name)}```\n" in DOCS


def examples() -> list[str]:
    """Give each example in the docs and the README: commands with what they print, but for help."""
    blocks = re.findall(r"^```text\n(\$ .*?)^```", DOCS + README, flags=re.DOTALL | re.MULTILINE)
    return [block for block in blocks if "--help" not in block]


@pytest.mark.parametrize("example", examples(), ids=lambda example: example.split("\n")[0].removeprefix("$ "))
def test_docs_show_what_is_printed(example: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the docs show is what the commands print, but for lines that are left out."""
    monkeypatch.chdir(tmp_path)
    shutil.copy(DEMO, tmp_path)
    levels = (packaged_folder("rubrics") / "mlops-levels.yaml").read_text(encoding="utf-8")
    line = "text: Trained models are kept in a model registry.\n        level: "
    (tmp_path / "team.yaml").write_text(levels.replace(f"{line}1", f"{line}5"), encoding="utf-8")
    (notes,) = re.findall(r"^```markdown\n(.*?)^```", DOCS, flags=re.DOTALL | re.MULTILINE)
    (decisions,) = re.findall(r"^```yaml\n(# decide\.yaml\n.*?)^```", DOCS, flags=re.DOTALL | re.MULTILINE)
    (tmp_path / "notes.md").write_text(notes)
    if "--decide" in example:
        (tmp_path / "decide.yaml").write_text(decisions)
    for step in re.split(r"^\$ ", example, flags=re.MULTILINE)[1:]:
        command, shown = step.split("\n", 1)
        name, *arguments = shlex.split(command)
        assert name == "mlops-widgets"
        pieces = map(re.escape, re.split(r"^ *\.\.\.\n", shown, flags=re.MULTILINE))
        assert re.fullmatch(r"(?:.*\n)+".join(pieces), run(*arguments).output)


def test_what_documents_link_to_is_there() -> None:
    """Every file that the README or a document shows or links to is in the repository."""
    for path in (ROOT / "README.md", *(ROOT / "docs").glob("*.md")):
        text = path.read_text(encoding="utf-8")
        links = re.findall(r"\]\(([^)#\s]+)|src=\"([^\"]+)", text)
        for link in {one or other for one, other in links}:
            assert "://" in link or (path.parent / link).exists(), f"{path.name}: {link}"


@pytest.mark.parametrize("name", ["README.md", "docs/cli.md", "docs/planning.md", "docs/interchange.md"])
def test_docs_run(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The Python in the README and the docs runs, in a folder with the files it speaks of."""
    monkeypatch.chdir(tmp_path)
    shutil.copy(DEMO, tmp_path)
    (tmp_path / "rubrics").mkdir()
    run("convert", "mlops-checklist", "custom-lens.json")
    codes = re.findall(r"^```python\n(.*?)^```", (ROOT / name).read_text("utf-8"), flags=re.DOTALL | re.MULTILINE)
    assert codes
    with redirect_stdout(StringIO()) as printed:
        for code in codes:
            exec(compile(code, name, "exec"), {})  # noqa: S102 - our own text
    if name == "docs/cli.md":
        assert printed.getvalue() == "yes ['line 3']\n"
        assert run("validate", "churn.yaml").output == "churn.yaml: good, an assessment of Churn model\n"


@pytest.mark.parametrize("name", main.commands)
def test_everything_has_help(name: str) -> None:
    """Each command and each of its options says what it is for, in a sentence."""
    command = main.commands[name]
    sentences = [command.help, *(p.help for p in command.params if isinstance(p, click.Option))]
    assert [sentence for sentence in sentences if not sentence or not sentence.rstrip().endswith(".")] == []


def test_version() -> None:
    """The version is the package's."""
    assert run("--version").output == f"mlops-widgets {__version__}\n"


def test_rubrics() -> None:
    """Each rubric is a line: id, title, version, size and time."""
    lines = run("rubrics").output.splitlines()
    assert [line.split()[0] for line in lines] == rubric_ids()
    assert "mlops-levels         MLOps maturity levels 1.0: 85 criteria, 45 minutes" in lines


def test_validate_good_files() -> None:
    """Good files are named as what they are, and the command ends with 0."""
    rubric = packaged_folder("rubrics") / "mlops-levels.yaml"
    result = run("validate", rubric, DEMO)
    assert result.output == f"{rubric}: good, the rubric mlops-levels\n{DEMO}: good, an assessment of Churn model\n"
    assert result.exit_code == 0


def test_validate_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is no file is told like a fault, and the other files are looked at all the same."""
    monkeypatch.chdir(tmp_path)
    result = run("validate", ".", "-", DEMO)
    assert result.stdout.splitlines() == [
        ".: is a folder; name a file in it",
        "-: standard input is not read; save it in a file whose ending says the format",
        f"{DEMO}: good, an assessment of Churn model",
    ]
    assert result.exit_code == 1


def test_validate_tells_every_fault(tmp_path: Path) -> None:
    """All faults of all files are told with line and path, good files between them too; it ends with 1."""
    rubric, answers, missing = tmp_path / "ours.yaml", tmp_path / "churn.yaml", tmp_path / "gone.yaml"
    text = (packaged_folder("rubrics") / "mlops-levels.yaml").read_text(encoding="utf-8")
    rubric.write_text(text.replace("threshold: 0.8", "threshold: 80").replace("minutes: 45", "minuets: 45"))
    answers.write_text(DEMO.read_text(encoding="utf-8").replace("data.catalog: yes", "data.catalog: sure"))
    lines = {name: number for number, line in enumerate(text.splitlines(), 1) for name in re.findall(r"\w+", line)[:1]}
    asked = answers.read_text().splitlines().index("  data.catalog: sure") + 1
    result = run("validate", rubric, DEMO, answers, missing)
    assert result.stdout.splitlines() == [
        f"{rubric}:{lines['minutes']}: minuets: is not a known key; check its spelling or take it out",
        f"{rubric}:{lines['threshold']}: scoring.gates.threshold: {fault_of_80()}",
        f"{DEMO}: good, an assessment of Churn model",
        f"{answers}:{asked}: answers.data.catalog.value: 'sure' is not one of no, partly, yes, na",
        f"{missing}: cannot be read: No such file or directory",
    ]
    assert result.stderr == "4 faults\n"
    assert result.exit_code == 1


def fault_of_80() -> str:
    """Give the rubric's own words for a threshold of 80."""
    rubric = load_rubric("mlops-levels")
    with pytest.raises(ToolkitError) as caught:
        type(rubric).from_dict(rubric.to_dict() | {"scoring": {"gates": {"threshold": 80}}})
    return next(p.message for p in caught.value.problems if p.where == "scoring.gates.threshold")


def test_score() -> None:
    """A score is told as text: level, interval, what blocks the next level, and each dimension."""
    result = run("score", DEMO)
    blocks, table = result.output.split("\n\n")[2:]
    assert result.output.startswith(
        "Churn model, 2026-11-13\nMLOps maturity levels 1.0: 67 of 81 answered\n\n"
        "Level 1, Automated training, so far\n  38 % of level 2, 45 % if the rest is yes, 80 % needed\n\n"
    )
    way = score(load_rubric("mlops-levels"), read_assessment(DEMO)).overall.next
    assert way is not None
    assert blocks.splitlines()[0] == "What blocks level 2: 12 of these 22, fully met, are enough."
    assert re.findall(r"^  \* (\S+)", blocks, flags=re.MULTILINE) == list(way.smallest)
    assert {line[4:].split()[0] for line in blocks.splitlines()[1:]} == set(way.blocking)
    assert "  * govern.policy                An AI governance policy is in force. (open)" in blocks.splitlines()
    assert table == (
        "Dimension       Level       Score                     Answered\n"
        "Data            1           38 %                      8 of 8\n"
        "Training        1           64 %                      7 of 7\n"
        "Registry        2           61 % (61 to 72 %)         8 of 9\n"
        "Deployment      1           32 % (32 to 41 %)         10 of 11\n"
        "Monitoring      1           32 % (32 to 59 %)         8 of 11\n"
        "Retraining      1           21 % (21 to 36 %)         6 of 7\n"
        "Testing         1           40 % (40 to 60 %)         8 of 10\n"
        "Governance      0           17 % (17 to 72 %)         4 of 9\n"
        "Infrastructure  1           50 % (50 to 61 %)         8 of 9\n"
        "Overall         1           39 % (39 to 56 %)         67 of 81\n"
    )


def test_score_in_numbers(tmp_path: Path) -> None:
    """A rubric of numbers is told in numbers, out of the largest; the interval of levels too."""
    path = tmp_path / "team.yaml"
    answers = "".join(f"  {name}: 2\n" for name in load_rubric("mlops-questionnaire").criteria if "monitor" not in name)
    path.write_text(
        'id: team\nrubric: {id: mlops-questionnaire, version: "1.0"}\nsubject: Team\ndate: 2026-11-20\n'
        f"answers:\n{answers}"
    )
    assert run("score", path).output.splitlines()[-2:] == [
        "Operations   2 (2 to 3)  2 of 4 (1.5 to 2.5)       3 of 4",
        "Overall      2           2 of 4 (1.9 to 2.1)       14 of 15",
    ]


def test_score_names_doubts(tmp_path: Path) -> None:
    """Contradictions and missing reasons are told apart from the rest."""
    path = tmp_path / "doubts.yaml"
    path.write_text(
        'id: doubts\nrubric: {id: mlops-levels, version: "1.0"}\nsubject: Doubts\ndate: 2026-11-20\n'
        "answers:\n  deploy.automated-rollback: yes\n  deploy.manual-rollback: no\n  data.catalog: na\n"
    )
    doubts = run("score", path).output.split("\n\n")[3]
    texts = {name: criterion.text for name, criterion in load_rubric("mlops-levels").criteria.items()}
    assert doubts.splitlines()[0] == "Look at these again:"
    assert sorted(doubts.splitlines()[1:]) == [
        "  data.catalog: Counts as open until a reason is given.",
        f"  deploy.automated-rollback: Contradicts “{texts['deploy.manual-rollback']}”.",
        f"  deploy.manual-rollback: Contradicts “{texts['deploy.automated-rollback']}”.",
    ]


def test_score_as_json(tmp_path: Path) -> None:
    """JSON has the whole score and whose it is; a file and an id in the store give the same."""
    demo = read_assessment(DEMO)
    address = f"sqlite:///{tmp_path / 'store.sqlite'}"
    with closing(Store(address)) as store:
        store.create(demo)
    result = run("score", "--json", DEMO)
    assert json.loads(result.output) == {
        "format": 1,
        "assessment": {
            "id": "demo",
            "subject": "Churn model",
            "date": "2026-11-13",
            "assessor": "the churn team",
            "profile": ["batch"],
            "targets": {"overall": 2, "monitoring": 2},
        },
        **score(load_rubric("mlops-levels"), demo).to_dict(),
    }
    assert run("score", "--json", "--store", address, "demo").output == result.output


def test_score_as_json_keeps_its_schema() -> None:
    """What programs are promised is a schema of today's kind."""
    Draft202012Validator.check_schema(SCORE_SCHEMA)
    assert SCORE_SCHEMA["$schema"] == Draft202012Validator.META_SCHEMA["$id"]


@pytest.mark.parametrize("share", [0.0, 0.6, 1.0])
@pytest.mark.parametrize("rubric_id", rubric_ids())
def test_score_as_json_has_its_schema(rubric_id: str, share: float, tmp_path: Path) -> None:
    """Whatever the rubric, and however much is answered, the JSON is what the schema says, and has all it says."""
    rubric = load_rubric(rubric_id)
    count = round(share * len(rubric.criteria))
    options = {name: [*(option.id for option in rubric.scale_of[name].options), "na"] for name in rubric.criteria}
    answers = {name: options[name][index % len(options[name])] for index, name in enumerate(list(options)[:count])}
    path = tmp_path / "team.yaml"
    path.write_text(
        json.dumps(
            {
                "id": "team",
                "rubric": {"id": rubric.id, "version": rubric.version},
                "subject": "Team",
                "date": "2026-11-20",
                "targets": {"overall": 1},
                "answers": answers,
            }
        )
    )
    printed = json.loads(run("score", path, "--json").output)
    assert [error.message for error in Draft202012Validator(SCORE_SCHEMA).iter_errors(printed)] == []


def test_score_as_json_is_json(tmp_path: Path) -> None:
    """A target that is no number of JSON's is left out."""
    path = tmp_path / "team.yaml"
    path.write_text(DEMO.read_text(encoding="utf-8").replace("  monitoring: 2\n", "  monitoring: .inf\n"))
    assert json.loads(run("score", path, "--json").output)["assessment"]["targets"] == {"overall": 2}


def test_commands_start_at_once() -> None:
    """What a command needs is imported when it runs: help comes without any of it."""
    code = "import sys, mlops_widgets.cli; print({'numpy', 'pydantic', 'ruamel', 'sqlalchemy'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"


@pytest.mark.parametrize(
    "change",
    [{"format": 2}, {"extra": 1}, {"rubric": {}}, {"overall": None}, {"findings": [{"kind": "other", "section": "a"}]}],
)
def test_schema_refuses(change: dict[str, object]) -> None:
    """The schema is strict: an unknown field, a missing one or another format do not pass."""
    printed = json.loads(run("score", DEMO, "--json").output)
    assert Draft202012Validator(SCORE_SCHEMA).is_valid(printed)
    assert not Draft202012Validator(SCORE_SCHEMA).is_valid(printed | change)


def test_schema_says_what_each_field_means() -> None:
    """Each field has a description."""

    def undescribed(node: object) -> list[object]:
        found: list[object] = []
        if isinstance(node, dict):
            properties = node.get("properties", {})
            found += [name for name, field in properties.items() if "description" not in field and "$ref" not in field]
            assert not properties or node["additionalProperties"] is False
            for value in node.values():
                found += undescribed(value)
        return found

    assert undescribed(SCORE_SCHEMA) == []


def test_score_with_a_rubric_of_ones_own(tmp_path: Path) -> None:
    """An assessment of a rubric that does not ship is scored with the file of that rubric."""
    rubric, answers = tmp_path / "ours.yaml", tmp_path / "churn.yaml"
    text = (packaged_folder("rubrics") / "mlops-levels.yaml").read_text(encoding="utf-8")
    rubric.write_text(text.replace("id: mlops-levels", "id: ours", 1))
    answers.write_text(DEMO.read_text(encoding="utf-8").replace("id: mlops-levels", "id: ours"))
    assert run("score", answers, "--rubric", rubric).output == run("score", DEMO).output


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (
            ["score", "nobody"],
            f"there is no assessment 'nobody': check its address, or look for it in the list; {FILE}",
        ),
        (["score", "No id"], f"'No id' is no id of an assessment: one has 4 to 32 small letters and digits; {FILE}"),
        (["score", "gone.yaml"], "gone.yaml: cannot be read: No such file or directory"),
        (
            ["score", "--store", "nonsense", "demo"],
            ADDRESS,
        ),
        (
            ["score", DEMO, "--rubric", "ours"],
            f"there is no rubric 'ours'; give the path of a .yaml file or one of: {', '.join(rubric_ids())}",
        ),
        (
            ["serve", "--host", "0.0.0.0"],  # noqa: S104 - it is refused
            OPEN_TO_OTHERS,
        ),
    ],
)
def test_refusals_are_sentences(arguments: list[str], sentence: str) -> None:
    """What cannot be done is a sentence on the error output, and the command ends with 1."""
    result = run(*arguments)
    assert result.stderr == f"Error: {sentence}\n"
    assert result.stdout == ""
    assert result.exit_code == 1


def test_a_full_disk_is_a_sentence() -> None:
    """Where what is printed cannot be kept, a sentence says so."""
    with Path("/dev/full").open("w") as full:
        command = [sys.executable, "-m", "mlops_widgets", "rubrics"]
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.stderr == "Error: what is printed: cannot be written: No space left on device\n"
    assert done.returncode == 1


@pytest.mark.parametrize(
    ("encoding", "first"), [("cp1252", "Modèle ?, 2026-11-13"), ("utf-8", "Modèle 😀, 2026-11-13")]
)
def test_an_output_of_few_characters(encoding: str, first: str, tmp_path: Path) -> None:
    """A file on Windows has few characters: text has a question mark for others, and JSON has them all."""
    path = tmp_path / "team.yaml"
    text = DEMO.read_text(encoding="utf-8").replace("subject: Churn model", "subject: Modèle 😀")
    path.write_text(text, encoding="utf-8")
    runner = CliRunner(charset=encoding)
    assert runner.invoke(main, ["score", str(path)]).stdout.splitlines()[0] == first
    printed = runner.invoke(main, ["score", str(path), "--json"]).stdout
    assert json.loads(printed)["assessment"]["subject"] == "Modèle 😀"
    assert ("Modèle" in printed) is (encoding == "utf-8")


def test_serve_hands_on_its_options(monkeypatch: pytest.MonkeyPatch) -> None:
    """The app gets what the command was given, and by default listens for this machine only."""
    calls: list[dict[str, object]] = []
    monkeypatch.setattr(server, "serve", lambda **options: calls.append(options))
    run("serve")
    options = "--host ::1 --port 9000 --store sqlite:///a --insecure --max-kernels 3 --no-warm --open"
    run("serve", *options.split())
    monkeypatch.setenv("MLOPS_WIDGETS_TOKEN", "secret")
    run("serve")
    plain = {
        "host": "127.0.0.1", "port": 8866, "store": None, "token": None, "insecure": False, "max_kernels": 40,
        "warm": True, "open_browser": False,
    }  # fmt: skip
    asked = {"host": "::1", "port": 9000, "store": "sqlite:///a", "insecure": True, "max_kernels": 3, "warm": False}
    assert calls == [plain, {**plain, **asked, "open_browser": True}, {**plain, "token": "secret"}]


def test_report(tmp_path: Path) -> None:
    """The report is written where it is wanted, from a file and, with a rubric of one's own, from the store."""
    first, second = tmp_path / "first.html", tmp_path / "second.html"
    result = run("report", DEMO, "-o", first)
    assert result.stdout == f"{first}: the report of Churn model, 2026-11-13\n"
    assert "Writing the report" in result.stderr
    rubric = tmp_path / "ours.yaml"
    text = (packaged_folder("rubrics") / "mlops-levels.yaml").read_text(encoding="utf-8")
    rubric.write_text(text.replace("id: mlops-levels", "id: ours", 1).replace("title: MLOps", "title: Our", 1))
    demo = read_assessment(DEMO)
    address = f"sqlite:///{tmp_path / 'store.sqlite'}"
    with closing(Store(address)) as store:
        store.create(demo.model_copy(update={"rubric": demo.rubric.model_copy(update={"id": "ours"})}))
    more = ("--rubric", rubric, "--store", address, "--stamp", "Before the review")
    assert run("report", "demo", "-o", second, *more).exit_code == 0
    stamp = "<dt>Made</dt><dd>Before the review</dd>"
    assert "Churn model" in first.read_text(encoding="utf-8")
    assert stamp not in first.read_text(encoding="utf-8")
    assert "Our maturity levels" in second.read_text(encoding="utf-8")
    assert stamp in second.read_text(encoding="utf-8")


def test_report_for_those_who_decide(tmp_path: Path) -> None:
    """With --audience executive the report is one page; another audience is refused with those there are."""
    page = tmp_path / "page.html"
    assert run("report", DEMO, "-o", page, "--audience", "executive").exit_code == 0
    assert "<title>Churn model: summary on one page</title>" in page.read_text(encoding="utf-8")
    refused = run("report", DEMO, "-o", page, "--audience", "board").stderr
    assert "Invalid value for '--audience': 'board' is not one of 'full', 'executive'." in refused


def test_report_is_stamped_with_the_present_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No stamp unless asked for; `now` is the time here, to the minute, with its zone."""
    stamps: list[str | None] = []
    monkeypatch.setattr(report, "export", lambda *_, stamp, **_more: stamps.append(stamp))
    run("report", DEMO, "-o", tmp_path / "report.html")
    run("report", DEMO, "-o", tmp_path / "report.html", "--stamp", "now")
    none, now = stamps
    assert none is None
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d[+-]\d\d:\d\d", now or "")


def test_report_refuses_before_it_runs(tmp_path: Path) -> None:
    """A kind of file there is no report for is told at once."""
    result = run("report", DEMO, "-o", tmp_path / "report.docx")
    assert result.stderr.splitlines()[-1] == "Error: a report is written as .html, .ipynb or .pdf, not as 'report.docx'"
    assert result.exit_code == 1
