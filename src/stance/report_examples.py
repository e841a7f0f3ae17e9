"""The part of a report that shows statements: what went wrong, which words did it, and what annotators disputed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from stance.annotations import read_all_annotations
from stance.classifier import FIELDS
from stance.config import find_upwards
from stance.examples import choose_examples
from stance.explain import Contributions, Highlight, Moved, highlights, moved, occlusion
from stance.marked import cut
from stance.metrics import plain
from stance.reliability import right_on_both
from stance.wording import format_place

if TYPE_CHECKING:
    from stance.classifier import TwoAxisClassifier
    from stance.codebook import Codebook
    from stance.runs import Run

DISPUTED = 12  # disputed statements shown
TERMS = 5  # words of evidence for each wrong label
DIGITS = 4  # of a weight

Texts = dict[str, dict[str, str]]  # statement id → what may be shown of it


def examples_section(run: Run, statements: pd.DataFrame | None) -> dict[str, Any]:
    """Choose statements of the headline's split, in every collection; see `stance.examples.choose_examples`."""
    evaluations, codebook = run.metrics.get("evaluations", []), run.codebook
    split = evaluations[0]["split"] if evaluations else ""
    frame = _of_split(run, split)
    if frame.empty:
        return {"split": split, "wrong": 0, "statements": 0, "examples": []}
    texts = _texts(statements)
    chosen = choose_examples(frame, codebook, texts)
    picked = frame.iloc[[each.index for each in chosen]]
    evidence = _evidence(run, picked, texts)
    examples = [
        {"reason": each.reason, **_example(row, texts, codebook), "evidence": evidence.get(row["statement_id"], [])}
        for each, row in zip(chosen, picked.to_dict("records"), strict=True)
    ]
    for example in examples:
        example["marks"] = _marks(example)
    wrong = int((~right_on_both(frame, codebook)).sum())
    return {"split": split, "wrong": wrong, "statements": len(frame), "examples": examples}


def disputed_section(run: Run, statements: pd.DataFrame | None) -> dict[str, Any]:
    """Statements of the headline's split whose annotators disagree, those with a text first, then by place."""
    evaluations, codebook = run.metrics.get("evaluations", []), run.codebook
    frame = _of_split(run, evaluations[0]["split"] if evaluations else "")
    if frame.empty or "agreed" not in frame:
        return {"disputed": 0, "annotated": 0, "right": None, "right_of_agreed": None, "examples": []}
    texts = _texts(statements)
    known = frame[frame["agreed"].notna()]
    agreed = known["agreed"].astype(bool)
    right = pd.Series(right_on_both(known, codebook), index=known.index)
    some = known[~agreed]
    order = some.assign(_hidden=~some["statement_id"].isin(list(texts))).sort_values(
        ["_hidden", "joint_proba", "statement_id"]
    )
    shown = order.head(DISPUTED)
    votes = _votes(run, shown)
    return {
        "disputed": len(some),
        "annotated": len(known),
        "right": plain(right[~agreed].mean()),
        "right_of_agreed": plain(right[agreed].mean()),
        "examples": [
            {**_example(row, texts, codebook), "votes": votes.get(row["statement_id"], [])}
            for row in shown.to_dict("records")
        ],
    }


def _votes(run: Run, frame: pd.DataFrame) -> dict[str, list[dict[str, str]]]:
    """By statement id, what each annotator said, in the order of reading; none where the project is not around."""
    data = find_upwards(run.config["data"]["root"], run.path.resolve())
    if data is None or frame.empty:
        return {}
    codebook, wanted = run.codebook, set(frame["statement_id"])
    votes: dict[str, list[dict[str, str]]] = defaultdict(list)
    for each in read_all_annotations(data, dict.fromkeys(frame["collection"]), codebook):
        if each.statement_id in wanted:
            said = {axis: codebook.label(axis, getattr(each, axis)).name for axis in codebook.axes}
            votes[each.statement_id].append({"annotator": each.annotator, **said})
    return votes


def _texts(statements: pd.DataFrame | None) -> Texts:
    rows = [] if statements is None else statements.reset_index().to_dict("records")
    return {str(row["statement_id"]): {field: str(row.get(field, "")) for field in FIELDS} for row in rows}


def _of_split(run: Run, split: str) -> pd.DataFrame:
    """Predictions of the evaluated collections on one split; empty where there are none, perhaps without columns."""
    frame = run.predictions
    if frame.empty:
        return frame
    collections = [each["collection"] for each in run.metrics.get("evaluations", [])]
    return frame[frame["split"].eq(split) & frame["collection"].isin(collections)].reset_index(drop=True)


