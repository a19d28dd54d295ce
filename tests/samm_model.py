"""A model in the form of OWASP SAMM's, small and in our own words, for tests that change one file."""

from __future__ import annotations

import json
from copy import deepcopy
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

ANSWERS = [
    {"text": "Nowhere", "value": 0, "weight": 1, "order": 0},
    {"text": "Here and there", "value": 0.25, "weight": 1, "order": 1},
    {"text": "In half of it", "value": 0.5, "weight": 1, "order": 2},
    {"text": "Everywhere", "value": 1, "weight": 1, "order": 3},
]

_FUNCTIONS = ("Governance", "Design", "Implementation", "Verification", "Operations")
_PRACTICES = ("One", "Two", "Three")


def model(*, functions: int = 5, practices: int = 3) -> dict[str, dict[str, Any]]:
    """Give every file of the model by its path: 5 functions, 15 practices, 30 streams, 90 questions, or fewer."""
    files: dict[str, dict[str, Any]] = {
        f"maturity_levels/{number}.yml": {"id": f"level{number}", "number": number, "description": f"Step {number}."}
        for number in (1, 2, 3)
    }
    files["answer_sets/A.yml"] = {"id": "answers", "values": ANSWERS, "type": "AnswerSet"}
    for order, name in enumerate(_FUNCTIONS[:functions], start=1):
        function = name[0]
        files[f"business_functions/{name}.yml"] = {
            "id": f"f{function}",
            "name": name,
            "description": f"What {name.lower()} is.",
            "order": order,
            "type": "Function",
        }
        for rank, word in enumerate(_PRACTICES[:practices], start=1):
            files |= _practice(function, word, rank)
    return deepcopy(files)


def _practice(function: str, word: str, rank: int) -> dict[str, dict[str, Any]]:
    code = f"{function}-{word[:2].upper()}"
    files: dict[str, dict[str, Any]] = {
        f"security_practices/{code}.yml": {
            "id": f"p{code}",
            "function": f"f{function}",
            "name": f"Practice {word.lower()}",
            "shortName": word[:2].upper(),
            "shortDescription": "In short.",
            "longDescription": "At length.",
            "order": rank,
        }
    }
    for level in (1, 2, 3):
        files[f"practice_levels/{code}-{level}.yml"] = {
            "id": f"s{code}-{level}",
            "practice": f"p{code}",
            "maturityLevel": f"level{level}",
            "objective": f"Reach {level}.",
        }
    for order, letter in enumerate("AB", start=1):
        files[f"streams/{code}-{letter}.yml"] = {
            "id": f"t{code}-{letter}",
            "practice": f"p{code}",
            "name": f"Stream {letter}",
            "letter": letter,
            "description": "A stream.",
            "order": order,
        }
        for level in (1, 2, 3):
            own = f"{code}-{level}-{letter}"
            files[f"activities/{own}.yml"] = {
                "id": f"a{own}",
                "stream": f"t{code}-{letter}",
                "level": f"s{code}-{level}",
                "title": f"Do {level}",
                "benefit": "It helps.",
                "shortDescription": "We do it.",
                "longDescription": "We do it well.",
                "notes": None,
            }
            files[f"questions/{own}.yml"] = {
                "id": f"q{own}",
                "activity": f"a{own}",
                "answerSet": "answers",
                "text": f"Is {own} done?",
                "order": 1,
                "quality": ["It is written down", "Somebody looks at it"],
            }
    return files


def written(folder: Path, files: dict[str, dict[str, Any]]) -> Path:
    """Write the files below a folder, as JSON, which is YAML too."""
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(data), encoding="utf-8")
    return folder
