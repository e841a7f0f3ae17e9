"""Experiment configs: typed, closed to unknown keys, extendable and overridable; stored as resolved."""

from __future__ import annotations

from collections.abc import Sequence
from io import StringIO
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from stance.errors import ConfigError
from stance.yamlfile import read_yaml, validate

Split = Literal["validation", "test"]
Field_ = Literal["text", "previous", "following", "heading", "target"]
Context = Literal["previous", "following", "heading"]
Metric = Literal["joint_accuracy", "motive_macro_f1", "stance_macro_f1", "mean"]
ENCODER_NAME = r"^[A-Za-z0-9][A-Za-z0-9._-]*$"  # also the name of its folder


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    def to_yaml(self) -> str:
        """Return the resolved config as YAML; it is itself a config."""
        out = StringIO()
        yaml = YAML()
        yaml.width = 120
        yaml.dump(self.model_dump(mode="json"), out)
        return out.getvalue()


class DataConfig(_Strict):
    """Which labeled statements train, and which are predicted."""

    root: str = Field("data", description="Folder with raw/ and labeled/, sought from the config's folder upwards.")
    texts: str | None = Field(None, description="Folder with the text of others; --texts and STANCE_TEXTS come first.")
    codebook: str | None = Field(None, description="Codebook file; the North Korea codebook where not given.")
    train: tuple[str, ...] = Field(min_length=1, description="Collections whose train split trains.")
    evaluate: tuple[str, ...] = Field(
        min_length=1, description="Collections to predict; the first that is there heads the report."
    )
    train_splits: tuple[Literal["train", "validation"], ...] = Field(
        ("train",), min_length=1, description="Splits that train; with validation, only test is left to evaluate on."
    )
    teacher: str | None = Field(
        None, description="File below data.root with a stronger model's labels on statements nobody annotated."
    )
    teacher_weight: float = Field(1.0, gt=0, description="Weight of those where the teacher is sure.")
    split_by: Literal["article", "outlet", "date"] = Field(
        "article", description="Hold out articles, outlets or the latest."
    )
    also_split_by: tuple[Literal["outlet", "date"], ...] = Field(
        (),
        description="Train again with whole outlets, or the latest, held out, and report those scores beside test.",
    )
    splits: tuple[Split, ...] = Field(
        ("test", "validation"), min_length=1, description="Splits to predict; tune on validation alone."
    )
    probes: str | None = Field(None, description="File below data.root with behavioural probes to try the model on.")
    leave_out_batches: tuple[str, ...] = Field((), description="Batches of labels whose statements do not train.")
    disagreement_weight: float = Field(
        1.0, ge=0, le=1, description="Weight of a training statement whose annotators disagree on its labels."
    )
    resample: bool = Field(False, description="Redraw the training articles with replacement, by the seed.")

    @model_validator(mode="after")
    def _nothing_is_named_twice(self) -> DataConfig:
        if both := sorted({*self.train_splits} & {*self.splits}):
            raise ValueError(f"split {both[0]!r} is in train_splits and in splits: it cannot both train and test")
        if self.teacher and self.split_by != "article":
            raise ValueError("a teacher has seen all outlets and dates: with split_by it must be null")
        if self.also_split_by and self.split_by != "article":
            raise ValueError("also_split_by stands beside a test by article: with another split_by it must be []")
        for key in ("train", "evaluate", "train_splits", "splits", "also_split_by", "leave_out_batches"):
            names = getattr(self, key)
            if twice := sorted({name for name in names if names.count(name) > 1}):
                raise ValueError(f"{key} names {twice[0]!r} twice")
        return self


class _Block(_Strict):
    field: Field_ = Field("text", description="What is read: the statement, a neighbour of it, or its heading.")
    weight: float = Field(1.0, gt=0, description="Scale of this block beside the others.")


class _Tfidf(_Block):
    ngram_range: tuple[int, int] = (1, 1)
    min_df: int = Field(1, ge=1, description="An n-gram must stand in this many training statements.")
    sublinear_tf: bool = True

    @model_validator(mode="after")
    def _range_is_sound(self) -> _Tfidf:
        low, high = self.ngram_range
        if not 1 <= low <= high:
            raise ValueError(f"ngram_range must be [low, high] with 1 <= low <= high, not [{low}, {high}]")
        return self


class WordTfidf(_Tfidf):
    """TF-IDF of word n-grams."""

    name: Literal["word_tfidf.v1"]


class CharTfidf(_Tfidf):
    """TF-IDF of character n-grams within word boundaries."""

    name: Literal["char_tfidf.v1"]


class LexiconFeatures(_Block):
    """Counts of hedges, negation, contrast, attribution, conditions, refusal and agreement; see `stance.lexicon`."""

    name: Literal["lexicon.v1"]


