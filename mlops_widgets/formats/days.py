"""A day as people write it, in the languages that `marks` knows best; what can be read in two ways is not read.

Pure.
"""

from __future__ import annotations

import re
from datetime import date

__all__ = ["day_in"]

_MONTHS = (
    "jan january januar jänner janvier enero",
    "feb february februar février febrero",
    "mar march mär märz mars marzo",
    "apr april avril abril",
    "may mai mayo",
    "jun june juni juin junio",
    "jul july juli juillet julio",
    "aug august août agosto",
    "sep sept september septembre septiembre",
    "oct october okt oktober octobre octubre",
    "nov november novembre noviembre",
    "dec december dez dezember décembre diciembre",
)
_MONTH = {name: number for number, names in enumerate(_MONTHS, 1) for name in names.split()}

_FORMS = (
    re.compile(r"(?P<year>\d{4})(?P<sign>[-/.])(?P<month>\d{1,2})(?P=sign)(?P<day>\d{1,2})(?!\d)"),
    re.compile(r"(?P<year>\d{4}) ?年 ?(?P<month>\d{1,2}) ?月 ?(?P<day>\d{1,2}) ?日"),
    re.compile(r"(?P<day>\d{1,2})\. ?(?P<month>\d{1,2})\. ?(?P<year>\d{4})(?!\d)"),
    re.compile(
        r"(?P<day>\d{1,2})(?:\.|st|nd|rd|th)? (?:de )?(?P<name>[^\W\d_]{3,10})\.?,? (?:de )?(?P<year>\d{4})(?!\d)"
    ),
    re.compile(r"(?P<name>[^\W\d_]{3,10})\.? (?P<day>\d{1,2})(?:st|nd|rd|th)?,? (?P<year>\d{4})(?!\d)"),
)


def day_in(text: str) -> str | None:
    """Read the day that a text begins with, where there is one way to read it.

    >>> day_in("4.3.2026"), day_in("March 4, 2026"), day_in("2026年3月4日"), day_in("03/04/2026")
    ('2026-03-04', '2026-03-04', '2026-03-04', None)
    """
    for form in _FORMS:
        if (found := form.match(text.strip())) is None:
            continue
        parts = found.groupdict()
        month = _MONTH.get(parts["name"].casefold()) if "name" in parts else int(parts["month"])
        try:
            return date(int(parts["year"]), month or 0, int(parts["day"])).isoformat()
        except ValueError:  # there is no such day
            return None
    return None
