"""Two or three letters for each motive, and a sign for each stance, so that no label is told by its colour alone."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

from stance.codebook import Codebook

STANCE_SIGNS = "●▲▼◆"  # of the null stance, the first and second leaning, and any further one


def motive_tags(codebook: Codebook) -> dict[str, str]:
    """Return a short tag for each motive but the null label: the initials of its id, which are made longer till unlike.

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
    initials = "".join(word[0] for word in label.split("_"))
    yield (initials if len(initials) > 1 else label[:2]).upper()
    yield from (label[:length].upper() for length in range(2, len(label) + 1))
    yield from (f"{initials.upper()}{number}" for number in count(2))
