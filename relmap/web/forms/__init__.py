"""Forms: fields with their errors, what was typed kept, and no save over a colleague's.

class PolicyForm(Form):
    rotation_months = WholeNumber("Rotation after, in months", most=600)

form = PolicyForm(account)                            # as it is on record
form = PolicyForm(account, sent=True)                 # as somebody sent it back
if saved(form, lambda: change_account(account, form.said)): ...
docs/forms.md says more.
"""

from relmap.web.forms.fields import (
    Choice,
    Day,
    Field,
    Fraction,
    Secret,
    Text,
    Tick,
    Watched,
    WholeNumber,
)
from relmap.web.forms.form import Form
from relmap.web.forms.saving import saved

__all__ = [
    "Choice",
    "Day",
    "Field",
    "Form",
    "Fraction",
    "Secret",
    "Text",
    "Tick",
    "Watched",
    "WholeNumber",
    "saved",
]
