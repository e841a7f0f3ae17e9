"""How far counts of motives and stances are from the truth: raw, corrected, and by other methods, on held-out news.

    python benchmarks/prevalence.py RUN [-o experiments/reports/prevalence.md]

Error rates come from one half of a run's out-of-fold newswire articles, collections are drawn from the other half. The
test split is read for the last table alone, with the rates of all out-of-fold articles.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from stance.codebook import Codebook
from stance.corpus import TRAINING_ONLY_BATCHES
from stance.error_rates import ErrorRates
from stance.prevalence import CONFIDENCE, MIN_STATEMENTS, pairs_of, true_counts
from stance.runs import load_run

ROOT = Path(__file__).resolve().parent.parent
SIZES = (30, 50, 100, 300, 1_000)
HALVES = 40
SHRINK = 800  # statements that the usual mix counts for in EM on proba; the best of 0, 50, 200 and 800
METHODS = {
    "kept": "statements whose labels the model stands by (status `ok`), counted",
    "likeliest": "likeliest labels of all statements in domain, counted",
    "proba": "sum of calibrated proba (probabilistic classify and count)",
    "EM on proba": f"expectation maximisation on proba (Saerens et al., 2002), shrunk to the usual mix by {SHRINK} statements",
    "inversion": "rates inverted by least squares (adjusted classify and count; Rogan & Gladen, Hopkins & King)",
    "corrected": "what `stance map` shows: `stance.prevalence`",
}


def main() -> None:
    """Measure, and write the report."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("run", type=Path)
    parser.add_argument("-o", "--output", type=Path, default=ROOT / "experiments" / "reports" / "prevalence.md")
    arguments = parser.parse_args()
    run = load_run(arguments.run)
    codebook = run.codebook
    everything = _labeled(run.out_of_fold, codebook)
    drawn = Bench(everything[everything["collection"] == "newswire"], codebook).measure()
    lines = [*_heading(run), *_tables(drawn), *_elsewhere(everything, codebook), *_test(run, everything, codebook)]
    arguments.output.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"wrote {arguments.output}")


def _labeled(frame: pd.DataFrame, codebook: Codebook) -> pd.DataFrame:
    """Rows in domain, with the place of their true and their predicted pair."""
    place = {pair: at for at, pair in enumerate(pairs_of(codebook))}
    frame = frame[frame["status"] != "out_of_domain"].reset_index(drop=True)
    true = [place[pair] for pair in zip(frame["motive"], frame["stance"], strict=True)]
    guess = [place[pair] for pair in zip(frame["predicted_motive"], frame["predicted_stance"], strict=True)]
    return frame.assign(true=true, guess=guess, natural=~frame["batch"].isin(TRAINING_ONLY_BATCHES))