class StaticEmbedding(_Block):
    """Mean of static token vectors; see `stance.encoders`."""

    name: Literal["static_embedding.v1"]
    encoder: str = Field("all-MiniLM-L6-v2-static", pattern=ENCODER_NAME, description="See `stance encoder list`.")


class SentenceEncoder(_Block):
    """Vector of a frozen transformer; see `stance.encoders`."""

    name: Literal["sentence_encoder.v1"]
    encoder: str = Field("all-MiniLM-L6-v2", pattern=ENCODER_NAME, description="See `stance encoder list`.")


class LinearSVMConfig(_Strict):
    """A linear support vector machine for each axis, one label against the rest."""

    name: Literal["linear_svm.v1"]
    c: float = Field(1.0, gt=0, description="Inverse strength of regularisation.")
    class_weight: Literal["balanced"] | None = "balanced"
    stance_given_motive: bool = Field(True, description="Learn stance only from statements that have a motive.")


class FastConfig(_Strict):
    """A linear SVM over words, pairs and characters of the statement and its neighbours; see `stance.fast`."""

    name: Literal["fast.v1"]
    c: float = Field(0.5, gt=0, description="Inverse strength of regularisation.")
    stance_sees: Literal["motive", "nothing"] = Field("motive", description="What the stance head sees besides.")
    context: tuple[Context, ...] = Field(
        ("previous", "following", "heading"), description="What is read around the statement."
    )

    @model_validator(mode="after")
    def _no_context_is_named_twice(self) -> FastConfig:
        if twice := sorted({name for name in self.context if self.context.count(name) > 1}):
            raise ValueError(f"context names {twice[0]!r} twice")
        return self


class FineTunedConfig(_Strict):
    """A pretrained encoder, fine-tuned; see `stance.tuned`. Training needs the extra ``finetune``."""

    name: Literal["fine_tuned.v1"]
    encoder: str = Field("all-MiniLM-L6-v2", description="Bundled name, folder, or model of the Hugging Face hub.")
    context: tuple[Context, ...] = Field(("previous", "following", "heading"), description="What is read besides.")
    epochs: int = Field(4, ge=1)
    learning_rate: float = Field(1e-4, gt=0)
    batch_size: int = Field(32, ge=2)


class Member(_Strict):
    """One classifier of an ensemble."""

    model: Annotated[FastConfig | FineTunedConfig, Field(discriminator="name")]
    weight: float = Field(1.0, gt=0, description="What its scores are multiplied by.")
    seed: int = Field(0, ge=0, description="Added to the experiment's seed, so that members of one kind differ.")


class EnsembleConfig(_Strict):
    """A weighted sum of the scores of several classifiers; see `stance.ensemble`."""

    name: Literal["ensemble.v1"]
    members: tuple[Member, ...] = Field(min_length=2)


class MajorityConfig(_Strict):
    """Baseline: always the most frequent label."""

    name: Literal["majority.v1"]


class KeywordConfig(_Strict):
    """Baseline: the label with the most cues of the codebook in the statement."""

    name: Literal["keyword.v1"]


class DecisionConfig(_Strict):
    """When a prediction is held back."""

    precision: float | None = Field(
        None, gt=0, le=1, description="Share of kept predictions to be right on both axes; sets abstain_below."
    )
    abstain_below: float | None = Field(
        None,
        ge=0,
        le=1,
        description="Status `abstain` where the joint proba is lower; given here, precision sets nothing.",
    )
    min_coverage: float = Field(
        0.5, ge=0, le=1, description="Status `out_of_domain` where fewer of the statement's words are known."
    )
    false_flags: float = Field(
        0.01, ge=0, lt=0.5, description="Share of in-domain statements that may have the status `out_of_domain`."
    )


class SearchConfig(_Strict):
    """What `stance tune` tries: every value of every key with every other, or some of these settings by chance."""

    space: dict[str, Annotated[tuple[Any, ...], Field(min_length=1)]] = Field(
        min_length=1, description="Dotted key, such as model.c, to the values to try."
    )
    metric: Metric = Field("mean", description="What makes a setting the best; mean is that of the other three.")
    trials: int | None = Field(None, ge=1, description="Settings drawn by chance without repeats; all where null.")
    seed: int = Field(0, ge=0, le=2**32 - 1, description="Seeds the draw of settings.")

    @model_validator(mode="after")
    def _no_value_is_named_twice(self) -> SearchConfig:
        for key, values in self.space.items():
            if twice := [value for at, value in enumerate(values) if value in values[:at]]:
                raise ValueError(f"space: {key} names {twice[0]!r} twice")
        return self


FeatureConfig = Annotated[
    WordTfidf | CharTfidf | LexiconFeatures | StaticEmbedding | SentenceEncoder, Field(discriminator="name")
]
ModelConfig = Annotated[
    FastConfig | FineTunedConfig | EnsembleConfig | LinearSVMConfig | MajorityConfig | KeywordConfig,
    Field(discriminator="name"),
]


