import json

import pytest

from stance.config import load_config
from stance.errors import ConfigError
from stance.search import SEARCH_MD, TRIALS, settings_of, tune

SPACE = "search: {space: {model.c: [0.01, 1, 4], features.0.weight: [0.5, 1]}, metric: joint_accuracy}\n"


@pytest.fixture
def config(project):
    path = project / "tiny.yaml"
    path.write_text(path.read_text(encoding="utf-8") + SPACE, encoding="utf-8")
    return path


def trials_of(search):
    lines = (search.path / TRIALS).read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def test_every_setting_is_tried_and_the_best_is_spelled_as_options(config, project):
    search = tune(config)
    assert search.path.parent == project / "experiments" / "runs"
    assert search.path.name.startswith("tiny-search-")
    assert [trial["setting"]["model.c"] for trial in trials_of(search)] == [0.01, 0.01, 1, 1, 4, 4]
    scores = [trial.score[0] for trial in search.trials]
    assert scores == sorted(scores, reverse=True)
    assert search.trials[0].score[0] == pytest.approx(search.trials[0].headline["joint_accuracy"], abs=1e-6)
    best = search.trials[0].setting
    assert search.overrides == f"--set model.c={best['model.c']} --set features.0.weight={best['features.0.weight']}"
    page = (search.path / SEARCH_MD).read_text(encoding="utf-8")
    assert page.count("| `model.c=") == 6
    assert search.overrides in page


def test_no_test_statement_is_ever_predicted(config, monkeypatch):
    from stance import fitting, search

    seen = []

    def watch(classifier, frame, config):
        seen.extend(frame["split"])
        return fitting.predict_frame(classifier, frame, config)

    monkeypatch.setattr(search, "predict_frame", watch)
    found = tune(config, overrides=["data.splits=[test]"])
    assert set(seen) == {"validation"}
    predicted = set(trials_of(found)[0]["predicted"])
    assert predicted == {f"article-{article:02d}#{at}" for article in range(10) for at in range(4)}


def test_a_draw_has_no_repeats_follows_the_seed_and_grows(config):
    def draw(*overrides):
        return settings_of(load_config(config, overrides), config)

    four = draw("search.trials=4")
    assert len({json.dumps(setting) for setting in four}) == 4
    assert draw("search.trials=5")[:4] == four
    assert any(draw("search.trials=4", f"search.seed={seed}") != four for seed in (1, 2, 3))
    assert draw("search.trials=99") == draw("search.trials=null")


def test_an_interrupted_search_loses_only_the_trial_in_progress_and_goes_on(config, monkeypatch):
    def interrupt(what, *_):
        if "trial 3 of 6" in what and "fold 2" in what:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        tune(config, progress=interrupt)
    trained = []
    search = tune(config, progress=lambda what, *_: trained.append(what))
    assert not any(what.startswith(("trial 1 ", "trial 2 ")) for what in trained)
    assert any("best so far" in what for what in trained)
    assert len(trials_of(search)) == 6
    trained.clear()
    again = tune(config, overrides=["search.metric=mean"], progress=lambda what, *_: trained.append(what))
    assert trained == ["reading the corpus"]
    assert again.path == search.path


def test_the_search_is_no_part_of_a_training_runs_name(config):
    from stance.experiment import prepare

    assert (
        prepare(config).run_name
        == prepare(config, ["search.trials=1"]).run_name
        == prepare(config, ["search=null"]).run_name
    )


@pytest.mark.parametrize(
    ("override", "said"),
    [
        ("search=null", "tiny.yaml: has no section search"),
        ("search.space={model.cc: [1]}", "search.space: model.cc=1: model: unknown key 'cc'. Did you mean 'c'?"),
        ("search.space={modle.c: [1]}", "search.space: 'modle.c' is not a key to search. Did you mean 'model'?"),
        ("search.space={folds: [2, 3]}", "search.space: 'folds' is not a key to search. Known: "),
        ("search.space={model.c: [high]}", "search.space: model.c=high: model.c: input should be a valid number"),
        ("search.space={model.c: [.inf]}", "model: input should be a valid number"),
        ("search.space={features.7.min_df: [2]}", "no entry '7' in that list"),
        ("search.space={model.c: []}", "search.space.model.c: tuple should have at least 1 item"),
        ("search.space={model.c: 1}", "search.space.model.c: input should be a valid tuple"),
        ("search.space={model.c: [1, 1]}", "search: space: model.c names 1 twice"),
        ("search.space={}", "search.space: dictionary should have at least 1 item"),
        ("search.metric=f1", "search.metric: input should be 'joint_accuracy', 'motive_macro_f1'"),
        ("search.trials=0", "search.trials: input should be greater than or equal to 1"),
    ],
)
def test_a_search_that_makes_no_sense_is_refused_in_one_line_before_any_training(
    config, project, monkeypatch, override, said
):
    monkeypatch.setattr("stance.search.fit_experiment", None)
    with pytest.raises(ConfigError) as caught:
        tune(config, overrides=[override])
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)
    assert not (project / "experiments").exists()
