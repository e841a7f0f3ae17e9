"""Who is named in an article: full names, what they are called, and the fullest form of a short one."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from stance.phrases import bare, is_name, is_possessive
from stance.speech_words import (
    BODIES,
    DATES,
    DETERMINERS,
    FAMILY_FIRST,
    MODIFIERS,
    OPENERS,
    PEOPLE,
    PLACES,
    PLACING,
    QUALIFYING,
    RANKS,
    ROLES,
    TITLES,
)

_CAPITAL = r"(?:(?:Mrs?|Ms|Dr|Gen|Sen|Rep|Gov|Lt|Col|Adm|Prof|Maj|Capt|Cmdr)\.|(?:[A-Z]\.){1,6}|[A-ZÀ-ÖØ-Þ][\w’'-]*)"
_RUN = re.compile(rf"\b{_CAPITAL}(?:\s(?:(?:bin|al|von|van|de|der|la)\s)?{_CAPITAL})+")
_ACRONYM = re.compile(r"((?:[A-Z][\w’'-]+\s(?:(?:of|for|on|and|the)\s){0,2}){1,6})\(([A-Z]{2,6})\)")
# `, a professor at Weir College,`: what a name is followed by when the text says who that is.
_APPOSED = re.compile(r",\s((?:[Aa]n?\s|[Tt]he\s|[a-z])[^,.;:\"“”()—]{3,90})(?=[,.;”\"]|\s—|$)")
_INNER_CAPITAL = re.compile(r"(?<=[^.!?:”\"] )[A-ZÀ-ÖØ-Þ][\w’'-]*")
_COURTESY = frozenset(["mr", "mrs", "ms", "dr", "sir", "lord", "mr.", "mrs.", "ms.", "dr."])
_NEAR = 8  # Statements over which a family name alone goes on to mean who spoke last under it.
_JUST = 1  # Statements before, in which a full name makes its family name clear.
_LAST_WORDS = frozenset(["jr", "jr.", "sr", "sr.", "ii", "iii"])


@dataclass(slots=True)
class Person:
    """A person named in full, with the statements that do so and what the text calls that person."""

    name: str
    affiliation: str = ""
    called: set[str] = field(default_factory=set)
    seen: list[int] = field(default_factory=list)
    spoke: int = -(10**9)


class Roster:
    """The people and bodies that an article names.

    Parameters
    ----------
    texts : sequence of str
        The statements of the article, in order.
    title : str
        Its title, where a speaker may be named who is not in the text.
    """

    def __init__(self, texts: Sequence[str], title: str = "") -> None:
        self._texts = texts
        self.people: dict[tuple[str, ...], Person] = {}
        self.by_word: dict[str, list[Person]] = {}
        self.acronyms: dict[str, str] = {}
        self.called: dict[str, list[str]] = {}  # Family name → roles it is printed with.
        self.runs: dict[str, dict[str, int]] = {}  # First word → names that start with it → how often.
        for at, text in enumerate((*texts, title)):
            for match in _RUN.finditer(text):
                self._read(match, text, at)
            if "(" in text:
                for match in _ACRONYM.finditer(text):
                    self._abbreviate(match[1].split(), match[2])
        for name, roles in self.called.items():
            if name.lower() not in self.by_word and name.lower() not in PLACES:
                self._call(self._person([name]), roles[0])

    def _read(self, match: re.Match[str], text: str, at: int) -> None:
        words = _without_openers(match[0].split())
        role, name = split_role(words)
        if len(name) == 1 and role:
            self.called.setdefault(owner(name[0]), []).append(role)
        elif len(name) > 1 and is_person(name):
            person = self._person(name)
            person.seen.append(at)
            apposed = _APPOSED.match(text, match.end()) if text[match.end() : match.end() + 2] == ", " else None
            self._call(person, role or (apposed[1] if apposed and has_role(apposed[1]) else ""))
        elif words:
            counts = self.runs.setdefault(words[0], {})
            counts[" ".join(words[:2])] = counts.get(" ".join(words[:2]), 0) + 1

    def _person(self, name: list[str]) -> Person:
        key = tuple(bare(word) for word in name)
        person = self.people.get(key)
        if person is None:
            person = self.people[key] = Person(_joined(name))
            ends = {key[-2] if key[-1] in _LAST_WORDS and len(key) > 1 else key[-1]}
            if len(name) > 1 and (name[0].title() in FAMILY_FIRST or _is_given_name(name[1])):
                ends.add(key[0])
            for word in ends:
                self.by_word.setdefault(word, []).append(person)
        elif person.name.isupper() and not " ".join(name).isupper():
            person.name = _joined(name)
        return person

    def _call(self, person: Person, role: str) -> None:
        role = " ".join(word for word in role.split() if word.lower() not in _COURTESY)
        if role:
            person.called.add(role.lower())
            person.affiliation = person.affiliation or role

    def _abbreviate(self, words: list[str], letters: str) -> None:
        capitals = [word for word in words if word[0].isupper()][-len(letters) :]
        if "".join(word[0] for word in capitals) == letters:
            self.acronyms[letters] = " ".join(words[words.index(capitals[0]) :])

    def resolve(self, name: list[str], role: str, at: int, aside: str = "") -> Person | str:
        """Return the person whom the name means in statement ``at``, or the name in its fullest form."""
        key = tuple(bare(word) for word in name)
        if len(name) == 1:
            person = self._choose(self.by_word.get(key[0], []), role or aside or self._commonly(name[0]), at)
            if person is None and role and key[0] not in PLACES:
                person = self._person(name)
        elif is_person(name):
            person = self._fullest(self._person(name))
        else:
            person = None
        if person is None:
            return self._body(name)
        person.spoke = at
        self._call(person, role or (not person.called and self._commonly(name[-1])) or "")
        return person

    def _commonly(self, family: str) -> str:
        """Return the role the text gives to a family name alone (`President Ruiz`)."""
        return (self.called.get(owner(family)) or [""])[0]

    def _choose(self, meant: list[Person], role: str, at: int) -> Person | None:
        """Of several people of one family name, take who bears the role, spoke last, was named just before, or most."""
        if not meant:
            return None
        stems = _stems(role)
        meant = [each for each in meant if stems and any(stems <= _stems(role) for role in each.called)] or meant
        latest = max(meant, key=lambda person: person.spoke)
        if at - latest.spoke <= _NEAR:
            return latest
        most = max(len(person.seen) for person in meant)
        often = [person for person in meant if 2 * len(person.seen) >= most]
        near = [person for person in often if 0 <= at - _before(person.seen, at) <= _JUST]
        return self._fullest((near or often)[0])

    @cached_property
    def capitals(self) -> frozenset[str]:
        """Words capitalised within a statement, and so not because they open it."""
        return frozenset(word for text in self._texts for word in _INNER_CAPITAL.findall(text))

    def _fullest(self, person: Person) -> Person:
        words = [bare(word) for word in person.name.split()]
        same = [each for each in self.by_word.get(words[-1], []) if bare(each.name.split()[0]) == words[0]]
        return max([person, *same], key=lambda each: len(each.name.split()))

    def _body(self, name: list[str]) -> str:
        if len(name) == 1 and name[0] in self.acronyms:
            return self.acronyms[name[0]]
        if len(name) == 1 and name[0] in ("North", "South") and self.runs.get(name[0]):
            counts = self.runs[name[0]]
            states = [each for each in counts if each.split()[-1].lower() in PLACES]
            return max(states, key=lambda each: (counts[each], each), default=name[0])
        return _joined(name)

    def described(self, description: Iterable[str], at: int) -> Person | None:
        """Return whom `the president` or `the North Korean leader` means in statement ``at``; None for nobody named."""
        stems = _stems(" ".join(description))
        meant = [person for person in self.people.values() if any(stems <= _stems(each) for each in person.called)]
        exact = [person for person in meant if any(stems == _stems(each) for each in person.called)]
        return self._choose(exact or meant, "", at)


def split_role(words: Sequence[str]) -> tuple[str, list[str]]:
    """Cut `U.S. Defense Secretary Ana Ruiz` or `HBC’s Ana Ruiz` into role or body, and name."""
    cut = 0
    for at, word in enumerate(words):
        lower = bare(word)
        if lower in ROLES or lower in RANKS or word in TITLES or is_possessive(word):
            cut = at + 1
    name = list(words[cut:])
    if not cut or not name or not all(is_name(word) or word.islower() for word in name) or not is_name(name[0]):
        return "", list(words)
    role = words[:cut]
    if is_possessive(role[-1]) and not (len(name) > 1 and is_person(name)):
        return "", list(words)
    return _joined(role), name


def is_person(name: Sequence[str]) -> bool:
    """Say whether the words can be a person's name: no body, place or sentence's opening among them."""
    return (
        len(name) <= 5
        and not any(
            (lower := bare(word)) in BODIES or lower in PLACES or lower in ROLES or word in OPENERS or word in DATES
            for word in name
        )
        and not _DEMONYM.search(name[0])
    )


_DEMONYM = re.compile(r"(?:[a-z]ean|anese|inese|ussian|merican|ranian|ritish|raqi)s?$")


def has_role(text: str) -> bool:
    """Say whether the text names a role or body."""
    return any(bare(word.strip(",.")) in ROLES for word in text.split())


def _without_openers(words: list[str]) -> list[str]:
    at = 0
    while at < len(words) and (words[at] in OPENERS or words[at] in DATES or words[at] in DETERMINERS):
        at += 1
    return words[at:]


def _is_given_name(word: str) -> bool:
    """Say whether the word is made as Korean given names are (`Won-ho`)."""
    _, hyphen, last = word.partition("-")
    return bool(hyphen) and last[:1].islower()


def _joined(words: Sequence[str]) -> str:
    return " ".join([*words[:-1], owner(words[-1])])


def owner(word: str) -> str:
    """Drop a possessive ending."""
    return re.sub(r"[’']s?$", "", word)


def _before(seen: list[int], at: int) -> int:
    place = bisect_right(seen, at)
    return seen[place - 1] if place else 10**9


def _stems(description: str) -> set[str]:
    """Cut words so that `Korea’s` is `Korean`; adjectives that tell nothing of an office (`young`) are left out."""
    words = [bare(word) if is_name(word) else word for word in description.split()]
    return {word[:5] for word in words if word in MODIFIERS or word.lower() in PLACES or _DEMONYM.search(word)}


def belongs_to(words: Sequence[str]) -> str:
    """Return the body that an unnamed speaker is of: `a Water Ministry official`, `a spokesman for the ministry`."""
    for at, word in enumerate(words):
        if word in PLACING and bare(words[at - 1]) in PEOPLE and word != "to":
            return _joined(words[at + 1 :])
    if bare(words[-1]) not in PEOPLE:
        return ""
    start = 0
    while start < len(words) - 1 and (words[start] in DETERMINERS or words[start] in QUALIFYING):
        start += 1
    body = words[start:-1]
    return _joined(body) if body and (bare(body[-1]) in BODIES or body[-1] == "House") else ""
