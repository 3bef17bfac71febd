from django import forms
from django.http import QueryDict

from campaign.core.forms import keep_typed


class Choices(forms.Form):
    several = forms.MultipleChoiceField(choices=[("a", "A"), ("b", "B")])
    seen = forms.CharField()


def test_keep_typed_keeps_every_choice_and_says_what_the_next_save_goes_over():
    sent = QueryDict("several=a&several=b&seen=old")
    form = Choices(sent)

    keep_typed(form, seen="new")

    assert (form["several"].value(), form["seen"].value()) == (["a", "b"], "new")
    assert sent["seen"] == "old"
