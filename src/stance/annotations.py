"""Annotations: one annotator's labels of one statement; consensus is what most of them say."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stance.codebook import Codebook
from stance.errors import CorpusError
from stance.storage import read_jsonl

REVISIONS = "revisions.jsonl"


@dataclass(frozen=True, slots=True)
class Annotation:
    """One annotator's labels of one statement; ``where`` is the ``file:line`` they stand at."""

    statement_id: str
    annotator: str
    motive: str
    stance: str
    where: str = ""


def read_annotations(path: Path, codebook: Codebook) -> list[Annotation]:
    """Read a JSON Lines file of annotations.

    Raises
    ------
    CorpusError
        If a line lacks a field, or an annotator labels a statement twice.
    CodebookError
        If a label is not in the codebook, or the pair breaks its rule.
    """
    seen: dict[tuple[str, str], str] = {}
    annotations = []
    for where, row in read_jsonl(path, CorpusError):
        each = parse_annotation(where, row, codebook)
        key = (each.statement_id, each.annotator)
        if first := seen.get(key):
            rule = f"{each.annotator} labels {each.statement_id} a second time (first at {first})"
            raise CorpusError(rule, where=where, remedy="Keep one of the two lines.")
        seen[key] = where
        annotations.append(each)
    return annotations


def read_all_annotations(data: Path, collections: Iterable[str], codebook: Codebook) -> list[Annotation]:
    """Read every annotation of some collections; a collection that has no file of annotations has none.

    Raises
    ------
    CorpusError, CodebookError
        As for `read_annotations`.
    """
    paths = [data / "labeled" / "annotations" / f"{name}.jsonl" for name in collections]
    return [each for path in paths if path.is_file() for each in read_annotations(path, codebook)]


def parse_annotation(where: str, row: dict[str, Any], codebook: Codebook) -> Annotation:
    """Make an annotation of one row.

    Raises
    ------
    CorpusError
        If a field is missing.
    CodebookError
        If a label is not in the codebook, or the pair breaks its rule.
    """
    try:
        each = Annotation(row["statement_id"], row["annotator"], row["motive"], row["stance"], where)
    except KeyError as missing:
        raise CorpusError(f"field {missing} is missing", where=where, remedy="Add it.") from None
    codebook.check(each.motive, each.stance, where)
    return each


def agreed(annotations: Iterable[Annotation]) -> dict[str, bool | None]:
    """Tell of every annotated statement whether all its annotators gave it the same labels; None where one did."""
    votes: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for each in annotations:
        votes[each.statement_id].append((each.motive, each.stance))
    return {id_: len(set(pairs)) == 1 if len(pairs) > 1 else None for id_, pairs in votes.items()}


def consensus(annotations: Iterable[Annotation], codebook: Codebook) -> dict[str, tuple[str, str]]:
    """Return the (motive, stance) of every annotated statement.

    On each axis the label that most annotators chose. A tie goes to the annotator who stands last in the file, which is
    the third one, who read only the statements that the first two disagreed on and a control sample. A statement whose
    consensus motive is the null label takes the null stance.
    """
    by_statement: dict[str, list[Annotation]] = defaultdict(list)
    for each in annotations:
        by_statement[each.statement_id].append(each)
    labels = {}
    for statement_id, votes in by_statement.items():
        motive = _most([vote.motive for vote in votes])
        stance = _most([vote.stance for vote in votes])
        none = motive == codebook.null_label("motive")
        labels[statement_id] = (motive, codebook.null_label("stance") if none else stance)
    return labels


def read_revisions(path: Path, codebook: Codebook) -> dict[str, tuple[str, str]]:
    """Read the log of labels that a later codebook version changed: statement id → the (motive, stance) now in force.

    Each line gives ``statement_id``, the old and the new labels, the ``ruling`` that changed them, and ``by`` whom. A
    revision outweighs the votes, which were cast before its ruling was made; no file means no revisions.

    Raises
    ------
    CorpusError, CodebookError
        If a line lacks a field, names an unknown label or ruling, or revises a statement a second time.
    """
    revisions: dict[str, tuple[str, str]] = {}
    titles = {ruling.title for ruling in codebook.rulings}
    for where, row in read_jsonl(path, CorpusError) if path.is_file() else ():
        each = parse_annotation(where, row | {"annotator": row.get("by", "")}, codebook)
        if row.get("ruling") not in titles:
            rule = f"ruling {row.get('ruling')!r} is not in codebook {codebook.name} v{codebook.version}"
            raise CorpusError(rule, where=where, remedy="Give a ruling's title as the codebook has it.")
        if each.statement_id in revisions:
            raise CorpusError(f"{each.statement_id!r} is revised twice", where=where, remedy="Keep the later line.")
        revisions[each.statement_id] = (each.motive, each.stance)
    return revisions


def revise(labels: dict[str, tuple[str, str]], revisions: dict[str, tuple[str, str]]) -> dict[str, tuple[str, str]]:
    """Put revisions in the place of the labels they change."""
    return {id_: revisions.get(id_, label) for id_, label in labels.items()}


def _most(votes: list[str]) -> str:
    counts = Counter(votes)
    most = max(counts.values())
    return next(label for label in reversed(votes) if counts[label] == most)
