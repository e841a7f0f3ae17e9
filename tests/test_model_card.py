from stance.model_card import render_model_card
from stance.train import run_experiment


def test_the_card_says_what_the_model_learned_from_and_what_it_scores(project):
    run = run_experiment(project / "tiny.yaml")
    card = render_model_card(run)
    assert card == (run.path / "model_card.md").read_text(encoding="utf-8")
    assert "32 labeled statements of 8 articles (32 own)" in card
    score = run.metrics["evaluations"][0]["headline"]["joint_accuracy"]["value"]
    assert f"{score:.2f}" in card
    assert "not by people" in card
    assert str(project) not in card
