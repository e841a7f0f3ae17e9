"""The codebook: axes, labels, definitions and rulings, as data. Code never lists labels; it asks the codebook."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, model_validator

from stance.errors import CodebookError, did_you_mean
from stance.yamlfile import read_yaml, validate

DEFAULT_CODEBOOK = Path(__file__).parent / "codebooks" / "north_korea.yaml"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Label(_Strict):
    """One label of an axis."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    name: str = Field(min_length=1)
    definition: str = Field(min_length=1)
    cues: tuple[Annotated[str, Field(pattern=r"\S")], ...] = ()
    not_this: str = ""
    examples: tuple[str, ...] = ()


class Axis(_Strict):
    """One question asked of every statement, and its possible answers in their declared order."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    question: str
    instructions: str
    null_label: str
    target: str = ""
    labels: tuple[Label, ...] = Field(min_length=2)
    notes: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _labels_are_sound(self) -> Axis:
        ids = [label.id for label in self.labels]
        if twice := sorted({i for i in ids if ids.count(i) > 1}):
            raise ValueError(f"axis {self.id!r} declares label {twice[0]!r} twice")
        if self.null_label not in ids:
            raise ValueError(f"axis {self.id!r}: null_label {self.null_label!r} is not one of its labels")
        return self


class Ruling(_Strict):
    """A settled case that binds every annotator; reason and example where it was settled by a later version."""

    id: str
    title: str
    text: str
    reason: str = ""
    example: str = ""


class Codebook(_Strict):
    """Two axes, ``motive`` and ``stance``: what statements are about, and which way they lean.

    The null label of the first axis (``none``) implies the null label of the second (``neutral``).
    """

    name: str
    version: str
    title: str
    unit: str
    definitions: tuple[Axis, ...] = Field(alias="axes")
    rulings_preamble: str = ""
    rulings: tuple[Ruling, ...] = ()

    @model_validator(mode="after")
    def _axes_are_motive_and_stance(self) -> Codebook:
        if self.axes != ("motive", "stance"):
            raise ValueError(f"axes must be motive, then stance, not {', '.join(self.axes)}")
        if not self.axis("stance").target:
            raise ValueError("axis 'stance' needs a target: the proposition that a stance is taken toward")
        if len({ruling.id for ruling in self.rulings}) < len(self.rulings):
            raise ValueError("two rulings share an id")
        return self

    @property
    def axes(self) -> tuple[str, ...]:
        """Ids of the axes, in order."""
        return tuple(axis.id for axis in self.definitions)

    def axis(self, axis: str) -> Axis:
        """Return one axis by its id."""
        return next(each for each in self.definitions if each.id == axis)

    def labels(self, axis: str) -> tuple[str, ...]:
        """Ids of an axis's labels, in declared order."""
        return tuple(label.id for label in self.axis(axis).labels)

    def label(self, axis: str, label: str) -> Label:
        """Return one label.

        Raises
        ------
        CodebookError
            If the axis has no such label.
        """
        for each in self.axis(axis).labels:
            if each.id == label:
                return each
        raise CodebookError(
            f"{axis} {label!r} is not in codebook {self.name} v{self.version}",
            remedy=did_you_mean(label, self.labels(axis)),
        )

    def null_label(self, axis: str) -> str:
        """Return the label that says nothing is there: ``none``, ``neutral``."""
        return self.axis(axis).null_label

    def check(self, motive: str, stance: str, where: object = "") -> None:
        """Accept a pair of labels, or say which rule it breaks.

        Raises
        ------
        CodebookError
            If a label is unknown, or the null motive comes with another stance than the null stance.
        """
        try:
            self.label("motive", motive)
            self.label("stance", stance)
        except CodebookError as error:
            raise CodebookError(error.what, where=where, remedy=error.remedy) from None
        if motive == self.null_label("motive") and stance != self.null_label("stance"):
            rule = f"motive {motive!r} always takes stance {self.null_label('stance')!r}, not {stance!r}"
            raise CodebookError(rule, where=where, remedy="Mend one of the two labels.")

    def to_dict(self) -> dict[str, Any]:
        """Return the codebook as plain data; `from_dict` reads it back."""
        return self.model_dump(by_alias=True, mode="json")

    @classmethod
    def from_dict(cls, data: object, where: object = "codebook") -> Codebook:
        """Validate plain data, such as the codebook that travels inside a model."""
        return validate(cls, data, where, CodebookError)


def load_codebook(path: Path | None = None) -> Codebook:
    """Load and validate a codebook file; the North Korea codebook where none is named.

    Raises
    ------
    CodebookError
        If the file is missing or breaks a rule; says which line and why.
    """
    path = path or DEFAULT_CODEBOOK
    return validate(Codebook, read_yaml(path, CodebookError), path, CodebookError)


def render_codebook(codebook: Codebook) -> str:
    """Render the page that annotators read (Markdown). It holds all that the data holds, and nothing else."""
    motive, stance = codebook.definitions
    parts = [
        f"# Codebook v{codebook.version}: {codebook.title}",
        "<!-- Rendered by `stance codebook` from the codebook file; edit that file, not this page. -->",
        codebook.unit,
        f"## Step 1: motive — “{motive.question}”",
        motive.instructions,
        "| id | name | the aim | typical cues | not this, but | examples |\n|---|---|---|---|---|---|\n"
        + "\n".join(
            _row(f"`{x.id}`", x.name, x.definition, ", ".join(x.cues), x.not_this, _quoted(x.examples))
            for x in motive.labels
        ),
        _notes(motive),
        f"## Step 2: stance — “{stance.question}”",
        f"{stance.instructions} The target is the proposition *“{stance.target}”*",
        "| id | name | the statement ... | typical cues | not this, but | examples |\n|---|---|---|---|---|---|\n"
        + "\n".join(
            _row(f"`{x.id}`", x.name, x.definition, ", ".join(x.cues), x.not_this, _quoted(x.examples))
            for x in stance.labels
        ),
        _notes(stance),
        "## Step 3: settled cases",
        codebook.rulings_preamble,
        *map(_ruling, codebook.rulings),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _notes(axis: Axis) -> str:
    return "Notes\n\n" + "\n".join(f"- {note}" for note in axis.notes) if axis.notes else ""


def _row(*cells: str) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _quoted(examples: tuple[str, ...]) -> str:
    return " · ".join(f"“{example}”" for example in examples)


def _ruling(ruling: Ruling) -> str:
    reason = f" *Why:* {ruling.reason}" if ruling.reason else ""
    example = f" *Example:* {ruling.example}" if ruling.example else ""
    return f"**{ruling.title}.** {ruling.text}{reason}{example}"
