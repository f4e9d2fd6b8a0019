"""What a field reads of what was typed, and what a form may call its fields."""

import pytest

from relmap.web.forms import Form, Text


def test_a_field_that_would_hide_a_part_of_the_form_is_refused():
    with pytest.raises(TypeError, match=r"Bad\.version: a field needs another name"):

        class Bad(Form):
            version = Text("Version")