class Bench:
    """Collections from one half of the articles, counted by methods that learned their rates from the other half."""

    def __init__(self, frame: pd.DataFrame, codebook: Codebook) -> None:
        self.frame, self.codebook, self.pairs = frame.reset_index(drop=True), codebook, pairs_of(codebook)
        self.shown = _shown(codebook)
        self.proba = joint_proba(self.frame, codebook)
        self.natural = self.share(self.frame[self.frame["natural"]])

    def share(self, frame: pd.DataFrame) -> np.ndarray:
        """Return the share of each pair."""
        counts = np.bincount(frame["true"], minlength=len(self.pairs)) + 0.5
        return np.asarray(counts / counts.sum())

    def measure(self) -> pd.DataFrame:
        """Return one row a collection, method and pair: true and estimated share, and whether the interval holds."""
        rng = np.random.default_rng(0)
        articles = np.unique(self.frame["article_id"])
        rows: list[dict[str, Any]] = []
        for _ in range(HALVES):
            order = rng.permutation(articles)
            known = self.frame["article_id"].isin(order[: len(order) // 2])
            rates = ErrorRates.count(self.frame[known], ["newswire"])
            assert rates is not None
            for scenario, weights in self.scenarios().items():
                for size in SIZES:
                    rest = rng.permutation(order[len(order) // 2 :])
                    chosen = self.draw(rest, weights, size, rng)
                    if len(chosen) == size:
                        rows += self.compare(scenario, chosen, rates, self.frame[known])
        return pd.DataFrame(rows)

    def scenarios(self) -> dict[str, np.ndarray]:
        """Return the weight of each statement to be drawn."""
        # No pair is drawn more than thrice as often, or most statements would be thrown away for a rare one.
        as_natural = np.minimum(self.natural / self.share(self.frame), 3)[self.frame["true"]]
        null = self.codebook.null_label("motive")
        motives = self.frame["motive"][self.frame["natural"] & (self.frame["motive"] != null)].value_counts().index
        doubt = [s for s in self.codebook.labels("stance") if s != self.codebook.null_label("stance")][1]
        found = {"natural mix": self.frame["natural"].to_numpy(float), "as the natural mix": as_natural}
        for name in (motives[0], motives[3]):
            found[f"`{name}` doubled"] = np.where(self.frame["motive"] == name, 2, 1) * as_natural
        found[f"`{doubt}` tripled"] = np.where(self.frame["stance"] == doubt, 3, 1) * as_natural
        return found | {"picked: few motives": np.ones(len(self.frame))}

    def draw(self, articles: np.ndarray, weights: np.ndarray, size: int, rng: np.random.Generator) -> np.ndarray:
        """Draw statements of whole articles, one after the other, each kept by its weight."""
        kept = rng.random(len(self.frame)) < weights / weights.max()
        places = self.frame.groupby("article_id").indices
        return np.concatenate([at[kept[at]] for at in (places[article] for article in articles)])[:size]

    def compare(
        self, scenario: str, chosen: np.ndarray, rates: ErrorRates, known: pd.DataFrame
    ) -> list[dict[str, Any]]:
        """Return the errors of every method on one collection."""
        part = self.frame.loc[chosen]
        true = np.bincount(part["true"], minlength=len(self.pairs))[self.shown]
        rows = []
        for method, (value, low, high) in self.estimates(part, rates, known).items():
            inside = (low <= true) & (true <= high) if low is not None else None
            rows.append({
                "scenario": scenario, "size": len(part), "method": method, "errors": 100 * (value - true) / len(part),
                "inside": inside, "first": bool(_first(value) == _first(true)) if _one_first(true) else None,
                "width": None if low is None else float((high - low).mean()) * 100 / len(part),
            })  # fmt: skip
        return rows

    def estimates(self, part: pd.DataFrame, rates: ErrorRates, known: pd.DataFrame) -> dict[str, tuple[Any, Any, Any]]:
        """Count a collection by every method: values of the shown pairs, and intervals where a method has them."""
        n_pairs = len(self.pairs)
        proba, usual = self.proba[part.index], self.proba[known.index].mean(axis=0)
        columns = part["guess"] + n_pairs * (part["status"] == "abstain")
        errors = np.full((n_pairs, 2 * n_pairs), 0.01)
        np.add.at(errors, (known["true"], known["guess"] + n_pairs * (known["status"] == "abstain")), 1)
        solved = np.linalg.lstsq(
            (errors / errors.sum(axis=1, keepdims=True)).T, np.bincount(columns, minlength=2 * n_pairs), rcond=None
        )[0]
        counts = {
            "kept": np.bincount(part["guess"][part["status"] == "ok"], minlength=n_pairs),
            "likeliest": np.bincount(part["guess"], minlength=n_pairs),
            "proba": proba.sum(axis=0),
            "EM on proba": expectation_maximisation(proba, usual),
            "inversion": solved,
        }
        found = {name: (value[self.shown], None, None) for name, value in counts.items()}
        return found | {"corrected": corrected(part, rates, self.codebook, self.shown)}


def corrected(part: pd.DataFrame, rates: ErrorRates, codebook: Codebook, shown: np.ndarray) -> tuple[Any, Any, Any]:
    """Count by `stance.prevalence`, small collections too."""
    predicted = Counter(part[["predicted_motive", "predicted_stance", "status"]].itertuples(index=False, name=None))
    found = true_counts(predicted, rates, codebook, at_least=1)
    assert found is not None
    draws = found.draws[:, shown]
    low, high = np.quantile(draws, [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2], axis=0, method="nearest")
    return draws.mean(axis=0), low, high


def joint_proba(frame: pd.DataFrame, codebook: Codebook) -> np.ndarray:
    """Proba of each pair, the stance taken to be independent of which motive it is toward: more is not in the files."""
    none, neutral = codebook.null_label("motive"), codebook.null_label("stance")
    stance = {
        s: frame[f"proba_stance_{s}"] - (frame[f"proba_motive_{none}"] if s == neutral else 0)
        for s in codebook.labels("stance")
    }
    total = sum(each.clip(lower=1e-6) for each in stance.values())
    columns = [
        frame[f"proba_motive_{m}"] * (1 if m == none else stance[s].clip(lower=1e-6) / total)
        for m, s in pairs_of(codebook)
    ]
    joint = np.stack(columns, axis=1)
    return np.asarray(joint / joint.sum(axis=1, keepdims=True))


def expectation_maximisation(proba: np.ndarray, usual: np.ndarray) -> np.ndarray:
    """Adapt proba to the collection's own mix, and sum them up."""
    share = usual
    for _ in range(200):
        weighted = proba * (share / usual)
        weighted /= weighted.sum(axis=1, keepdims=True)
        share = weighted.sum(axis=0) + SHRINK * usual
        share = share / share.sum()
    return np.asarray(weighted.sum(axis=0))


def _shown(codebook: Codebook) -> np.ndarray:
    """Places of the pairs that the map draws: support and doubt of each motive."""
    neutral = codebook.null_label("stance")
    return np.array([at for at, (_, stance) in enumerate(pairs_of(codebook)) if stance != neutral])


def _first(values: np.ndarray) -> int:
    return int(np.argmax(values[::2]))


def _share_of(known: list[bool]) -> float:
    return sum(known) / len(known) if known else float("nan")


def _one_first(true: np.ndarray) -> bool:
    return bool((true[::2] == true[::2].max()).sum() == 1)


def _heading(run: Any) -> list[str]:
    return [
        "# Counts of motives and stances: how far from the truth",
        "",
        f"Run `{run.manifest['run']}`; `python benchmarks/prevalence.py RUN` writes this page. Error rates are of one half of the",
        f"newswire articles, out of fold; collections are drawn from the other half, {HALVES} times. Counted are the statements that",
        "assert or doubt each motive; errors are in percentage points of the collection. *natural mix* draws statements that",
        "were not picked for their labels; *as the natural mix* draws from all, most of them picked because models were unsure",
        "of them, so that labels are as common as there; the next three shift that; *picked* takes all as they are: three in",
        "four are without a motive. Sizes that half the articles cannot give are left out.",
        "",
        *(f"- **{name}**: {what}" for name, what in METHODS.items()),
        "",
    ]


def _tables(drawn: pd.DataFrame) -> list[str]:
    together = drawn.groupby(["scenario", "size", "method"], sort=False)
    rmse = together["errors"].agg(lambda e: float(np.sqrt(np.mean(np.square(np.stack(list(e)))))))
    bias = together["errors"].agg(lambda e: float(np.abs(np.mean(np.stack(list(e)), axis=0)).mean()))
    first = together["first"].agg(lambda e: _share_of([each for each in e if each is not None]))
    own = drawn[drawn["method"] == "corrected"].groupby(["scenario", "size"], sort=False)
    inside = own["inside"].agg(lambda e: float(np.stack(list(e)).mean()))
    lines = ["## In short", "", *_in_short(rmse, inside), ""]
    lines += ["## Root mean squared error (points)", "", *_wide(rmse, "{:.2f}")]
    lines += ["## Mean absolute bias over the counts (points)", "", *_wide(bias, "{:.2f}")]
    lines += [
        "## The motive asserted most is named right (share of collections that have one)",
        "",
        *_wide(first, "{:.2f}"),
    ]
    lines += ["## Corrected counts: share of 95% intervals that hold the true count, and their width (points)", ""]
    lines += ["| collection | n | holds | width |", "|---|--:|--:|--:|"]
    lines += [f"| {s} | {n:,} | {inside[s, n]:.2f} | {own['width'].mean()[s, n]:.1f} |" for s, n in inside.index]
    return [
        *lines,
        "",
        f"With fewer than {MIN_STATEMENTS} statements in domain, `stance map` gives no corrected count.",
        "",
    ]


def _in_short(rmse: pd.Series[float], inside: pd.Series[float]) -> list[str]:
    """Say how often corrected counts are nearer the truth than others, from the size on at which they are shown."""
    table = rmse.rename("rmse").reset_index()
    wide = table.pivot_table(index=["scenario", "size"], columns="method", values="rmse")
    wide = wide[wide.index.get_level_values("size") >= MIN_STATEMENTS]
    others = [name for name in METHODS if name != "corrected"]
    nearer = [f"`{name}` in {int((wide['corrected'] < wide[name]).sum())}" for name in others]
    held = inside[inside.index.get_level_values("size") >= MIN_STATEMENTS]
    return [
        f"Of {len(wide)} kinds of collection of {MIN_STATEMENTS} statements or more, corrected counts have a smaller error than",
        f"{', '.join(nearer)}. Their 95% intervals hold the true count in {held.min():.0%} to {held.max():.0%} of cases.",
    ]


def _wide(values: pd.Series[float], form: str) -> list[str]:
    lines = ["| collection | n | " + " | ".join(METHODS) + " |", "|---|--:|" + "--:|" * len(METHODS)]
    for scenario, size in dict.fromkeys(key[:2] for key in values.index):
        cells = [form.format(values[scenario, size, method]) for method in METHODS]
        lines.append(f"| {scenario} | {size:,} | {' | '.join(cells)} |")
    return [*lines, ""]


def _one(name: str, part: pd.DataFrame, rates: ErrorRates, codebook: Codebook) -> str:
    shown = _shown(codebook)
    n_pairs = len(pairs_of(codebook))
    true = np.bincount(part["true"], minlength=n_pairs)[shown]
    value, low, high = corrected(part, rates, codebook, shown)
    rmse: Callable[[Any], float] = lambda counts: float(np.sqrt(np.mean(np.square(counts - true)))) * 100 / len(part)  # noqa: E731
    kept = np.bincount(part["guess"][part["status"] == "ok"], minlength=n_pairs)[shown]
    likeliest = np.bincount(part["guess"], minlength=n_pairs)[shown]
    inside = int(((low <= true) & (true <= high)).sum())
    return f"| {name} | {len(part):,} | {rmse(kept):.2f} | {rmse(likeliest):.2f} | {rmse(value):.2f} | {inside} of {len(true)} |"


ONE = ["| collection | n | kept | likeliest | corrected | intervals that hold |", "|---|--:|--:|--:|--:|--:|"]


def _elsewhere(everything: pd.DataFrame, codebook: Codebook) -> list[str]:
    rates = ErrorRates.count(everything, ["newswire"])
    assert rates is not None
    own = everything[everything["collection"] == "own"]
    return [
        "## Where it fails: text of another kind",
        "",
        "The project's own articles argue more obliquely, and each motive is as common as any other there. The rates are of",
        "newswire, as those that travel with the model. Root mean squared error in points:",
        "",
        *ONE,
        _one("own articles, out of fold", own, rates, codebook),
        "",
    ]


def _test(run: Any, everything: pd.DataFrame, codebook: Codebook) -> list[str]:
    rates = ErrorRates.count(everything, ["newswire"])
    test = _labeled(run.predictions, codebook)
    part = test[(test["collection"] == "newswire") & (test["split"] == "test")]
    assert rates is not None
    return ["## Newswire test split, as one collection", "", *ONE, _one("newswire test", part, rates, codebook)]


if __name__ == "__main__":
    main()
