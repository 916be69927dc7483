"""Charts: what they say is text, and nothing in them is what a page may not have."""

import re

import pytest
from tracepro_pages.charts import bars, lines

EVIL = "</script><b onload=x>"


@pytest.mark.parametrize("draw", [bars, lines])
def test_a_chart_has_neither_script_nor_style_and_shows_what_it_is_given_as_text(draw):
    drawn = draw(EVIL, [EVIL, "2"], {EVIL: [1, 2], "Failed": [3, None]})
    assert not re.search(r"<script|<style|style=|<!--|<b ", drawn)
    assert drawn.count("&lt;/script&gt;") >= 3


def test_a_chart_is_read_out_by_its_title_and_two_of_a_page_have_no_id_in_common():
    drawn = bars("Units", ["10"], {"Passed": [1], "Failed": [2]}, stacked=True)
    assert 'role="img" aria-label="Units"' in drawn and "id=" not in drawn
