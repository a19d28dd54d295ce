"""What columns of a table of answers are called, by what they hold, in the languages that teams write.

Pure; knows no file format.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mlops_widgets.formats.marks import folded

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["role_in"]

_NAMES = {
    "id": "id, key, criterion id, criterion_id, criterionid, question id, code",
    "statement": "statement, criterion, criteria, question, requirement, item, text, practice, check, description, "
    "capability, control, test, aussage, frage, kriterium, kriterien, anforderung, beschreibung, question posée, "
    "critère, énoncé, exigence, pregunta, criterio, requisito, afirmación, domanda, affermazione, vraag, stelling, "
    "pergunta",
    "answer": "answer, answers, value, mark, marks, status, state, done, done?, response, result, score, rating, "
    "current, current level, current state, assessment, implemented, met, antwort, wert, bewertung, stand, erfüllt, "
    "réponse, statut, état, respuesta, estado, valor, puntuación, risposta, stato, antwoord, resposta",
    "reason": "reason, reason if not applicable, reason for n/a, why, why not, grund, begründung, raison, motivo",
    "note": "note, notes, comment, comments, remark, remarks, observation, observations, details, kommentar, "
    "bemerkung, bemerkungen, notiz, notizen, anmerkung, commentaire, commentaires, remarque, comentario, comentarios, "
    "nota, notas, commento, opmerking, comentário",
    "evidence": "evidence, link, links, url, urls, proof, reference, nachweis, nachweise, beleg, preuve, preuves, "
    "evidencia, prova, bewijs",
    "confidence": "confidence, certainty, sicherheit, confiance, confianza",
    "section": "section, area, dimension, category, domain, topic, group, theme, bereich, thema, kategorie, abschnitt, "
    "domaine, thème, sección, área, categoría",
    "level": "level, maturity level, tier, stage, stufe, niveau, nivel",
    "number": "no, no., nr, nr., #, n°, num, number, nummer, numéro, número",
    "other": "what to look at, help, counts as, label, target, target level, goal, soll, weight, effort, owner, due, "
    "due date, priority, date, assessment id, assessment_id, more, rubric, version, subject, assessor, "
    "profile, ziel, gewicht, aufwand, verantwortlich, priorität",
}
"""What columns are called, by what they hold."""

_ROLE = {folded(name): role for role, names in _NAMES.items() for name in names.split(", ")}


def role_in(name: str, own: Mapping[str, str] | None = None) -> str:
    """Give what a column of this name holds, or nothing.

    Args:
        name: as it stands in the first row; brackets and numbers in it are passed over.
        own: further names, by themselves: what our own files call their columns.

    >>> role_in("Kommentar"), role_in("Score (0-3)"), role_in("Wetter")
    ('note', 'answer', '')
    """
    roles = _ROLE if own is None else {**_ROLE, **own}
    plain = folded(name)
    return roles.get(plain) or roles.get(folded(re.sub(r"\(.*?\)|\d+", " ", plain)), "")
