"""Comparing an instrument's texts: the page, its files, its document, and the reasons for amendments."""

import io
import re
import zipfile
from urllib.parse import urlencode

import pytest
from django.urls import reverse

from campaign.documents.models import Document, FrozenText
from campaign.regulations.comparisons import FORMS
from campaign.regulations.exports.formats import WRITING_FORMATS
from campaign.regulations.models import AmendmentJustification, Edition
from campaign.regulations.services import (
    InstrumentFacts,
    adapt_edition,
    discard_draft,
    publish_draft,
    publish_edition,
)
from tests.factories import regulations as make
from tests.factories.accounts import UserFactory
from tests.factories.campaigns import JurisdictionFactory
from tests.regulations.compared import LATER, begun, broken, member, second, team_instrument

pytestmark = pytest.mark.django_db

JUSTIFICATIONS = "/instruments/small-act/draft/justifications/"


def page(**query):
    return f"/instruments/small-act/compare/?{urlencode(query)}"


def download(file_format, **query):
    return f"/instruments/small-act/compare/download/{file_format}/?{urlencode(query)}"


def html_of(response):
    return response.content.decode().replace("\u00a0", " ").replace("selected\n>", "selected>")


@pytest.mark.sqlite
@pytest.mark.parametrize("form", FORMS)
def test_comparison_is_shown_in_every_form(client, form):
    second(team_instrument())

    response = client.get(page(old="1.0", new="1.1", form=form))

    html = html_of(response)
    assert response.status_code == 200
    assert '<div class="writing" lang="en" dir="ltr">' in html
    assert "Old text: Small act, 1.0. New text: Small act, 1.1." in html
    assert "at once" in html
    assert html.count("It is no legal advice.") == 1


def test_comparison_without_a_choice_shows_the_newest_edition_against_its_base(client):
    second(team_instrument())

    html = html_of(client.get("/instruments/small-act/compare/"))

    assert "Old text: Small act, 1.0. New text: Small act, 1.1." in html
    assert '<option value="redline" selected>' in html


def test_comparison_tells_every_change_as_a_sentence(client):
    second(team_instrument())

    html = html_of(client.get(page(old="1.0", new="1.1", form="columns")))

    assert "1 change, as a sentence" in html
    assert "<li>Article 2(1): its words changed.</li>" in html


def test_columns_leave_out_what_is_unchanged_when_asked(client):
    second(team_instrument())

    whole = html_of(client.get(page(old="1.0", new="1.1", form="columns")))
    short = html_of(client.get(page(old="1.0", new="1.1", form="columns", elide="on")))

    assert "to a first thing;" in whole
    assert "to a first thing;" not in short
    assert "unchanged]" in short


@pytest.mark.parametrize(
    ("given", "column"), [({}, "Present text"), ({"proposal": "on"}, "Text proposed by the Commission")]
)
def test_amendments_name_what_the_old_text_is(client, given, column):
    second(team_instrument())

    html = html_of(client.get(page(old="1.0", new="1.1", form="parliament", **given)))

    assert f'<th scope="col" role="columnheader">{column}</th>' in html


def test_comparison_of_an_instrument_with_one_text_says_what_comes_here(client):
    make.published_edition()

    html = html_of(client.get("/instruments/small-act/compare/"))

    assert "There is only one text of this instrument yet." in html


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"old": "1.0", "new": "1.0"}, "Choose two different texts."),
        ({"old": "9.9", "new": "1.1"}, "This text cannot be compared here."),
        ({"old": "1.0", "new": "1.1", "form": "poem"}, "Select a valid choice."),
    ],
)
def test_comparison_with_a_wrong_choice_keeps_the_form(client, given, said):
    second(team_instrument())

    response = client.get(page(**given))

    assert response.status_code == 422
    assert said in html_of(response)
    assert f'<option value="{given["new"]}" selected>' in html_of(response)
    assert client.get(download("txt", **given)).status_code == 404
    assert client.post("/instruments/small-act/compare/pdf/", given).status_code == 404


