import pandas as pd

from stance.codebook import Codebook
from stance.tables import terminal_table


def styles(codebook):
    """The style of each stance's cell, in the codebook's order."""
    row = {"statement_index": 0, "heading": "", "text": "x", "source": "", "motive_proba": 0.9, "status": "ok"}
    row["motive"] = codebook.labels("motive")[0]
    table = pd.DataFrame([row | {"stance": stance} for stance in codebook.labels("stance")])
    return [str(cell.style) for cell in terminal_table(table, codebook).columns[-1].cells]


def test_stances_are_styled_by_their_place_whatever_they_are_called(codebook):
    data = codebook.to_dict()
    stance = data["axes"][1]
    stance["labels"] = [label | {"id": f"new_{label['id']}"} for label in stance["labels"]]
    stance["null_label"] = f"new_{stance['null_label']}"
    renamed = Codebook.from_dict(data)
    assert styles(renamed) == styles(codebook)
    assert sorted(styles(renamed)) == ["", "green", "red"]
    assert styles(renamed)[renamed.labels("stance").index(stance["null_label"])] == ""
