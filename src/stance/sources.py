"""Who says it: the speaker of each statement of an article, as the text names them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from stance.identities import NOBODY, Identities, Speaker
from stance.phrases import tokenise
from stance.quotations import Masked, mask_quotations
from stance.saying import CUES, Mention, mentions
from stance.transcripts import turns

if TYPE_CHECKING:
    from stance.statements import Statement

__all__ = ["Speaker", "attribute", "speakers"]

_LOWER_WORD = re.compile(r"[a-z]{3,}")
_LEAD_IN = re.compile(r':\s?"')
_WORDY = re.compile(r"\w")
_SIGNATURE = re.compile(r"[—–-]{1,2}\s?([A-Z][^()]{2,60}?)\s\(@\w+\)")  # Under a post: `— Ana Ruiz (@ruiz)`.
_ARTICLES = frozenset(("the", "a", "an"))


def attribute(statements: Sequence[Statement], *, outlet: str, title: str = "") -> list[str]:
    """Name who is speaking in each statement of one article; see `speakers`."""
    return [speaker.name for speaker in speakers(statements, outlet=outlet, title=title)]


def speakers(statements: Sequence[Statement], *, outlet: str, title: str = "") -> list[Speaker]:
    """Say who is speaking in each statement of one article.

    Parameters
    ----------
    statements : sequence of Statement
        All of one article, in reading order: quotations and pronouns are followed from one statement to the next.
    outlet : str
        Who published the article; may be empty.
    title : str
        The article's title, which may name who gives a speech or holds a briefing.

    Returns
    -------
    list of Speaker
        One per statement: the speaker in the fullest form that the article prints ("Ana Ruiz", "The Harbour Post", "a
        senior official") with the role or body that it gives, or ``outlet`` where the article speaks itself.

    Notes
    -----
    Rules over the printed text; when they are unsure the answer is ``outlet``. Whoever has the floor in a transcript or
    speech says all of it. Elsewhere the rules read ``X said``, ``said X`` and ``according to X`` outside quotation
    marks; a quotation without either is its neighbours'. Of a chain, the first speaker counts who does not merely pass
    on: of ``the Post reports that Ruiz said`` Ruiz. What somebody wants or believes is the article's own voice. Short
    names, descriptions and pronouns go back to the last speaker they can mean; men are not told from women but by Mr
    and Ms.
    """
    masked = mask_quotations(statements)
    identities = Identities([statement.text for statement in statements], masked, title)
    floor = turns(statements, outlet=outlet, title=title)
    found = identities.spoken
    for at, turn in enumerate(floor):
        if turn:
            speaker = identities.identify(Mention(turn), at) if turn != ("Q",) else Speaker("Q")
        else:
            speaker = _said(masked[at].text, identities, at) or _continued(statements, masked, found, at)
        found.append(speaker)
    _spread(statements, masked, floor, found)
    return [_or_outlet(speaker, outlet) for speaker in found]


def _said(masked: str, identities: Identities, at: int) -> Speaker | None:
    """Return whom the statement names as its speaker, outside quotations; None for nobody."""
    if CUES.isdisjoint(_LOWER_WORD.findall(masked.lower())) and not _LEAD_IN.search(masked):
        return None
    relayed = None
    for mention in mentions(tokenise(masked)):
        if mention.rank == 3 and not relayed:
            return None
        if mention.rank == 2 and not identities.is_known(mention.words):
            continue
        speaker = identities.identify(mention, at)
        if speaker.name and not identities.is_press(speaker):
            return speaker
        relayed = relayed or (speaker if speaker.name else None)
    return relayed


def _continued(statements: Sequence[Statement], masked: Sequence[Masked], found: list[Speaker], at: int) -> Speaker:
    """Give a bare quotation, or the paragraph after a colon, the speaker of the statement before."""
    if not at or statements[at].heading != statements[at - 1].heading:
        return NOBODY
    before, here = masked[at - 1], masked[at]
    if _is_bare(here.text) and (
        here.run == before.run or here.paragraph == before.paragraph or not _names_next(masked, at)
    ):
        return found[at - 1]
    announced = statements[at - 1].text.endswith(":") or (
        here.paragraph == before.paragraph and _follows_colon(statements, masked, at)
    )
    return found[at - 1] if announced else NOBODY


def _follows_colon(statements: Sequence[Statement], masked: Sequence[Masked], at: int) -> bool:
    """Say whether the paragraph of the statement began after a colon."""
    first = at
    while first and masked[first - 1].paragraph == masked[at].paragraph and at - first < 12:
        first -= 1
    return first > 0 and statements[first - 1].text.endswith(":") and '"' not in masked[first].text


def _names_next(masked: Sequence[Masked], at: int) -> bool:
    """Say whether a quotation that opens a paragraph goes on, there, in one that has its speaker beside it."""
    after = masked[at + 1] if at + 1 < len(masked) else None
    return bool(
        after and after.paragraph == masked[at].paragraph and after.text[:1] == '"' and not _is_bare(after.text)
    )


def _is_bare(masked: str) -> bool:
    return '"' in masked and not _WORDY.search(masked)


def _spread(
    statements: Sequence[Statement], masked: Sequence[Masked], floor: Sequence[object], found: list[Speaker]
) -> None:
    """Give quotations before their speaker's name that speaker, and posts the name they are signed with."""
    for at in range(len(found) - 1, -1, -1):
        if floor[at]:
            continue
        signed = _SIGNATURE.match(statements[at].text)
        if signed:
            _sign(masked, found, at, Speaker(signed[1]))
        elif not found[at].name and at + 1 < len(found) and _is_bare(masked[at].text):
            here, after = masked[at], masked[at + 1]
            same = statements[at].heading == statements[at + 1].heading
            if here.run == after.run or (same and after.text[:1] == '"'):
                found[at] = found[at + 1]


def _sign(masked: Sequence[Masked], found: list[Speaker], at: int, speaker: Speaker) -> None:
    """Give the post above its signature, back to the start of its paragraph, to who signed it."""
    found[at] = speaker
    back = at - 1
    paragraph = masked[back].paragraph
    while back >= 0 and masked[back].paragraph == paragraph and not found[back].name:
        found[back] = speaker
        back -= 1


def _or_outlet(speaker: Speaker, outlet: str) -> Speaker:
    """Return the outlet where nobody speaks, or where the article quotes its own outlet."""
    if not speaker.name or _plain(speaker.name) == _plain(outlet):
        return Speaker(outlet)
    return speaker


def _plain(name: str) -> list[str]:
    return [word for word in name.lower().split() if word not in _ARTICLES]
