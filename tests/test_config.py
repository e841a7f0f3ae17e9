import pytest
from conftest import ROOT

from stance.config import load_config
from stance.errors import ConfigError

DEFAULT = """\
name: default
description: Two blocks of n-grams and a linear SVM.
seed: 0
data:
  root: data
  train: [own, newswire]
  evaluate: [newswire, own, seed]
features:
  - {name: word_tfidf.v1, ngram_range: [1, 2]}
  - {name: char_tfidf.v1, ngram_range: [2, 5], min_df: 2}
model:
  name: linear_svm.v1
  c: 0.5
"""


@pytest.fixture
def config_file(tmp_path):
    def write(text, name="a.yaml"):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write


@pytest.mark.parametrize("path", sorted((ROOT / "experiments" / "configs").glob("*.yaml")), ids=lambda p: p.stem)
def test_every_config_of_the_project_is_sound_and_its_resolved_form_is_itself_a_config(path, config_file):
    config = load_config(path)
    assert config.name == path.stem
    assert load_config(config_file(config.to_yaml())) == config


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "ngram_range: [1, 2]",
            "ngram: [1, 2]",
            "a.yaml:9:27: features.0: unknown key 'ngram'. Did you mean 'ngram_range'?",
        ),
        ("  c: 0.5", "  C: 0.5", "model: unknown key 'C'. Did you mean 'c'?"),
        ("seed: 0", "sede: 0", "a.yaml:3:1: top level: unknown key 'sede'. Did you mean 'seed'?"),
        ("c: 0.5", "c: -1", "model.c: input should be greater than 0, not -1"),
        ("linear_svm.v1", "linear_svn.v1", "unknown name 'linear_svn.v1'. Did you mean 'linear_svm.v1'?"),
        ("name: linear_svm.v1\n", "", "model: key 'name' is missing"),
        ("ngram_range: [1, 2]", "ngram_range: [2, 1]", "features.0: ngram_range must be [low, high]"),
        ("train: [own, newswire]", "train: []", "data.train: tuple should have at least 1 item"),
        ("name: default", "name: Not a name", "name: string should match pattern"),
    ],
)
def test_a_typo_is_named_with_its_line_and_a_suggestion(config_file, old, new, said):
    assert old in DEFAULT
    with pytest.raises(ConfigError) as caught:
        load_config(config_file(DEFAULT.replace(old, new)))
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_overrides_reach_into_mappings_and_lists(config_file):
    config = load_config(config_file(DEFAULT), ["model.c=0.25", "features.1.min_df=3", "data.train=[own]", "seed=7"])
    assert (config.model.c, config.features[1].min_df, config.data.train, config.seed) == (0.25, 3, ("own",), 7)


@pytest.mark.parametrize(
    ("override", "said"),
    [
        ("model.cc=1", "unknown key 'cc'. Did you mean 'c'?"),
        ("nothing", "--set nothing: expected key=value"),
        ("features.9.min_df=1", "no entry '9' in that list"),
        ("seed.x=1", "'seed' holds no keys"),
        ("seed=abc", "seed: input should be a valid integer"),
        ("seed=[", "the value is not YAML"),
    ],
)
def test_a_wrong_override_is_refused(config_file, override, said):
    with pytest.raises(ConfigError) as caught:
        load_config(config_file(DEFAULT), [override])
    assert said in str(caught.value)


def test_extends_merges_mappings_replaces_lists_and_swaps_a_model_whole(config_file):
    config_file(DEFAULT, "base.yaml")
    config = load_config(config_file("extends: base.yaml\nname: child\ndata: {train: [own]}\nmodel: {c: 2}\n"))
    assert (config.data.train, config.data.evaluate[0], config.model.c, len(config.features)) == (
        ("own",),
        "newswire",
        2.0,
        2,
    )
    swapped = load_config(config_file("extends: base.yaml\nname: child\nmodel: {name: majority.v1}\n"))
    assert swapped.model.model_dump() == {"name": "majority.v1"}


def test_a_circle_of_extends_and_a_file_that_is_none_are_refused(config_file, tmp_path):
    with pytest.raises(ConfigError, match="extends itself"):
        load_config(config_file("extends: a.yaml\n"))
    with pytest.raises(ConfigError, match="no such file"):
        load_config(tmp_path / "missing.yaml")
    with pytest.raises(ConfigError, match="cannot be read"):
        load_config(tmp_path)
    with pytest.raises(ConfigError, match="expected a mapping"):
        load_config(config_file("- a\n"))


def test_a_control_character_is_named_with_its_line(config_file):
    with pytest.raises(ConfigError, match=r"a\.yaml:2: not valid YAML: unacceptable character #x0007") as caught:
        load_config(config_file("name: a\nseed: \x07\n"))
    assert "\n" not in str(caught.value)


def test_a_date_that_no_calendar_has_is_refused(config_file):
    with pytest.raises(ConfigError, match="not valid YAML: month must be in"):
        load_config(config_file("name: 2017-99-99\n"))


@pytest.mark.parametrize(
    "path", sorted((ROOT / "experiments" / "configs" / "ablations").glob("*.yaml")), ids=lambda p: p.stem
)
def test_every_ablation_is_sound_and_named_as_one(path):
    assert load_config(path).name == f"ablation-{path.stem}"
