"""Predict: articles in, a table out."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stance.articles import Article, check_characters, read_articles
from stance.classifier import FIELDS, TwoAxisClassifier
from stance.codebook import Codebook
from stance.config import DecisionConfig
from stance.decision import statuses
from stance.domain import windows
from stance.error_rates import ErrorRates
from stance.errors import ModelError
from stance.language import LANGUAGES, identify
from stance.persist import HEADER, read_model
from stance.presets import FAST, PRESETS, preset_folder
from stance.runs import MODEL
from stance.sources import Speaker, speakers
from stance.statements import Statement, split_statements

if TYPE_CHECKING:
    import pandas as pd

    from stance.explanations import Explanation

COLUMNS = {
    "article_id": "str", "statement_index": "int64", "start": "int64", "end": "int64", "heading": "str", "text": "str",
    "source": "str", "motive": "str", "motive_proba": "float64", "stance": "str", "stance_proba": "float64",
    "status": "str", "evidence": "str",
}  # fmt: skip

DETAILS = ("affiliation", "outlet", "date", "title")  # columns on request: of the source, and of its article

Input = str | Path | Article


@dataclass(frozen=True)
class Model:
    """A trained model, ready to predict. Get one from `load_model`."""

    name: str
    classifier: TwoAxisClassifier
    decision: DecisionConfig
    folder: Path | None = None  # where it was loaded from, for other processes to load it as well

    @property
    def codebook(self) -> Codebook:
        """The codebook that the labels are of."""
        return self.classifier.codebook

    @property
    def rates(self) -> ErrorRates | None:
        """How often the model errs, by which counts are corrected; None for a model that was trained without."""
        return self.classifier.rates

    def predict(self, articles: Input | Iterable[Input], *, proba: bool = False, details: bool = False) -> pd.DataFrame:
        """Predict every statement of one or more articles.

        Parameters
        ----------
        articles : str, pathlib.Path, Article, or an iterable of these
            A str is always text; a Path is always a file (or a collection or folder of them). A single text has the
            id ``text``; texts in an iterable have the ids ``text-1``, ``text-2`` ... by their place.
        proba : bool
            Add a column ``proba_<axis>_<label>`` for every label.
        details : bool
            Add columns with the source's ``affiliation`` and the article's ``outlet``, ``date`` and ``title``, which
            the motive map groups by.

        Returns
        -------
        pandas.DataFrame
            One row a statement, in reading order; columns and dtypes as in `COLUMNS`, for zero rows too.
            ``text`` is ``article.text[start:end]``. ``stance_proba`` is the proba that the stance is right, whatever
            the motive. The null motive always comes with the null stance. ``status`` is ``out_of_domain`` for every
            statement of an article that is off the subject as a whole or in another language than training (which the
            logger ``stance`` tells too), and for a statement whose words are unknown.

        Raises
        ------
        ArticleError
            If a file cannot be read as an article, or a text holds half a character (a lone surrogate).
        """
        statements: list[Statement] = []
        sources: list[Speaker] = []
        contexts: list[str] = []
        known: list[Article] = []
        for article in _articles(articles):
            check_characters("articles", id=article.id, text=article.text, outlet=article.outlet)
            found = split_statements(article)
            statements += found
            sources += speakers(found, outlet=article.outlet, title=article.title)
            context = " ".join(s.text for s in found)
            self._notice_language(article.id, context)
            contexts += [context] * len(found)
            known += [article] * len(found)
        table = self._table(statements, sources, proba, contexts)
        if not details:
            return table
        more = {name: [getattr(article, name) for article in known] for name in DETAILS[1:]}
        return table.assign(affiliation=[source.affiliation for source in sources], **more).astype(
            dict.fromkeys(DETAILS, "str")
        )

    def predict_statements(
        self,
        texts: Sequence[str],
        previous: Sequence[str] | None = None,
        following: Sequence[str] | None = None,
        headings: Sequence[str] | None = None,
        *,
        ids: Sequence[str] | None = None,
        proba: bool = False,
    ) -> pd.DataFrame:
        """Predict statements given one by one, each a text of its own.

        Parameters
        ----------
        texts, previous, following, headings, ids : sequence of str
            The statements, their neighbours, their headings and their ids; all of one length.
        proba : bool
            As in `predict`.

        Returns
        -------
        pandas.DataFrame
            As from `predict`: one row for each text, in order; ``article_id`` is the id, ``start`` is 0. Whether a
            statement is off the subject is judged by itself, its neighbours and its heading.

        Raises
        ------
        ValueError
            If a sequence is of another length than ``texts``, or ``texts`` is a single string.
        ArticleError
            If a text holds half a character (a lone surrogate).
        """
        if isinstance(texts, str):
            raise ValueError("texts must be a sequence of strings, not one string: write [text]")
        blank = [""] * len(texts)
        context = {"previous": previous, "following": following, "headings": headings, "ids": ids}
        for name, values in context.items():
            if values is not None and len(values) != len(texts):
                raise ValueError(f"{name} has {len(values)} entries, and texts has {len(texts)}")
        columns = (blank if values is None else values for values in (ids, texts, headings, previous, following))
        rows = zip(*columns, strict=True)
        statements = [
            Statement(id_, index, 0, len(text), text, heading, before, after)
            for index, (id_, text, heading, before, after) in enumerate(rows)
        ]
        for each in statements:
            fields = {name: getattr(each, name) for name in ("article_id", "text", "heading", "previous", "following")}
            check_characters(f"texts[{each.index}]", **fields)
        sources = [speakers([statement], outlet="")[0] for statement in statements]
        return self._table(statements, sources, proba)

    def explain(self, articles: Input | Iterable[Input], *, statement: int | None = None) -> list[Explanation]:
        """Explain the labels and the status of every statement; see `stance.explanations.explain`.

        Parameters
        ----------
        articles : str, pathlib.Path, Article, or an iterable of these
            As for `predict`.
        statement : int, optional
            Only the statement with this index of each article, counted from 0 as in the column ``statement_index``.

        Returns
        -------
        list of Explanation
            In the order of `predict`'s rows.
        """
        from stance.explanations import explain

        return explain(self, _articles(articles), statement=statement)

    def _notice_language(self, article_id: str, text: str) -> None:
        """Tell that an article is in a language that the model does not read."""
        domain = self.classifier.domain
        if domain and domain.is_foreign(text):
            rule = "%s: is in %s, and this model reads %s: no label of it is to be used"
            names = [LANGUAGES.get(code, code) for code in (identify(text), domain.language)]
            logging.getLogger("stance").warning(rule, article_id, *names)

    def _table(
        self, statements: list[Statement], sources: list[Speaker], proba: bool, contexts: list[str] | None = None
    ) -> pd.DataFrame:
        import pandas as pd

        fields = ("article_id", "start", "end", "heading", "text")
        columns: dict[str, Any] = {name: [getattr(s, name) for s in statements] for name in fields}
        columns |= {"statement_index": [s.index for s in statements], "source": [source.name for source in sources]}
        columns |= self._predict_columns(statements, contexts) if statements else {}
        dtypes = self._columns(proba)
        return pd.DataFrame(columns).reindex(columns=list(dtypes)).astype(dtypes)

    def _predict_columns(self, statements: list[Statement], contexts: list[str] | None) -> dict[str, Any]:
        import pandas as pd

        frame = pd.DataFrame({name: [getattr(s, name) for s in statements] for name in FIELDS})
        decision = self.classifier.decide(self.classifier.scores(frame))
        outside = self.classifier.outside(list(frame["text"]), contexts or windows(frame), self.decision.min_coverage)
        columns: dict[str, Any] = {
            "motive": decision.motive,
            "motive_proba": decision.motive_proba,
            "stance": decision.stance,
            "stance_proba": decision.stance_proba,
            "status": statuses(decision.joint_proba, outside, self.decision.abstain_below),
            "evidence": self.classifier.evidence(frame, decision.motive),
        }
        for axis in self.codebook.axes:
            for at, label in enumerate(self.codebook.labels(axis)):
                columns[f"proba_{axis}_{label}"] = decision.proba[axis][:, at]
        return columns

    def _columns(self, proba: bool) -> dict[str, str]:
        labels = [(axis, label) for axis in self.codebook.axes for label in self.codebook.labels(axis)] if proba else []
        return COLUMNS | {f"proba_{axis}_{label}": "float64" for axis, label in labels}


def _articles(given: Input | Iterable[Input]) -> Iterable[Article]:
    if isinstance(given, Article):
        yield given
    elif isinstance(given, str):
        yield Article.from_text(given)
    elif isinstance(given, Path):
        yield from read_articles(given)
    elif isinstance(given, (bytes, Mapping)) or not isinstance(given, Iterable):
        kinds = "str, pathlib.Path, Article or an iterable of these"
        raise TypeError(f"articles must be {kinds}, not {type(given).__name__}")
    else:
        for number, each in enumerate(given, 1):
            yield from [Article.from_text(each, id=f"text-{number}")] if isinstance(each, str) else _articles(each)


def load_model(model: Path | str = FAST) -> Model:
    """Load a model.

    Parameters
    ----------
    model : path or str
        ``"fast"``, which ships with the package; ``"accurate"``, once it has been made on this machine; or a run
        directory, or the ``model`` folder in one. A `pathlib.Path` is always a folder.

    Raises
    ------
    ModelError
        If there is no sound model of ours there, or the preset has not been made; says how to make it.
    """
    folder = preset_folder(str(model)) if isinstance(model, str) and model in PRESETS else Path(model)
    if not folder.is_dir():
        remedy = f"Give a run directory that `stance train` printed, or one of {', '.join(PRESETS)}."
        raise ModelError("no such folder", where=folder, remedy=remedy)
    folder = folder / MODEL if (folder / MODEL / HEADER).is_file() else folder
    return Model(*read_model(folder), folder)