class ExperimentConfig(_Strict):
    """One experiment: data, features, model and decision."""

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]*$")
    description: str = ""
    seed: int = Field(0, ge=0, le=2**32 - 1)
    data: DataConfig
    features: tuple[FeatureConfig, ...] = ()
    model: ModelConfig
    folds: int | None = Field(
        5,
        ge=2,
        le=20,
        description="Folds by article for out-of-fold predictions and calibration; null calibrates on validation.",
    )
    decision: DecisionConfig = DecisionConfig()
    baselines: tuple[Literal["majority", "keyword"], ...] = ("majority", "keyword")
    search: SearchConfig | None = Field(None, description="What `stance tune` tries; a training run does not read it.")
    output: str = Field("experiments/runs", description="Folder that run directories are written to, beside data.root.")

    @model_validator(mode="after")
    def _statements_have_no_target(self) -> ExperimentConfig:
        if any(block.field == "target" for block in self.features):
            raise ValueError("features read the field 'target', which only an experiment of kind labeled_text has")
        return self

    @model_validator(mode="after")
    def _linear_models_need_features(self) -> ExperimentConfig:
        if self.model.name == "linear_svm.v1" and not self.features:
            raise ValueError("model linear_svm.v1 needs at least one entry in features")
        return self


def load_config(path: Path, overrides: Sequence[str] = ()) -> ExperimentConfig:
    """Read a config file, apply ``extends`` and then overrides, and validate the result.

    Parameters
    ----------
    path : Path
        YAML. ``extends: other.yaml`` takes another file's keys first; mappings are merged, lists are replaced. A
        mapping with another ``name`` (another model) replaces the old one whole.
    overrides : sequence of str
        ``key=value`` with dotted keys (``model.c=0.3``); values are YAML.

    Raises
    ------
    ConfigError
        With the line and, for a mistyped key, the nearest known one.
    """
    return validate(ExperimentConfig, resolve(path, overrides), path, ConfigError)


def resolve(path: Path, overrides: Sequence[str] = ()) -> Any:
    """Return the plain mapping that a config file, what it extends and overrides make, not yet validated."""
    node = _read_extended(path, ())
    for override in overrides:
        _override(node, override)
    return node


def _read_extended(path: Path, seen: tuple[Path, ...]) -> Any:
    if path.resolve() in seen:
        raise ConfigError("extends itself", where=path, remedy="Break the circle of `extends`.")
    node = read_yaml(path, ConfigError)
    if "extends" not in node:
        return node
    base = _read_extended(path.parent / str(node.pop("extends")), (*seen, path.resolve()))
    # Keys are checked against this file first, so that an error names the file and line where it stands.
    _merge(node, base)
    return node


def _merge(node: Any, base: Any) -> None:
    """Fill ``node`` with what only ``base`` has; ``node`` keeps its lines."""
    for key, value in base.items():
        if key not in node:
            node[key] = value
        elif (
            isinstance(node[key], dict)
            and isinstance(value, dict)
            and node[key].get("name") in {None, value.get("name")}
        ):
            _merge(node[key], value)


def _override(node: Any, override: str) -> None:
    where = f"--set {override}"
    key, equals, text = override.partition("=")
    if not equals or not key:
        raise ConfigError("expected key=value", where=where, remedy="For example --set model.c=0.3")
    try:
        value = YAML(typ="safe").load(text)
    except YAMLError:
        raise ConfigError(
            "the value is not YAML", where=where, remedy="Quote it, as in --set 'name=\"a: b\"'."
        ) from None
    *parents, last = key.split(".")
    if any(part.startswith("-") for part in (*parents, last)):
        raise ConfigError("an entry of a list is counted from 0", where=where, remedy="For example features.0.min_df=2")
    for parent in parents:
        try:
            node = node[int(parent)] if isinstance(node, list) else node.setdefault(parent, {})
        except (IndexError, ValueError):
            raise ConfigError(
                f"no entry {parent!r} in that list", where=where, remedy="Count entries from 0."
            ) from None
        if not isinstance(node, (dict, list)):
            raise ConfigError(f"{parent!r} holds no keys", where=where, remedy="See the keys in the config file.")
    try:
        node[int(last) if isinstance(node, list) else last] = value
    except (IndexError, ValueError):
        raise ConfigError(f"no entry {last!r} in that list", where=where, remedy="Count entries from 0.") from None


def find_upwards(relative: str, start: Path) -> Path | None:
    """Return the first ``folder/relative`` that exists, from ``start`` upwards; absolute paths stand for themselves."""
    return next((folder / relative for folder in (start, *start.parents) if (folder / relative).exists()), None)
