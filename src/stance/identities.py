"""Whom a mention means: a short name, `the minister` or `she`, taken back to the fullest name the article has."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property
from typing import NamedTuple

from stance.people import Person, Roster, belongs_to, has_role, is_person, owner, split_role
from stance.phrases import bare, is_name, tokenise
from stance.quotations import Masked
from stance.saying import Mention
from stance.speech_words import BODIES, DETERMINERS, PEOPLE, PLACES, PLACING, PRESS, PRONOUNS, ROLES
from stance.subjects import main_subject

_REACH = {"he": 6, "she": 6, "they": 4, "it": 3}  # Statements a pronoun looks back over for who spoke.
_SUBJECTS = 3  # Statements over which what a statement is about may be meant, though nobody spoke there.
_DESCRIBED = 8  # Statements over which `the newspaper` is the one that spoke.
_OTHER_TITLE = {"he": ("Ms", "Mrs"), "she": ("Mr",)}
_COURTESY = re.compile(r"\b(Mr|Mrs|Ms)\.?\s(?:[A-Z][\w’'-]{0,24}\s)?([A-Z][\w’'-]*)")
_ONE_PERSON = ("he", "she")


class Speaker(NamedTuple):
    """Who is speaking: the name, or the phrase that stands for one, and the role or body that the text gives it."""

    name: str
    affiliation: str = ""


NOBODY = Speaker("")


class Identities:
    """Takes mentions to speakers, statement by statement, and remembers who spoke.

    Parameters
    ----------
    texts : sequence of str
        The statements of the article.
    masked : sequence of Masked
        The same outside quotations.
    title : str
        The article's title.
    """

    def __init__(self, texts: Sequence[str], masked: Sequence[Masked], title: str) -> None:
        self._texts, self._masked, self._title = texts, masked, title
        self._people: set[str] = set()
        self._bodies: set[str] = set()
        self._plural: set[str] = set()
        self._remembered: dict[str, str] = {}  # Name → affiliation.
        self.spoken: list[Speaker] = []  # Of every statement before the present one.

    @cached_property
    def roster(self) -> Roster:
        """Who is named in the article; read when the first speaker is."""
        return Roster(self._texts, self._title)

    def identify(self, mention: Mention, at: int) -> Speaker:
        """Return whom the mention in statement ``at`` means; `NOBODY` where that is unsure."""
        words = list(mention.words)
        if words[0] in PRONOUNS:
            return self._antecedent(words[0].lower(), at)
        described = self._described(words, at) if words[0] in ("the", "The") else None
        if described:
            return described
        return self._named(words, mention.aside, at)

    def is_press(self, speaker: Speaker) -> bool:
        """Say whether the speaker passes on what others say."""
        return any(bare(word) in PRESS for word in speaker.name.split()) and speaker.name not in self._people

    def is_known(self, words: Sequence[str]) -> bool:
        """Say whether a statement's first word is a name, rather than capitalised for its place."""
        return (
            len(words) > 1
            or bare(words[0]) in PLACES | PRONOUNS | ROLES
            or words[0].isupper()
            or owner(words[0]) in self.roster.capitals
        )

    def _named(self, words: list[str], aside: str, at: int) -> Speaker:
        words, body = _without_body(_without_place(words))
        aside = aside or body
        role, name = ("", words) if "and" in words else split_role(_without_article(words))
        is_role = bare(words[-1]) in _PLURALS or any(word in PEOPLE for word in (*words[1:-1], bare(words[-1])))
        if "and" in words or (not role and (is_role or not _can_be_name(name))):
            return self._phrase(words, aside)
        if not role and _says_body(aside):
            self._bodies.add(" ".join(name))
            return self._remember(" ".join(name), aside)
        who = self.roster.resolve(name, role, at, aside)
        if isinstance(who, Person):
            self._people.add(who.name)
            if aside and (has_role(aside) or body) and not who.affiliation:
                who.affiliation = aside
            return Speaker(who.name, who.affiliation)
        return self._remember(who, aside if has_role(aside) else "")

    def _phrase(self, words: list[str], aside: str) -> Speaker:
        name = " ".join(words)
        head = bare(words[-1])
        if "and" in words or head in _PLURALS or head.endswith("men"):
            self._plural.add(name)
        elif any(bare(word) in PEOPLE for word in words) and head not in BODIES:
            self._people.add(name)
        return self._remember(name, belongs_to(words) or (aside if has_role(aside) else ""))

    def _remember(self, name: str, affiliation: str) -> Speaker:
        if affiliation:
            self._remembered.setdefault(name, affiliation)
        return Speaker(name, self._remembered.get(name, ""))

    def _described(self, words: list[str], at: int) -> Speaker | None:
        """Take `the newspaper` or `the North Korean leader` back to whoever of that description spoke or is named."""
        head = bare(words[-1])
        if head not in ROLES or split_role(words)[0] or words[-1] != words[-1].lower():
            return None
        described = {bare(word) for word in words[1:]}
        unnamed = not any(is_name(word) for word in words[1:])
        for speaker in reversed(self.spoken[-_DESCRIBED:]):
            said = {bare(word) for word in f"{speaker.name} {speaker.affiliation}".split()}
            if speaker.name and (described <= said or (unnamed and head in _PAPERS and self.is_press(speaker))):
                return speaker
        person = self.roster.described(words, at) if head in PEOPLE else None
        if person is None:
            return None
        person.spoke = at
        self._people.add(person.name)
        return Speaker(person.name, person.affiliation)

    def _antecedent(self, pronoun: str, at: int) -> Speaker:
        """Return the last speaker, or subject of a statement, whom the pronoun can mean."""
        subject = self._subject(at)
        if subject and self._can_mean(pronoun, subject):
            return subject
        for back in range(1, min(_REACH[pronoun], at) + 1):
            speaker = self.spoken[at - back]
            if not speaker.name and back <= _SUBJECTS:
                speaker = self._subject(at - back) or NOBODY
            if speaker.name and self._can_mean(pronoun, speaker):
                other = pronoun in _ONE_PERSON and self._is_titled(speaker.name, _OTHER_TITLE[pronoun])
                return NOBODY if other else speaker
        return NOBODY

    def _is_titled(self, name: str, titles: tuple[str, ...]) -> bool:
        return any((title, name.rsplit(maxsplit=1)[-1]) in self._courtesies for title in titles)

    @cached_property
    def _courtesies(self) -> frozenset[tuple[str, str]]:
        """Mr, Mrs or Ms with the family name beside it."""
        return frozenset(found for text in self._texts for found in _COURTESY.findall(text))

    def _subject(self, at: int) -> Speaker | None:
        """Return what the statement is about, if that is a person or body of known name."""
        words = tokenise(self._masked[at].text[:300]).words
        place = main_subject(words)
        if not place or words[place[0]] in PRONOUNS:
            return None
        phrase = words[slice(*place)]
        if not (is_name(phrase[-1]) or bare(phrase[-1]) in ROLES) or not self.is_known(phrase):
            return None
        return self.identify(Mention(tuple(phrase)), at)

    def _can_mean(self, pronoun: str, speaker: Speaker) -> bool:
        name = speaker.name
        person = (name in self._people and not _names_body(name)) or (
            is_person(name.split()) and _looks_personal(name) and name not in self._bodies
        )
        if pronoun in _ONE_PERSON:
            return person
        plural = name in self._plural and not (pronoun == "it" and name.endswith("media"))
        return plural or (not person and " " in name) if pronoun == "they" else not person and not plural


