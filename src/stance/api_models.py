"""The JSON that the API takes and gives, as types: what OpenAPI shows is made of these."""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, ValidatorFunctionWrapHandler, WrapValidator
from pydantic import field_validator as validator
from pydantic.config import JsonDict

EXAMPLE: JsonDict = {
    "title": "What the North is after",
    "outlet": "The Harbour Post",
    "date": "2017-10-03",
    "text": "“A treaty that ends the war is all Kim wants,” the envoy said.\n\nHer colleagues doubt it.",
}
HALF = re.compile("[\ud800-\udfff]")  # of a surrogate pair, which no file or terminal can take
Line = Annotated[str, Field(max_length=1000)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _Given(_Strict):
    @validator("*", mode="before")
    @classmethod
    def _is_whole(cls, value: object) -> object:
        if isinstance(value, str) and HALF.search(value):
            raise ValueError("holds half a character")
        return value


class Problem(_Strict):
    """Why a request, or one item of a batch, was refused."""

    error: str = Field(description="The rule that was broken, in one line.")
    where: str = Field(description="The field, or the place in the request, that broke it.")
    remedy: str = Field(description="What to do about it.")


class _WithText(_Given):
    text: str
    id: Line = Field("", description="Comes back as article_id.")

    @validator("text")
    @classmethod
    def _says_something(cls, text: str) -> str:
        if not text.strip():
            raise ValueError("is empty")
        return text


class ArticleIn(_WithText):
    """An article; its first line is the title where none is given and it looks like one."""

    model_config = ConfigDict(json_schema_extra={"example": EXAMPLE})
    title: Line = ""
    outlet: Line = Field("", description="Who published it: the source of what nobody else is named for.")
    date: Line = Field("", description="As it stands in the article; the year is what the map groups by.")


class StatementIn(_WithText):
    """One statement, and what stood around it."""

    previous: str = ""
    following: str = ""
    heading: str = ""


class PredictIn(ArticleIn):
    """An article, and what to say about its statements."""

    id: Line = Field("text", description="Comes back as article_id.")
    proba: bool = Field(False, description="Add the proba of every label: proba_<axis>_<label>.")


def problem_of(cause: ValidationError | list[Any]) -> Problem:
    """Return the first of pydantic's errors as one line."""
    errors = cause.errors(include_url=False) if isinstance(cause, ValidationError) else cause
    # A field that we do not know explains why one that we need is missing, so it is said first.
    first = min(errors, key=lambda each: each["type"] != "extra_forbidden")
    place = [str(part) for part in first["loc"]]
    where = ".".join(place)
    what = first["msg"].removeprefix("Value error, ")
    if first["type"] == "json_invalid":
        rule, where = f"not valid JSON: {first['ctx']['error']}", f"{place[0]}, character {place[-1]}"
        return Problem(error=rule, where=where, remedy="Send one JSON object.")
    if first["type"] == "extra_forbidden":
        return Problem(error=f"unknown field {place[-1]!r:.60}", where=where[:100], remedy="See /api for the fields.")
    return Problem(error=what[:1].lower() + what[1:], where=where, remedy="See /api for what this field takes.")


class StatementOut(BaseModel):
    """One row of the table of predictions; with proba, also one number for each label of each axis."""

    model_config = ConfigDict(extra="allow")
    article_id: str
    statement_index: int = Field(description="Its place in the article, from 0.")
    start: int = Field(description="Characters of the article's text before it; text[start:end] is the statement.")
    end: int
    heading: str
    text: str
    source: str = Field(description="Who says it, as the article names them.")
    motive: str
    motive_proba: float
    stance: str
    stance_proba: float
    status: str = Field(description="ok, abstain (unsure) or out_of_domain (off the subject).")
    evidence: str = Field(description="The words that spoke for the motive.")
    affiliation: str
    outlet: str
    date: str
    title: str


class PredictOut(_Strict):
    """The statements of one article, in reading order."""

    model: str
    codebook: str = Field(description="Name and version of the codebook that the labels are of.")
    notices: list[str] = Field(description="What to know before you rely on the labels.")
    statements: list[StatementOut]


class BatchItem(_Strict):
    """The statements of one item, or why there are none."""

    id: str
    statements: list[StatementOut]
    problem: Problem | None = None


def _or_problem(value: object, check: ValidatorFunctionWrapHandler) -> Any:
    try:
        return check(value)
    except ValidationError as cause:
        id_ = value.get("id", "") if isinstance(value, dict) else ""
        return BatchItem(id=id_ if isinstance(id_, str) else "", statements=[], problem=problem_of(cause))


class BatchIn(_Strict):
    """Articles, or statements one by one. An item that is refused does not hold up the others."""

    model_config = ConfigDict(json_schema_extra={"example": {"articles": [EXAMPLE]}})
    articles: list[Annotated[ArticleIn, WrapValidator(_or_problem)]] = Field(
        [], description="Each with text, and perhaps id, title, outlet and date."
    )
    statements: list[Annotated[StatementIn, WrapValidator(_or_problem)]] = Field(
        [], description="Each with text, and perhaps id, previous, following and heading."
    )
    proba: bool = Field(False, description="Add the proba of every label: proba_<axis>_<label>.")


class MapIn(_Strict):
    """Articles to draw one motive map of."""

    model_config = ConfigDict(json_schema_extra={"example": {"articles": [EXAMPLE]}})
    articles: list[ArticleIn] = Field(
        min_length=1, description="Each with text, and perhaps id, title, outlet and date."
    )


class BatchOut(_Strict):
    """One result for each item, in order."""

    model: str
    codebook: str
    notices: list[str]
    results: list[BatchItem]


class MapOut(BaseModel):
    """The motive map: one entry for each motive that is not null, the most supported first."""

    model_config = ConfigDict(extra="allow")
    model: str
    codebook: str
    notices: list[str]
    totals: dict[str, Any] = Field(description="Articles and statements counted, and those left out.")
    motives: list[dict[str, Any]] = Field(description="Counts for each motive by stance, with those abstained on.")


class Health(_Strict):
    """That the server answers, and with what."""

    status: str
    model: str
    version: str
