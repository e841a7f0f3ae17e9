"""How labels are told apart on a page: a tag and a colour for each motive, a sign and a line for each stance.

No label is told by its colour alone: tags are letters, signs are shapes, and lines differ in their dashes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from typing import Any

from stance.codebook import Codebook

COLOURS = 8  # motives that have a colour of their own in reading.css; further ones begin anew
SIGNS = "●▲▼◆"  # of the null stance, the first and second leaning, and any further one

Entry = dict[str, Any]


@dataclass(frozen=True)
class Legend:
    """What is shown of each label of a codebook.

    Attributes
    ----------
    motives : dict of str to dict
        By id, in the codebook's order without the null label: ``name``, ``definition``, ``tag`` and the number of the
        ``colour``.
    stances : dict of str to dict
        By id: ``name``, ``definition``, ``sign`` and the number of the ``line``.
    nothing : str
        Name of the null motive.
    """

    motives: dict[str, Entry]
    stances: dict[str, Entry]
    nothing: str

    @classmethod
    def of(cls, codebook: Codebook) -> Legend:
        """Make the legend of a codebook; the same one always gives the same."""
        motives = {
            label: {"tag": tag, "colour": number % COLOURS + 1, **_described(codebook, "motive", label)}
            for number, (label, tag) in enumerate(motive_tags(codebook).items())
        }
        stances = {
            label: {"sign": SIGNS[line], "line": line, **_described(codebook, "stance", label)}
            for label, line in _lines(codebook).items()
        }
        return cls(motives, stances, codebook.label("motive", codebook.null_label("motive")).name)

    @property
    def leanings(self) -> list[Entry]:
        """Stances that are not the null label, in order."""
        return [stance for stance in self.stances.values() if stance["line"]]

    def motive_name(self, label: str) -> str:
        """Return the name of any motive, the null label's too."""
        return str(self.motives[label]["name"]) if label in self.motives else self.nothing


def motive_tags(codebook: Codebook) -> dict[str, str]:
    """Return letters for each motive but the null label: the initials of its id, or more where two would be alike.

    Examples
    --------
    >>> from stance.codebook import load_codebook
    >>> list(motive_tags(load_codebook()).items())[:3]
    [('negotiating_leverage', 'NL'), ('direct_talks', 'DT'), ('regime_survival', 'RS')]
    """
    tags: dict[str, str] = {}
    for label in codebook.labels("motive"):
        if label != codebook.null_label("motive"):
            tags[label] = next(tag for tag in _spellings(label) if tag not in tags.values())
    return tags


def _spellings(label: str) -> Iterator[str]:
    """Yield possible tags of a label, the best first, without end."""
    initials = "".join(word[0] for word in label.split("_") if word)
    yield (initials if len(initials) > 1 else label[:2]).upper()
    yield from (label[:length].upper() for length in range(2, len(label) + 1))
    yield from (f"{initials.upper()}{number}" for number in count(2))


def _lines(codebook: Codebook) -> dict[str, int]:
    """Return each stance's number: 0 for the null label, then each leaning in turn; the last is for all others."""
    null = codebook.null_label("stance")
    leaning = (label for label in codebook.labels("stance") if label != null)
    numbers = {label: min(number, len(SIGNS) - 1) for number, label in enumerate(leaning, 1)}
    return {label: numbers.get(label, 0) for label in codebook.labels("stance")}


def _described(codebook: Codebook, axis: str, label: str) -> Entry:
    found = codebook.label(axis, label)
    return {"id": found.id, "name": found.name, "definition": found.definition}
