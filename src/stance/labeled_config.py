"""Configs of experiments on any labeled text: one text column, one label column, perhaps a target column."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, model_validator

from stance.config import CharTfidf, Split, WordTfidf, _Strict, resolve
from stance.errors import ConfigError, did_you_mean
from stance.yamlfile import validate

KIND = "labeled_text"


class HubSplit(_Strict):
    """One split of a Hugging Face dataset."""

    dataset: str = Field(description="Id on the hub, or a local folder of one.")
    split: str
    config: str | None = Field(None, description="Configuration of the dataset, where it has several.")


Source = str | HubSplit


class LabeledDataConfig(_Strict):
    """Where rows are, and which of their columns are read.

    A file (.jsonl, .csv or .parquet) is sought in the texts folder, then beside the config.
    """

    train: Source
    validation: Source | None = Field(None, description="Without it, train is predicted out of fold in its place.")
    test: Source
    text: str = Field("text", description="Column of the text.")
    label: str = Field("label", description="Column of the label; labels are read as strings.")
    target: str | None = Field(None, description="Column of what the label is about, such as the stance's target.")
    id: str | None = Field(None, description="Column of the row's id; its split and number where not given.")
    splits: tuple[Split, ...] = Field(
        ("test", "validation"), min_length=1, description="Splits to predict; tune on validation alone."
    )


class SentencePair(_Strict):
    """Embeddings of text and target, their product and their difference; see `stance.sentence_pair`."""

    name: Literal["sentence_pair.v1"]
    encoder: str = Field("all-MiniLM-L6-v2", description="Name of an encoder that is there.")
    weight: float = Field(1.0, gt=0, description="Scale of this block beside the others.")
    field: ClassVar[list[str]] = ["text", "target"]


class LinearSVMHead(_Strict):
    """A linear support vector machine, one label against the rest."""

    name: Literal["linear_svm.v1"]
    c: float = Field(1.0, gt=0, description="Inverse strength of regularisation.")
    class_weight: Literal["balanced"] | None = "balanced"


class LogisticHead(_Strict):
    """Multinomial logistic regression."""

    name: Literal["logistic.v1"]
    c: float = Field(1.0, gt=0, description="Inverse strength of regularisation.")
    class_weight: Literal["balanced"] | None = "balanced"


TextFeature = Annotated[WordTfidf | CharTfidf | SentencePair, Field(discriminator="name")]
HeadConfig = Annotated[LinearSVMHead | LogisticHead, Field(discriminator="name")]


class SystemConfig(_Strict):
    """Features and model of one system."""

    features: tuple[TextFeature, ...] = ()
    model: HeadConfig


class Published(_Strict):
    """A figure that others report on the same test split."""

    system: str
    macro_f1: float | tuple[float, float] = Field(description="One figure, or the lowest and highest reported.")
    source: str


class LabeledTextConfig(_Strict):
    """One experiment on any labeled text."""

    kind: Literal["labeled_text"]
    name: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]*$")
    description: str = ""
    seed: int = Field(0, ge=0, le=2**32 - 1)
    data: LabeledDataConfig
    features: tuple[TextFeature, ...] = ()
    model: HeadConfig
    baseline: SystemConfig = Field(description="The system that this one is compared to, trained on the same rows.")
    folds: int = Field(5, ge=2, le=20, description="Folds by text, where out-of-fold stands in for validation.")
    published: tuple[Published, ...] = Field((), description="Figures printed beside the run's own.")
    output: str = Field("experiments/runs", description="Folder for run directories, beside the project's data folder.")

    @model_validator(mode="after")
    def _features_read_what_is_there(self) -> LabeledTextConfig:
        read: list[str] = []
        for system in (self.system, self.baseline):
            if not system.features:
                raise ValueError(f"model {system.model.name} needs at least one entry in features")
            for block in system.features:
                read += block.field if isinstance(block, SentencePair) else [block.field]
        allowed = {"text", "target"} if self.data.target else {"text"}
        if unknown := sorted(set(read) - allowed):
            raise ValueError(f"features read the field {unknown[0]!r}, and data names no such column")
        return self

    @property
    def system(self) -> SystemConfig:
        """Features and model of the experiment itself."""
        return SystemConfig(features=self.features, model=self.model)


def is_labeled_text(path: Path, overrides: Sequence[str] = ()) -> bool:
    """Tell whether a config file says ``kind: labeled_text``; without a kind it is an experiment on the corpus.

    Raises
    ------
    ConfigError
        If the file cannot be read, or says another kind.
    """
    node = resolve(path, overrides)
    if "kind" in node and node["kind"] != KIND:
        raise ConfigError(f"unknown kind {node['kind']!r}", where=path, remedy=did_you_mean(str(node["kind"]), [KIND]))
    return "kind" in node


def load_labeled_config(path: Path, overrides: Sequence[str] = ()) -> LabeledTextConfig:
    """Read a config of kind ``labeled_text``; see `stance.config.load_config`."""
    node: Any = resolve(path, overrides)
    return validate(LabeledTextConfig, node, path, ConfigError)