@pytest.mark.parametrize("address", ["/instruments/none/compare/", "/instruments/none/compare/download/txt/"])
def test_comparison_of_an_instrument_that_is_not_there_is_404(client, address):
    assert client.get(address).status_code == 404


def test_comparison_of_an_instrument_never_published_is_404_for_strangers(client):
    make.EditionFactory(template__slug="small-act")

    assert client.get("/instruments/small-act/compare/").status_code == 404


def test_comparison_with_a_wrong_method_is_405(client):
    second(team_instrument())

    assert client.post("/instruments/small-act/compare/").status_code == 405
    assert client.post("/instruments/small-act/compare/download/txt/").status_code == 405
    assert client.get("/instruments/small-act/compare/pdf/").status_code == 405


# --- An adaptation ----------------------------------------------------------------------


def adaptation_of(template, *, code="KR", locale="en", tradition="eu-regulation", is_published=True):
    edition = template.editions.published().get()
    jurisdiction = JurisdictionFactory(code=code, name=f"Land {code}")
    facts = InstrumentFacts(f"Act of {code}", tradition, locale, "A summary.", "Not legal advice.")
    draft = adapt_edition(
        edition=edition,
        campaign=template.campaign,
        jurisdiction=jurisdiction,
        facts=facts,
        person=UserFactory(),
        at=LATER,
    )
    return publish_edition(edition=draft, at=LATER) if is_published else draft


def test_adaptation_is_compared_with_its_model_and_with_other_adaptations(client):
    template = team_instrument()
    korean, french = adaptation_of(template), adaptation_of(template, code="FR")
    address = f"/instruments/{korean.template.slug}/compare/"

    html = html_of(client.get(address))
    other = client.get(f"{address}?old={french.template.slug}:1.0&new=1.0")

    assert "Old text: Small act, 1.0. New text: Act of KR, 1.0." in html
    assert re.findall(r'<optgroup label="([^"]+)">', html)[:3] == [
        "This instrument",
        "The model",
        "Other adaptations",
    ]
    assert "Old text: Act of FR, 1.0. New text: Act of KR, 1.0." in html_of(other)


def test_form_that_exists_in_english_only_is_refused_in_a_sentence(client):
    template = team_instrument()
    korean = adaptation_of(template, locale="ko", tradition="korean-act")
    address = f"/instruments/{korean.template.slug}/compare/"

    response = client.get(f"{address}?form=striking")
    file = client.get(f"{address}download/txt/?form=striking")

    assert response.status_code == 422
    assert "This form of amendment is written in English only." in html_of(response)
    assert file.status_code == 302
    assert "form=striking" in file.url
    assert FrozenText.objects.filter(kind="regulations.comparison").count() == 0


@pytest.mark.parametrize("item_count", [1, 3])
def test_comparison_takes_a_constant_number_of_queries(client, django_assert_num_queries, item_count):
    template = team_instrument()
    editions = [adaptation_of(template, code=code) for code in ("KR", "FR", "DE")[:item_count]]

    with django_assert_num_queries(4):
        client.get(f"/instruments/{editions[0].template.slug}/compare/")


# --- Files ------------------------------------------------------------------------------


@pytest.mark.parametrize("file_format", WRITING_FORMATS)
def test_comparison_is_downloaded_in_every_format(client, file_format):
    second(team_instrument())

    response = client.get(download(file_format, old="1.0", new="1.1", form="redline"))

    name = WRITING_FORMATS[file_format].file_name("small-act-1.0-1.1-redline")
    content = response.content
    if file_format.startswith("docx"):
        content = zipfile.ZipFile(io.BytesIO(content)).read("word/document.xml")
    assert response.status_code == 200
    assert response["Content-Disposition"] == f'attachment; filename="{name}"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "at once" in content.decode()
    assert (b"<w:ins " in content) == (file_format == "docx-tracked")


def test_comparison_file_that_is_shared_names_its_address(client):
    second(team_instrument())

    response = client.get(download("txt", old="1.0", new="1.1", form="columns", elide="on"))

    address = "http://testserver/instruments/small-act/compare/?old=1.0&new=1.1&form=columns&elide=on"
    assert address in response.content.decode()
    assert client.get(address).status_code == 200


