"""An experiment: a resolved config with the corpus and the codebook that it names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stance.annotations import agreed, read_all_annotations
from stance.codebook import Codebook, load_codebook
from stance.config import ExperimentConfig, find_upwards, load_config
from stance.corpus import Corpus, load_corpus, read_collection, texts_folder
from stance.errors import ConfigError
from stance.probes import Probe, read_probes
from stance.storage import sha256, to_json
from stance.teacher import Teacher, load_teacher
from stance.traits import describe, read_genres
from stance.weights import read_contested

if TYPE_CHECKING:
    import pandas as pd

GENRES = "genres.json"
NEWSWIRE = "newswire"  # the collection that a teacher labels


@dataclass(frozen=True)
class Experiment:
    """A resolved config with the corpus and codebook it names, its data folder, and the one its run goes to."""

    config: ExperimentConfig
    corpus: Corpus
    codebook: Codebook
    data: Path
    output: Path
    texts: Path | None = None

    @cached_property
    def frame(self) -> pd.DataFrame:
        """The corpus with the traits of each statement, by which scores are sliced; see `stance.traits`."""
        frame = self.corpus.frame
        genres = self.data / "labeled" / GENRES
        traits = describe(frame, read_genres(genres) if genres.is_file() else None)
        votes = read_all_annotations(self.data, dict.fromkeys(frame["collection"]), self.codebook)
        both = frame["statement_id"].map(agreed(votes)).astype(object)
        return frame.assign(**{str(name): traits[name] for name in traits}, agreed=both.where(both.notna(), None))

    @cached_property
    def probes(self) -> list[Probe]:
        """Behavioural probes that the config names; none where it names none."""
        named = self.config.data.probes
        return read_probes(self.data / named, self.codebook) if named else []

    @cached_property
    def contested(self) -> frozenset[str]:
        """Ids of training statements whose annotators disagree; not read where they count like all others."""
        named = self.config.data
        return read_contested(self.data, named.train, self.codebook) if named.disagreement_weight < 1 else frozenset()

    @cached_property
    def teacher(self) -> Teacher | None:
        """The labels of the config's teacher, on news that is here; None where there is no teacher."""
        named = self.config.data
        if named.teacher is None:
            return None
        articles, reason = read_collection(self.data, NEWSWIRE, self.texts)
        frame = self.corpus.frame
        held_out = set(frame["article_id"][frame["split"] == "test"])
        if "validation" not in named.train_splits:
            held_out |= set(frame["article_id"][frame["split"] == "validation"])
        path, weight = self.data / named.teacher, named.teacher_weight
        return load_teacher(path, articles, reason, self.codebook, weight=weight, not_of=held_out)

    @property
    def hash8(self) -> str:
        """Eight hex digits that stand for this config on this state of the data; what to search is no part of it."""
        config = self.config.model_dump(mode="json", exclude={"search"})
        made_of: list[Any] = [config, self.corpus.fingerprint, self.codebook.to_dict(), sorted(self.contested)]
        if self.teacher:
            made_of.append(self.teacher.fingerprint)
        if self.probes:
            made_of.append([asdict(probe) for probe in self.probes])
        return sha256(to_json(made_of))[:8]

    @property
    def run_name(self) -> str:
        """``<name>-<hash8>``: one name for one config on one state of the data."""
        return f"{self.config.name}-{self.hash8}"


def prepare(path: Path, overrides: Sequence[str] = (), texts: Path | str | None = None) -> Experiment:
    """Resolve a config and load its codebook and corpus."""
    config = load_config(path, overrides)
    data = find_upwards(config.data.root, path.resolve().parent)
    if data is None:
        rule = f"data.root: no folder {config.data.root!r} here or in a folder above"
        raise ConfigError(rule, where=path, remedy="Name the project's data folder by --set data.root=DIR.")
    codebook = load_codebook(_codebook_file(config.data.codebook, path))
    collections = tuple(dict.fromkeys((*config.data.train, *config.data.evaluate)))
    folder = texts_folder(texts or config.data.texts)
    corpus = load_corpus(data, codebook, texts=folder, collections=collections, split_by=config.data.split_by)
    # Where the texts lie is a fact of this machine, not of the experiment.
    config = config.model_copy(update={"data": config.data.model_copy(update={"texts": None})})
    data = data.resolve()
    return Experiment(config, corpus, codebook, data, data.parent / config.output, folder)


def _codebook_file(named: str | None, config: Path) -> Path | None:
    """Find a codebook as the data folder is found: from the config's folder upwards."""
    return None if named is None else find_upwards(named, config.resolve().parent) or Path(named)
