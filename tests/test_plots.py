import re
import subprocess
import sys
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from stance.plots import STYLE, _ink_on, confusion_figure, figure_to_svg

MATRIX = [[8, 2, 0], [1, 4, 0], [0, 0, 0]]
NAMES = ["Talks & <talk>", "Costs $5 or $6", "A name that is long enough to wrap"]


def _svg(matrix=MATRIX, labels=NAMES, title="Motive"):
    return figure_to_svg(confusion_figure(matrix, labels, title))


def _texts(svg):
    return [element.text for element in ET.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")]


def test_every_count_name_and_title_is_printed_as_text():
    texts = _texts(_svg())
    assert [text for text in texts if text.isdigit()].count("0") == 5
    assert {"8", "2", "1", "4", "Motive", "Predicted", "Talks & <talk>", "Costs $5 or $6"} <= set(texts)
    assert "Talks & <talk>" in " ".join(texts)
    assert any(text.endswith("(10)") for text in texts)  # statements of a gold label, beside its name


def test_svg_is_equal_from_run_to_run():
    assert _svg() == _svg()


def test_svg_stands_alone_and_leaves_the_page_alone():
    svg = _svg()
    assert svg.startswith("<svg")
    assert "<style" not in svg
    assert "<metadata" not in svg
    assert "<image" not in svg
    assert not re.search(r'(?:href|src)="(?!#)', svg)


def test_two_pictures_share_no_id():
    one, other = (set(re.findall(r' id="([^"]+)"', _svg(title=title))) for title in ("Motive", "Stance"))
    assert not one & other


def test_ids_that_are_used_still_resolve():
    from matplotlib.figure import Figure

    figure = Figure()
    figure.add_subplot().plot([1, 2], [1, 2], "o")
    svg = figure_to_svg(figure)
    used = set(re.findall(r'(?:href="#|url\(#)([^")]+)', svg))
    assert used
    assert used == set(re.findall(r' id="([^"]+)"', svg))


def test_a_label_without_statements_draws_without_warning(recwarn):
    _svg(matrix=np.zeros((3, 3), dtype=int))
    assert not recwarn.list


def test_a_matrix_of_another_size_is_an_error():
    with pytest.raises(ValueError, match="2 labels cannot have the shape"):
        confusion_figure(MATRIX, ["a", "b"], "t")


@pytest.mark.parametrize("share", np.linspace(0, 1, 21))
def test_counts_are_readable_on_every_shade(share):
    from matplotlib import colormaps

    def luminance(rgb):
        channels = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in rgb]
        return 0.2126 * channels[0] + 0.7152 * channels[1] + 0.0722 * channels[2]

    fill = colormaps["Blues"](share)
    ink = {"white": (1, 1, 1), "black": (0, 0, 0)}[_ink_on(np.array(fill))]
    dark, light = sorted([luminance(fill[:3]), luminance(ink)])
    assert (light + 0.05) / (dark + 0.05) >= 4.5


def test_importing_plots_does_not_import_matplotlib():
    code = "import sys, stance.plots; sys.exit('matplotlib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_drawing_leaves_global_settings_alone():
    import matplotlib as mpl

    before = {key: mpl.rcParams[key] for key in STYLE}
    _svg()
    assert {key: mpl.rcParams[key] for key in STYLE} == before