def test_comparison_in_an_unknown_format_is_404(client):
    second(team_instrument())

    assert client.get(download("exe", old="1.0", new="1.1")).status_code == 404


def test_pdf_of_a_comparison_is_ordered_once(client):
    second(team_instrument())
    given = {"old": "1.0", "new": "1.1", "form": "parliament"}

    first = client.post("/instruments/small-act/compare/pdf/", given)
    again = client.post("/instruments/small-act/compare/pdf/", given)

    document = Document.objects.get()
    assert first.url == again.url == reverse("document", args=[document.pk])
    assert (document.kind, document.locale) == ("regulations.comparison", "en")
    assert document.frozen_text.title == "Amendments: Small act, 1.1"
    assert client.get(first.url).status_code == 200


# --- A draft ----------------------------------------------------------------------------


def test_draft_is_compared_by_its_drafters(client):
    template = team_instrument()
    begun(template)
    client.force_login(member(template))

    response = client.get("/instruments/small-act/compare/")

    html = html_of(response)
    assert "New text: Small act, draft of 1.1. A draft is not published and may change." in html
    assert '<option value="draft" selected>' in html
    assert "handed over in secret" in html
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize("address", [page(old="1.0", new="draft"), download("txt", old="draft", new="1.0")])
@pytest.mark.parametrize(("role", "status"), [(None, 404), ("viewer", 403), ("editor", 200)])
def test_draft_is_compared_by_nobody_else(client, address, role, status):
    template = team_instrument()
    begun(template)
    client.force_login(member(template, role) if role else UserFactory())

    assert client.get(address).status_code == status
    client.logout()
    assert client.get(address).url.startswith("/accounts/login/")


def test_strangers_are_not_told_that_there_is_a_draft(client):
    template = second(team_instrument()).template
    before = client.get("/instruments/small-act/compare/").content
    draft = begun(template, words="Another [[period]].")

    after = client.get("/instruments/small-act/compare/").content

    def without_token(html):
        return re.sub(rb"(nonce|csrfmiddlewaretoken)[^>]*", b"", html)

    assert without_token(before) == without_token(after)
    assert draft.label not in after.decode().replace("1.1", "")


def test_draft_that_is_not_sound_is_not_compared_but_told(client):
    template = team_instrument()
    broken(begun(template))
    client.force_login(member(template))

    html = html_of(client.get(page(old="1.0", new="draft")))

    assert "The draft cannot be printed yet." in html
    assert 'href="/instruments/small-act/draft/provisions/duty-return/"' in html
    assert client.get(download("txt", old="1.0", new="draft")).status_code == 302
    assert (
        client.post("/instruments/small-act/compare/pdf/", {"old": "1.0", "new": "draft"}).status_code == 302
    )
    assert not Document.objects.exists()


def ordered_pdf(client, template):
    """The document of a draft's comparison, ordered by one of its drafters, who is signed out again."""
    client.force_login(member(template))
    response = client.post("/instruments/small-act/compare/pdf/", {"old": "1.0", "new": "draft"})
    client.logout()
    document = Document.objects.get()
    assert response.url == reverse("document", args=[document.pk])
    return document


def guarded_addresses(document):
    digest, other = document.frozen_text.digest, Edition.objects.published().first().frozen_text.digest
    return [
        reverse("document", args=[document.pk]),
        reverse("document_state", args=[document.pk]),
        reverse("frozen_text", args=[digest]),
        reverse("frozen_text_json", args=[digest]),
        reverse("frozen_text_changes", args=[digest, other]),
        reverse("frozen_text_changes", args=[other, digest]),
    ]


@pytest.mark.sqlite
@pytest.mark.parametrize("role", ["anonymous", "stranger", "viewer"])
def test_document_of_a_draft_opens_for_nobody_but_its_drafters(client, role):
    template = team_instrument()
    begun(template)
    document = ordered_pdf(client, template)
    if role != "anonymous":
        client.force_login(member(template, role) if role == "viewer" else UserFactory())

    addresses = [*guarded_addresses(document), reverse("document_file", args=[document.pk])]
    found = {address: client.get(address) for address in addresses}

    assert {response.status_code for response in found.values()} == {404}
    assert client.post(addresses[0]).status_code == 404
    assert not any(b"secret" in response.content for response in found.values())


