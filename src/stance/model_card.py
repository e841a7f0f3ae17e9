"""The model card of a run: what the model is for, what it learned from, what it scores and where it fails.

After Mitchell et al., *Model Cards for Model Reporting* (FAT* 2019).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from stance.wording import format_cell

if TYPE_CHECKING:
    from stance.runs import Run


def render_model_card(run: Run) -> str:
    """Render a run's model card (Markdown); it holds no text of others."""
    metrics, codebook = run.metrics, run.codebook
    train, decision = metrics["data"]["train"], metrics["decision"]
    labels = ", ".join(f"`{label}`" for label in codebook.labels("motive"))
    stances = ", ".join(f"`{label}`" for label in codebook.labels("stance"))
    by_collection = ", ".join(f"{n:,} {name}" for name, n in train["collections"].items())
    learned = f"{train['statements']:,} labeled statements of {train['articles']:,} articles ({by_collection})"
    taught = next((c["resolved"] for c in metrics["data"]["collections"] if c["name"] == "teacher"), 0)
    lines = [
        f"# Model card: {run.manifest['name']}",
        "",
        run.manifest["description"],
        "",
        f"- **Does**: gives every statement of a news article a motive ({labels}) and a stance toward it ({stances}),",
        f"  by codebook {codebook.name} version {codebook.version}, which travels inside the model.",
        f"- **Learned from**: {learned}" + (f", and a larger model's labels on {taught:,} more." if taught else "."),
        "- **Labels**: by language models under the codebook, not by people; see the dataset card.",
        "- **For**: research on how aims are ascribed to a government. A label says what a statement does, not what",
        "  anyone wants. Not for judging persons, and not a count of facts.",
        "- **Limits**: English; one subject; outlets and years it has not seen cost a great deal (see the reports).",
        "  Rare motives rest on few test statements.",
        f"- **Held back**: `abstain` below confidence {decision['abstain_below']}; `out_of_domain` off the subject.",
        f"- **Made by**: run `{run.manifest['run']}`, seed {run.manifest['seed']}.",
        "- **Licence**: Apache-2.0.",
        "",
        "| evaluated on | statements | motive macro-F1 | stance macro-F1 | both right |",
        "|---|--:|---|---|---|",
        *(_row(each) for each in metrics["evaluations"]),
        "",
        "Brackets: 95 % intervals by article.",
    ]
    return "\n".join(lines) + "\n"


def _row(evaluation: dict[str, Any]) -> str:
    cells = " | ".join(format_cell(score) for score in evaluation["headline"].values())
    return f"| {evaluation['collection']} {evaluation['split']} | {evaluation['n_statements']:,} | {cells} |"
