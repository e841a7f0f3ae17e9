"""What checks say: a finding about the data, or the outcome of one methodological check of a run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Literal, get_args

if TYPE_CHECKING:
    from stance.run_facts import RunFacts

Severity = Literal["error", "warning", "note"]
State = Literal["fires", "passes", "not applicable"]
SEVERITIES, STATES = get_args(Severity), get_args(State)  # the gravest first


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong, or worth knowing, about the data."""

    code: str
    severity: Severity
    where: str
    what: str
    advice: str

    def __str__(self) -> str:
        return f"{self.code} {self.severity}: {self.where}: {self.what}. {self.advice}"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one check says of a run.

    ``what`` is a sentence with the figures where the check fires, the reason where it is not applicable, and empty
    where it passes.
    """

    code: str
    title: str
    state: State
    severity: Severity
    what: str = ""
    advice: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Return the outcome as plain data."""
        return asdict(self)

    def __str__(self) -> str:
        if self.state == "fires":
            return f"{self.code} {self.severity} ({self.title}): {self.what}. {self.advice}"
        return f"{self.code} {self.state} ({self.title})" + (f": {self.what}" if self.what else "")


class NotApplicable(Exception):  # noqa: N818 - it is an answer, not an error
    """A check cannot be made of a run; the message says why."""


@dataclass(frozen=True, slots=True)
class Fired:
    """A check has found something: a sentence without its full stop, and a severity where it is not the check's own."""

    what: str
    severity: Severity | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """One methodological check: its code, what is wrong where it fires, how bad that is and what to do about it."""

    code: str
    title: str
    severity: Severity
    advice: str
    find: Callable[[RunFacts], Fired | None]

    def __call__(self, facts: RunFacts) -> Outcome:
        """Make the check."""
        try:
            found = self.find(facts)
        except NotApplicable as reason:
            return Outcome(self.code, self.title, "not applicable", self.severity, str(reason))
        if found is None:
            return Outcome(self.code, self.title, "passes", self.severity)
        return Outcome(self.code, self.title, "fires", found.severity or self.severity, found.what, self.advice)


def check(
    code: str, title: str, *, severity: Severity, advice: str
) -> Callable[[Callable[[RunFacts], Fired | None]], Check]:
    """Make a check of a function that returns what it found or None, and raises `NotApplicable` where it cannot say."""
    return lambda find: Check(code, title, severity, advice, find)