def test_document_of_a_draft_opens_for_its_drafters_and_is_kept_by_no_cache(client):
    template = team_instrument()
    begun(template)
    document = ordered_pdf(client, template)
    client.force_login(member(template))

    found = [client.get(address) for address in guarded_addresses(document)]

    assert [response.status_code for response in found] == [200, 302, 200, 200, 200, 200]
    assert found[3]["Cache-Control"] == "private, no-store"


def test_document_of_a_draft_opens_for_nobody_when_the_instrument_is_gone(client):
    template = team_instrument()
    draft = adaptation_of(template, is_published=False)
    drafter = member(template)
    client.force_login(drafter)
    client.post(f"/instruments/{draft.template.slug}/compare/pdf/")
    address = reverse("document", args=[Document.objects.get().pk])
    found = client.get(address)

    discard_draft(edition=draft, person=drafter, at=LATER)

    assert (found.status_code, client.get(address).status_code) == (200, 404)


def test_document_of_published_texts_opens_for_everybody(client):
    second(team_instrument())
    client.post("/instruments/small-act/compare/pdf/", {"old": "1.0", "new": "1.1"})
    document = Document.objects.get()

    statuses = [client.get(address).status_code for address in guarded_addresses(document)]

    assert statuses == [200, 302, 200, 200, 200, 200]


# --- Reasons ----------------------------------------------------------------------------


def test_justification_is_kept_and_printed_under_its_amendment(client):
    template = team_instrument()
    begun(template)
    client.force_login(member(template))

    response = client.post(JUSTIFICATIONS, {"why:duty-return": "Because it\nis right."})

    stored = AmendmentJustification.objects.get()
    html = html_of(client.get(page(old="1.0", new="draft", form="parliament")))
    assert (response.status_code, response.url) == (302, JUSTIFICATIONS)
    assert (stored.key, stored.text) == ("duty-return", "Because it\nis right.")
    assert ">Justification</h4>" in html or ">Justification</h3>" in html
    assert "Because it" in html


def test_justification_taken_away_is_gone(client):
    template = team_instrument()
    begun(template)
    client.force_login(member(template))
    client.post(JUSTIFICATIONS, {"why:duty-return": "Because."})

    client.post(JUSTIFICATIONS, {"why:duty-return": " ", "initial-why:duty-return": "Because."})

    assert not AmendmentJustification.objects.exists()


def test_justification_over_that_of_another_is_shown_beside_it(client):
    template = team_instrument()
    begun(template)
    client.force_login(member(template))
    typed = {"why:duty-return": "Mine.", "initial-why:duty-return": ""}
    client.post(JUSTIFICATIONS, {"why:duty-return": "Theirs."})

    response = client.post(JUSTIFICATIONS, typed)
    form = response.context["form"]
    stored = AmendmentJustification.objects.get().text
    again = client.post(
        JUSTIFICATIONS, typed | {"initial-why:duty-return": form.data["initial-why:duty-return"]}
    )

    assert (response.status_code, stored) == (422, "Theirs.")
    assert form["why:duty-return"].value() == "Mine."
    assert ">Theirs.</p>" in html_of(response)
    assert (again.status_code, AmendmentJustification.objects.get().text) == (302, "Mine.")


def test_justification_that_another_wrote_meanwhile_is_not_undone(client):
    template = team_instrument()
    begun(template)
    client.force_login(member(template))
    client.post(JUSTIFICATIONS, {"why:duty-return": "Theirs."})

    client.post(JUSTIFICATIONS, {"why:duty-return": "", "initial-why:duty-return": ""})

    assert AmendmentJustification.objects.get().text == "Theirs."