def _example(row: Mapping[Any, Any], texts: Texts, codebook: Codebook) -> dict[str, Any]:
    shown = texts.get(row["statement_id"], {})
    answers = [_answer(axis, row, codebook) for axis in codebook.axes]
    wrong = [answer["axis"] for answer in answers if not answer["right"]]
    return {
        "statement_id": row["statement_id"],
        "collection": row["collection"],
        "reference": format_place(row),
        "status": row.get("status", "ok"),
        "outcome": " and ".join(wrong) + " wrong" if wrong else "right",
        **{field: shown.get(field) or None for field in FIELDS},
        "answers": answers,
    }


def _answer(axis: str, row: Mapping[Any, Any], codebook: Codebook) -> dict[str, Any]:
    gold, predicted = row[axis], row[f"predicted_{axis}"]
    return {
        "axis": axis,
        "gold_id": gold,
        "predicted_id": predicted,
        "gold": codebook.label(axis, gold).name,
        "predicted": codebook.label(axis, predicted).name,
        "proba": plain(row[f"{axis}_proba"]),
        "right": gold == predicted,
    }


def _evidence(run: Run, picked: pd.DataFrame, texts: Texts) -> dict[str, list[dict[str, Any]]]:
    """By statement id, the words that moved each wrong label from gold to predicted; none where no text is here."""
    rows = [row for row in picked.to_dict("records") if row["statement_id"] in texts]
    classifier = _classifier(run) if rows else None
    if classifier is None:
        return {}
    shown = [{field: texts[row["statement_id"]].get(field) or "" for field in FIELDS} for row in rows]
    found = classifier.contributions(pd.DataFrame(shown, columns=list(FIELDS)))
    return {
        row["statement_id"]: [
            _moved(axis, row, text["text"], found[at], run.codebook)
            if found is not None
            else _missed(axis, row, text, classifier)
            for axis in run.codebook.axes
        ]
        for at, (row, text) in enumerate(zip(rows, shown, strict=True))
    }


def _classifier(run: Run) -> TwoAxisClassifier | None:
    """Load the run's classifier; None for what is no run directory with a model."""
    return run.load_model().classifier if (run.path / "model").is_dir() else None


def _moved(
    axis: str, row: Mapping[Any, Any], text: str, contributions: Contributions, codebook: Codebook
) -> dict[str, Any]:
    """Tell what spoke for the predicted label, against the gold one or, where that is the same, the runner-up."""
    predicted, gold = row[f"predicted_{axis}"], row[axis]
    against = gold if gold != predicted else _runner_up(axis, row, codebook)
    terms = _as_rows(moved(contributions, axis, predicted, against, TERMS))
    marks = _as_rows(highlights(text, contributions, axis, predicted, against))
    names = {"toward": codebook.label(axis, predicted).name, "against": codebook.label(axis, against).name}
    return {"axis": axis, "exact": True, **names, "terms": terms, "marks": marks}


def _missed(
    axis: str, row: Mapping[Any, Any], statement: dict[str, str], classifier: TwoAxisClassifier
) -> dict[str, Any]:
    """Tell by how much the predicted label's log proba falls without each word, for what is not linear."""
    predicted = row[f"predicted_{axis}"]
    found = occlusion(classifier, statement, axis, predicted)
    ranked = sorted((each for each in found if round(each.weight, 2)), key=lambda each: -abs(each.weight))[:TERMS]
    terms = _as_rows([Moved(statement["text"][each.start : each.end], "text", each.weight) for each in ranked])
    name = classifier.codebook.label(axis, predicted).name
    return {"axis": axis, "exact": False, "toward": name, "against": "", "terms": terms, "marks": _as_rows(found)}


def _as_rows(found: Sequence[Moved] | Sequence[Highlight]) -> list[dict[str, Any]]:
    """Return terms or stretches as plain data, weights rounded."""
    return [each._asdict() | {"weight": round(each.weight, DIGITS)} for each in found]


def _runner_up(axis: str, row: Mapping[Any, Any], codebook: Codebook) -> str:
    """Second likeliest label of an axis."""
    others = [label for label in codebook.labels(axis) if label != row[f"predicted_{axis}"]]
    return max(others, key=lambda label: row.get(f"proba_{axis}_{label}", 0.0))


def _marks(example: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Cut an example's text at the marks of the first wrong axis, else of the first; see `stance.marked.cut`."""
    if not example["evidence"]:
        return []
    wrong = [answer["axis"] for answer in example["answers"] if not answer["right"]]
    axis = wrong[0] if wrong else example["answers"][0]["axis"]
    (chosen,) = [each for each in example["evidence"] if each["axis"] == axis]
    return cut(example["text"], [(mark["start"], mark["end"], mark["weight"]) for mark in chosen["marks"]])
