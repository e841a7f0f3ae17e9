"""Agreement of annotators: Cohen's kappa and Krippendorff's alpha, with intervals by article."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stance.annotations import Annotation
from stance.bootstrap import cluster_bootstrap
from stance.codebook import Codebook
from stance.errors import CorpusError
from stance.wording import DASH, format_cell

DIGITS = 3
MOST_DISPUTED = 20  # shown; a reader judges a dispute by reading it, and reads no more

Floats = NDArray[np.float64]


def cohen_kappa(confusion: Floats) -> Floats:
    """Agreement of two annotators beyond what their own label frequencies give by chance (Cohen, 1960).

    Parameters
    ----------
    confusion : array, shape (..., n_labels, n_labels)
        Statements by the label of the first and of the second annotator.

    Returns
    -------
    array, shape (...)
        1 is perfect, 0 is chance; NaN where both used one single label throughout.
    """
    total = confusion.sum(axis=(-2, -1))
    observed = np.trace(confusion, axis1=-2, axis2=-1) * total
    expected = (confusion.sum(axis=-1) * confusion.sum(axis=-2)).sum(axis=-1)
    return _divide(observed - expected, total**2 - expected)


def krippendorff_alpha(confusion: Floats) -> Floats:
    """Agreement of two annotators beyond what the pooled label frequencies give by chance, for nominal labels.

    Krippendorff, *Content Analysis* (2004), chapter 11: 1 - observed / expected disagreement, from the coincidence
    matrix, which for two annotators is the confusion matrix and its transpose added up.

    Parameters
    ----------
    confusion : array, shape (..., n_labels, n_labels)
        Statements by the label of the first and of the second annotator.

    Returns
    -------
    array, shape (...)
        1 is perfect, 0 is chance; NaN where only one label occurs.
    """
    coincidences = confusion + np.swapaxes(confusion, -1, -2)
    used = coincidences.sum(axis=-1)
    n = used.sum(axis=-1)
    disagree = n - np.trace(coincidences, axis1=-2, axis2=-1)
    return 1 - _divide((n - 1) * disagree, n**2 - (used**2).sum(axis=-1))


def agreement(
    annotations: Sequence[Annotation], article_of: Mapping[str, str], codebook: Codebook, *, seed: int = 0
) -> dict[str, Any]:
    """Compare the two annotators who read most, on the statements that both read.

    A third annotator, who read the disputed statements and a control sample, is left out of the coefficients, because
    a sample picked for disagreement would lower them; the votes stand with the disputed statements.

    Parameters
    ----------
    annotations : sequence of Annotation
        All annotations of a collection.
    article_of : mapping
        Statement id → article id; whole articles are resampled for the intervals.
    codebook : Codebook
        Axes and the order of their labels.
    seed : int
        Seeds the resampling.

    Returns
    -------
    dict
        ``statements`` (read by both), ``read_once``, ``annotators`` (labels given by each),
        ``axes`` (for each: ``agree``, ``kappa`` and ``alpha``
        with ``value, low, high``, ``labels`` with n and alpha against the rest, ``confusion``) and ``disputed``.

    Raises
    ------
    CorpusError
        If no two annotators labeled the same statements.
    """
    votes: dict[str, dict[str, Annotation]] = defaultdict(dict)
    for each in annotations:
        votes[each.statement_id][each.annotator] = each
    given = Counter(each.annotator for each in annotations)
    pair = [name for name, _ in sorted(given.items(), key=lambda each: (-each[1], each[0]))[:2]]
    ids = [id_ for id_, by in votes.items() if len(pair) == 2 and by.keys() >= set(pair)]
    if not ids:
        rule = f"no two annotators labeled the same of {len(votes)} statements"
        raise CorpusError(rule, where="agreement", remedy="Annotate some a second time.")
    articles = [article_of[id_] for id_ in ids]
    axes = {}
    for axis in codebook.axes:
        first, second = ([getattr(votes[id_][name], axis) for id_ in ids] for name in pair)
        axes[axis] = _compare(first, second, articles, codebook.labels(axis), seed)
    return {
        "statements": len(ids),
        "read_once": sum(len(by) == 1 for by in votes.values()),
        "annotators": dict(given),
        "axes": axes,
        "disputed": _disputed({id_: votes[id_] for id_ in ids}, pair, codebook),
    }


def _compare(
    first: Sequence[str], second: Sequence[str], articles: Sequence[str], labels: Sequence[str], seed: int
) -> dict[str, Any]:
    column = {label: i for i, label in enumerate(labels)}
    row_of = {article: i for i, article in enumerate(dict.fromkeys(articles))}
    counts = np.zeros((len(row_of), len(labels), len(labels)))
    for article, a, b in zip(articles, first, second, strict=True):
        counts[row_of[article], column[a], column[b]] += 1

    def statistic(confusion: Floats) -> Floats:
        alone = [krippendorff_alpha(_against_the_rest(confusion, i)) for i in range(len(labels))]
        return np.stack([cohen_kappa(confusion), krippendorff_alpha(confusion), *alone], axis=-1)

    bounds = [
        {
            end: None if np.isnan(x) else round(float(x), DIGITS)
            for end, x in zip(("value", "low", "high"), cell, strict=True)
        }
        for cell in zip(*cluster_bootstrap(counts, statistic, seed=seed), strict=True)
    ]
    total = counts.sum(axis=0)
    n = total.sum(axis=1) + total.sum(axis=0)
    return {
        "agree": round(float(np.trace(total) / total.sum()), DIGITS),
        "kappa": bounds[0],
        "alpha": bounds[1],
        "labels": [{"label": x, "n": int(n[i]), "alpha": bounds[2 + i]} for i, x in enumerate(labels)],
        "confusion": total.astype(int).tolist(),
    }


def _against_the_rest(confusion: Floats, label: int) -> Floats:
    both = confusion[..., label, label]
    only_first = confusion[..., label, :].sum(axis=-1) - both
    only_second = confusion[..., :, label].sum(axis=-1) - both
    neither = confusion.sum(axis=(-2, -1)) - both - only_first - only_second
    return np.stack([np.stack([both, only_first], -1), np.stack([only_second, neither], -1)], axis=-2)


def _disputed(
    votes: Mapping[str, Mapping[str, Annotation]], pair: Sequence[str], codebook: Codebook
) -> list[dict[str, Any]]:
    """Statements on which the pair differs, those with the most different votes first."""
    apart = [
        {
            "statement_id": id_,
            "votes": {name: [getattr(vote, axis) for axis in codebook.axes] for name, vote in by.items()},
        }
        for id_, by in votes.items()
        if any(len({getattr(by[name], axis) for name in pair}) > 1 for axis in codebook.axes)
    ]
    return sorted(apart, key=lambda each: -len({tuple(vote) for vote in each["votes"].values()}))


def _divide(part: Floats, whole: Floats) -> Floats:
    part, whole = np.asarray(part, dtype=float), np.asarray(whole, dtype=float)
    ratio: Floats = np.divide(part, whole, out=np.full(part.shape, np.nan), where=whole != 0)
    return ratio


def render_agreement(name: str, found: Mapping[str, Any], codebook: Codebook) -> str:
    """Render `agreement` of one collection as Markdown: coefficients, a table by label, and who was taken for what."""
    who = ", ".join(f"{annotator} {n:,}" for annotator, n in found["annotators"].items())
    once = f" {found['read_once']:,} more statements were read once." if found["read_once"] else ""
    lines = [f"## {name}: {found['statements']:,} statements read by two", "", f"Labels given: {who}.{once}", ""]
    lines += ["| axis | agree | Cohen's kappa | Krippendorff's alpha |", "|---|--:|--:|--:|"]
    for axis, scores in found["axes"].items():
        lines.append(
            f"| {axis} | {scores['agree']:.3f} | {format_cell(scores['kappa'])} | {format_cell(scores['alpha'])} |"
        )
    for axis, scores in found["axes"].items():
        lines += ["", f"| {axis} | labels given | alpha against the rest | most often taken for |", "|---|--:|--:|---|"]
        labels = codebook.labels(axis)
        for i, each in enumerate(scores["labels"]):
            rival = _rival(scores["confusion"], i, labels)
            lines.append(f"| `{each['label']}` | {each['n']} | {format_cell(each['alpha'])} | {rival} |")
    for axis, scores in found["axes"].items():
        lines += ["", *_confusion_table(axis, scores["confusion"], codebook.labels(axis))]
    lines += ["", f"Disputed: {len(found['disputed']):,} statements. The first {MOST_DISPUTED}:", ""]
    for each in found["disputed"][:MOST_DISPUTED]:
        lines.append(
            f"- `{each['statement_id']}`: " + "; ".join(f"{a} {'/'.join(v)}" for a, v in each["votes"].items())
        )
    return "\n".join(lines) + "\n"


def _confusion_table(axis: str, confusion: Sequence[Sequence[int]], labels: Sequence[str]) -> list[str]:
    """Return a table of the first annotator's labels (rows) against the second's (columns, numbered alike)."""
    numbers = [str(i) for i in range(1, len(labels) + 1)]
    head = [f"| {axis}: first \\ second | {' | '.join(numbers)} |", f"|---|{'--:|' * len(labels)}"]
    rows = zip(numbers, labels, confusion, strict=True)
    return head + [f"| {number} `{label}` | {' | '.join(map(str, row))} |" for number, label, row in rows]


def _rival(confusion: Sequence[Sequence[int]], label: int, labels: Sequence[str]) -> str:
    rivals = [(confusion[label][i] + confusion[i][label], other) for i, other in enumerate(labels) if i != label]
    n, other = max(rivals)
    return f"`{other}` ({n})" if n else DASH