_OPENING_CLAUSES = frozenset(("that", "which", "based", "devoted", "run"))
_PAPERS = frozenset(
    ["newspaper", "paper", "magazine", "website", "network", "broadcaster", "agency", "outlet", "channel", "daily"]
)
_PLURALS = frozenset(f"{role}s" for role in ROLES) | {"people", "media", "others", "republicans", "democrats"}


def _names_body(name: str) -> bool:
    """Tell `The Courier` from `The mayor of Brno`."""
    return name.startswith("The ") and all(is_name(word) for word in name.split())


def _says_body(aside: str) -> bool:
    """Tell `a sailors’ bulletin of some wit` from `a former agency surveyor`: what the phrase turns on is a body."""
    words = aside.split()
    end = next((at for at, word in enumerate(words) if word in PLACING | _OPENING_CLAUSES), len(words))
    return end > 0 and words[0] in DETERMINERS and bare(words[end - 1]) in BODIES


def _looks_personal(name: str) -> bool:
    """Say whether an unknown name may be a person's: capitalised, no acronym, no `The …`."""
    words = name.split()
    return is_name(words[0]) and words[0] != "The" and not name.isupper() and not name.endswith(".")


def _can_be_name(words: list[str]) -> bool:
    return (
        bool(words)
        and all(is_name(word) or word.islower() for word in words)
        and is_name(words[0])
        and is_name(words[-1])
    )


def _without_place(words: list[str]) -> list[str]:
    """Drop a place before a title ("Brno’s The Post")."""
    return words[words.index("The") :] if "The" in words[1:] else words


def _without_body(words: list[str]) -> tuple[list[str], str]:
    """Cut `Ana Ruiz of Weir College` into person and body."""
    for at, word in enumerate(words):
        if (
            word in ("of", "from", "at")
            and 2 <= at < len(words) - 1
            and is_person(words[:at])
            and _can_be_name(words[:at])
        ):
            return words[:at], " ".join(words[at + 1 :])
    return words, ""


def _without_article(words: list[str]) -> list[str]:
    return words[1:] if len(words) > 1 and words[0] == "the" and is_name(words[1]) else words
