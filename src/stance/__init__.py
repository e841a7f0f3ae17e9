"""Tags every statement of an article with a motive and a stance toward that motive.

Names are imported when they are first used, so that ``import stance`` and ``stance --help`` stay quick.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from stance.articles import Article, read_article, read_articles
    from stance.codebook import Codebook, load_codebook
    from stance.collection import predict_collection
    from stance.compare import Comparison, compare_runs
    from stance.corpus import load_dataset
    from stance.errors import StanceError
    from stance.labeled_train import run_labeled_text
    from stance.latest import latest_run
    from stance.leaderboard import list_runs
    from stance.motive_map import MotiveMap, motive_map
    from stance.predict import Model, load_model
    from stance.reading_view import reading_page
    from stance.runs import Run, load_run
    from stance.statements import Statement, split_statements
    from stance.train import run_experiment

_HOME = {
    "Article": "articles",
    "Codebook": "codebook",
    "Comparison": "compare",
    "Model": "predict",
    "MotiveMap": "motive_map",
    "Run": "runs",
    "StanceError": "errors",
    "Statement": "statements",
    "compare_runs": "compare",
    "latest_run": "latest",
    "list_runs": "leaderboard",
    "load_codebook": "codebook",
    "load_dataset": "corpus",
    "load_model": "predict",
    "load_run": "runs",
    "motive_map": "motive_map",
    "predict_collection": "collection",
    "read_article": "articles",
    "read_articles": "articles",
    "reading_page": "reading_view",
    "run_experiment": "train",
    "run_labeled_text": "labeled_train",
    "split_statements": "statements",
}
__all__ = [
    "Article",
    "Codebook",
    "Comparison",
    "Model",
    "MotiveMap",
    "Run",
    "StanceError",
    "Statement",
    "compare_runs",
    "latest_run",
    "list_runs",
    "load_codebook",
    "load_dataset",
    "load_model",
    "load_run",
    "motive_map",
    "predict_collection",
    "read_article",
    "read_articles",
    "reading_page",
    "run_experiment",
    "run_labeled_text",
    "split_statements",
]
__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'stance' has no attribute {name!r}")
    return getattr(import_module(f"stance.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
