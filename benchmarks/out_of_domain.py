"""How well texts on other subjects are flagged, and how often in-domain statements are flagged by mistake.

    python benchmarks/out_of_domain.py RUN --texts DIR [-o experiments/reports/out-of-domain.md]

RUN is a run directory; DIR the folder with the text of others. Out of domain are the texts in data/raw/out-of-domain:
the detector was chosen by its ``development`` folder, and ``test`` only measures. In domain are validation statements.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from stance import load_codebook, load_model, read_articles, split_statements
from stance.classifier import FIELDS, TwoAxisClassifier
from stance.corpus import load_corpus, read_collection
from stance.domain import windows

if TYPE_CHECKING:
    import pandas as pd

    from stance.articles import Article

ROOT = Path(__file__).resolve().parent.parent
FOREIGN = ROOT / "data" / "raw" / "out-of-domain"
COLLECTIONS = ("newswire", "own")
VIEWS = ("statement alone", "with neighbours", "whole article")


def main() -> None:
    """Measure and write the report."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("run", type=Path)
    parser.add_argument("--texts", type=Path, required=True)
    parser.add_argument("-o", "--output", type=Path, default=ROOT / "experiments" / "reports" / "out-of-domain.md")
    arguments = parser.parse_args()
    model = load_model(arguments.run)
    parts = {f"out of domain, {each}": _cut(read_articles(FOREIGN / each)) for each in ("development", "test")}
    parts |= {f"in domain, {name}": _validation(name, arguments.texts) for name in COLLECTIONS}
    measured = {name: _measure(model.classifier, frame, model.decision.min_coverage) for name, frame in parts.items()}
    lines = [_header(), *_flags(measured), *_aurocs(measured), *_precision(measured), *_by_text(measured)]
    arguments.output.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"wrote {arguments.output}")


def _cut(articles: list[Article]) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame(
        [{"article_id": a.id} | {f: getattr(s, f) for f in FIELDS} for a in articles for s in split_statements(a)]
    )


def _validation(collection: str, texts: Path) -> pd.DataFrame:
    """Every statement of the articles that have a labeled one in the validation split; `labeled` marks those."""
    data = ROOT / "data"
    frame = load_corpus(data, load_codebook(), texts=texts, collections=(collection,)).frame
    labeled = frame[frame["split"] == "validation"]
    articles, _ = read_collection(data, collection, texts)
    whole = _cut([articles[id_] for id_ in dict.fromkeys(labeled["article_id"])])
    spans = set(zip(labeled["article_id"], labeled["text"], strict=True))
    return whole.assign(labeled=[pair in spans for pair in zip(whole["article_id"], whole["text"], strict=True)])


def _measure(classifier: TwoAxisClassifier, frame: pd.DataFrame, min_coverage: float) -> pd.DataFrame:
    """Subject score and flag of every statement in every view, and the share of its words that training knew."""
    assert classifier.domain is not None, "the run has no detector"
    whole = frame.groupby("article_id")["text"].agg(" ".join)
    views = (list(frame["text"]), windows(frame), list(frame["article_id"].map(whole)))
    for name, contexts in zip(VIEWS, views, strict=True):
        different = list(dict.fromkeys(contexts))
        score = dict(zip(different, classifier.domain.scores(different), strict=True))
        known = dict(zip(different, classifier.coverage(different), strict=True))
        flagged = classifier.outside(list(frame["text"]), contexts, min_coverage)
        frame = frame.assign(
            **{f"flag {name}": flagged, f"subject {name}": [score[c] for c in contexts]},
            **{f"known {name}": [known[c] for c in contexts]},
        )
    only_words = [share < min_coverage for share in classifier.coverage(list(frame["text"]))]
    frame = frame.assign(**{"flag by words known only": only_words})
    return frame[frame["labeled"]] if "labeled" in frame else frame


def _header() -> str:
    return (
        "# Out of domain\n\n"
        "Written by `benchmarks/out_of_domain.py`. Texts on other subjects were written for this project\n"
        "(`data/raw/out-of-domain`). The detector and its prior were chosen by the development texts and by false\n"
        "flags on validation, so those rows flatter it; the test texts were read once, for this table.\n"
        "In domain are validation statements that the segmenter cuts as they were labeled. `predict` sees the whole\n"
        "article; `predict_statements` sees the statement, and its neighbours where they are given.\n"
    )


def _flags(measured: dict[str, pd.DataFrame]) -> list[str]:
    lines = ["## Share of statements flagged `out_of_domain`\n"]
    lines.append(f"| statements | n | share of words known alone (as before) | {' | '.join(VIEWS)} |")
    lines.append("|---|--:|--:|--:|--:|--:|")
    for name, frame in measured.items():
        shares = [frame[f"flag {view}"].mean() for view in ("by words known only", *VIEWS)]
        lines.append(f"| {name} | {len(frame)} | {' | '.join(f'{share:.1%}' for share in shares)} |")
    return [*lines, ""]


def _aurocs(measured: dict[str, pd.DataFrame]) -> list[str]:
    from sklearn.metrics import roc_auc_score

    lines = ["## AUROC: in-domain validation against out-of-domain test\n"]
    lines += [f"| score | in domain | {' | '.join(VIEWS)} |", "|---|---|--:|--:|--:|"]
    foreign = measured["out of domain, test"]
    for score, title in (("known", "share of words known"), ("subject", "subject score")):
        for name in COLLECTIONS:
            inside = measured[f"in domain, {name}"]
            truth = np.repeat([1, 0], [len(inside), len(foreign)])
            cells = [
                roc_auc_score(truth, np.concatenate([inside[f"{score} {view}"], foreign[f"{score} {view}"]]))
                for view in VIEWS
            ]
            lines.append(f"| {title} | {name} | {' | '.join(f'{cell:.3f}' for cell in cells)} |")
    return [*lines, ""]


def _precision(measured: dict[str, pd.DataFrame]) -> list[str]:
    """Precision and recall of the flag on test texts and all in-domain statements pooled."""
    foreign = measured["out of domain, test"]
    lines = ["## The flag on the test texts and both validation splits together\n"]
    lines += ["| seen | precision | recall | false flags |", "|---|--:|--:|--:|"]
    for view in ("by words known only", *VIEWS):
        hits = int(foreign[f"flag {view}"].sum())
        inside = [flag for name in COLLECTIONS for flag in measured[f"in domain, {name}"][f"flag {view}"]]
        precision = f"{hits / (hits + sum(inside)):.2f}" if hits + sum(inside) else "–"
        lines.append(f"| {view} | {precision} | {hits / len(foreign):.2f} | {sum(inside)} of {len(inside)} |")
    return [*lines, ""]


def _by_text(measured: dict[str, pd.DataFrame]) -> list[str]:
    lines = ["## Text by text: share of statements flagged\n"]
    lines += [f"| text | n | {' | '.join(VIEWS)} |", "|---|--:|--:|--:|--:|"]
    for part in ("development", "test"):
        for id_, frame in measured[f"out of domain, {part}"].groupby("article_id"):
            cells = " | ".join(f"{frame[f'flag {view}'].mean():.0%}" for view in VIEWS)
            lines.append(f"| {id_} ({part}) | {len(frame)} | {cells} |")
    return lines


if __name__ == "__main__":
    main()