def test_justification_of_what_does_not_change_any_more_is_shown(client):
    template = team_instrument()
    draft = begun(template)
    client.force_login(member(template))
    make.ProvisionFactory(
        edition=draft, key="more", kind="article", heading="More", body="More.", position=90
    )
    before = draft.base.provisions.get(key="duty-return")
    draft.provisions.filter(key="duty-return").update(body=before.body, heading=before.heading)
    typed = {"why:duty-return": "What I wrote.", "why:more": "Because of more."}

    response = client.post(JUSTIFICATIONS, typed)
    stored = AmendmentJustification.objects.count()
    client.post(JUSTIFICATIONS, {"why:more": "Because of more."})

    assert (response.status_code, stored) == (422, 0)
    assert [(is_out, text) for _name, is_out, text in response.context["lost"]] == [(False, "What I wrote.")]
    assert response.context["form"]["why:more"].value() == "Because of more."
    assert AmendmentJustification.objects.get().key == "more"


def test_justification_of_what_is_taken_out_names_it(client):
    template = team_instrument()
    draft = begun(template)
    client.force_login(member(template))
    draft.provisions.filter(key="terms").delete()
    draft.provisions.filter(key="duty-return").update(body="A thing shall be returned within [[period]].")

    response = client.post(JUSTIFICATIONS, {"why:nowhere": "What I wrote."})

    assert response.status_code == 422
    assert response.context["lost"] == [("nowhere", True, "What I wrote.")]
    assert "What I wrote." in html_of(response)


def test_justification_typed_while_the_draft_became_unsound_is_shown(client):
    template = team_instrument()
    draft = begun(template)
    client.force_login(member(template))
    draft.provisions.filter(key="duty-return").delete()  # another provision refers to it

    response = client.post(JUSTIFICATIONS, {"why:duty-return": "What I wrote."})

    assert response.status_code == 422
    assert "What I wrote." in html_of(response)
    assert not AmendmentJustification.objects.exists()


def test_justification_typed_while_the_draft_was_published_is_shown(client):
    template = team_instrument()
    publish_edition(edition=begun(template), at=LATER)
    client.force_login(member(template))

    response = client.post(JUSTIFICATIONS, {"why:duty-return": "What I wrote."})

    assert response.status_code == 409
    assert "What I wrote." in html_of(response)


def test_justification_too_long_keeps_what_was_typed(client):
    template = team_instrument()
    begun(template)
    client.force_login(member(template))

    response = client.post(JUSTIFICATIONS, {"why:duty-return": "x" * 2001})

    assert response.status_code == 422
    assert "x" * 2001 in response.content.decode()
    assert not AmendmentJustification.objects.exists()


def test_justifications_stay_with_the_edition_when_it_is_published(client):
    template = team_instrument()
    draft = begun(template)
    drafter = member(template)
    client.force_login(drafter)
    client.post(JUSTIFICATIONS, {"why:duty-return": "Because it is right."})
    publish_draft(edition=draft, label="1.1", title="T", change_note="", person=drafter, at=LATER)
    client.logout()

    html = html_of(client.get(page(old="1.0", new="1.1", form="parliament")))

    assert "Because it is right." in html


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ("first", "A first edition amends nothing."),
        ("same", "The words of this draft are those of"),
        ("broken", "The draft cannot be printed yet."),
    ],
)
def test_justifications_without_an_amendment_say_why(client, state, said):
    template = team_instrument()
    draft = begun(template, words="Every model shall be returned within [[period]].")
    if state == "first":
        Edition.objects.filter(pk=draft.pk).update(base=None)
    if state == "broken":
        broken(draft)
    client.force_login(member(template))

    assert said in html_of(client.get(JUSTIFICATIONS))


@pytest.mark.parametrize(("role", "status"), [(None, 404), ("viewer", 403), ("editor", 200)])
def test_justifications_are_for_drafters(client, role, status):
    template = team_instrument()
    begun(template)
    client.force_login(member(template, role) if role else UserFactory())

    assert client.get(JUSTIFICATIONS).status_code == status
    client.logout()
    assert client.get(JUSTIFICATIONS).url.startswith("/accounts/login/")


def test_justifications_by_put_are_405(client):
    template = team_instrument()
    begun(template)
    client.force_login(member(template))

    assert client.put(JUSTIFICATIONS).status_code == 405
