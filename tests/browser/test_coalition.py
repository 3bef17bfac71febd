"""A coalition in the browser alone: two organizations prove themselves, endorse two texts, and read what changed."""

from pathlib import Path

import pytest

from campaign.petitions.models import Petition
from tests.browser.conftest import DEADLINE
from tests.name_server import name_server, says

pytestmark = pytest.mark.usefixtures("workers")
INSTRUMENT = "eu-model-return-regulation"
TEMPLATE = Path(__file__).parents[2] / "campaign/regulations/data/eu-model-return-regulation.yaml"
LEAD, DRAFTER, STAFF = (
    "lead@commons-lab.example",
    "drafter@archive-guild.example",
    "moderator@this-site.example",
)


@pytest.fixture
def dns(monkeypatch):
    """The name server that the workers ask. It says what the test tells it."""
    with name_server(says()) as server:
        monkeypatch.setenv("RECLAIM_DNS_SERVERS", f"{server.address.host}:{server.address.port}")
        yield server


@pytest.fixture
def workers(dns, workers):
    return workers


def sign_in(visitor, mail):
    page = visitor.go("/accounts/login/")
    page.locator("input[type=email]").fill(mail)
    page.locator("input[type=password]").fill("a demo password")
    page.locator("main form").first.get_by_role("button").first.click()
    return visitor.check()


def press(visitor, name):
    visitor.page.get_by_role("button", name=name).first.click()
    return visitor.check()


def follow(visitor, name):
    visitor.page.get_by_role("link", name=name).first.click()
    return visitor.check()


def open_link(visitor, text, part):
    """Wait for a mail with `text` on the development page, and open the newest link that holds `part`."""
    visitor.go("/dev/mail/")
    visitor.reload_until(text)
    mail = visitor.page.locator("main a[href*='" + part + "']").first
    mail.click()
    return visitor.check()


def add_organization(visitor, *, name, domain):
    page = visitor.go("/organizations/new/")
    page.get_by_label("Legal name").fill(f"{name} e.V.")
    page.get_by_label("Name to show").fill(name)
    page.get_by_label("Kind").select_option("ngo")
    page.get_by_label("Country of seat").select_option("DE")
    page.get_by_label("Website").fill(f"https://{domain}")
    page.locator("main form.form button[type=submit]").last.click()
    return visitor.check()


def state_mandate(visitor, *, mail, way):
    page = visitor.page
    page.get_by_label("Name of the person who may sign").fill("Sam Signatory")
    page.get_by_label("Their function").fill("Director")
    page.get_by_label("Their mail address").fill(mail)
    page.get_by_label(way).check()
    page.get_by_label("This person is authorized").check()
    return press(visitor, "State this")


def test_two_organizations_prove_themselves_endorse_read_the_change_and_answer(visit, dns):
    first, second, team = visit(), visit(), visit()
    sign_in(first, LEAD)
    sign_in(second, DRAFTER)

    # One by mail, one by a record of its domain.
    add_organization(first, name="Open Shelf", domain="openshelf.example")
    state_mandate(first, mail=LEAD.replace("commons-lab", "openshelf"), way="By mail")
    reader = visit(width=360)
    open_link(reader, "openshelf.example", "/mandates/")
    press(reader, "Yes, I am authorized")
    add_organization(second, name="Night Readers", domain="nightreaders.example")
    page = state_mandate(second, mail="chair@nightreaders.example", way="By a record")
    press(second, "Look now")
    second.reload_until("not there yet")
    dns.behavior = says(page.locator("#record-value").inner_text())
    second.page.wait_for_timeout(16_000)  # it is looked up at most once in a while
    press(second, "Look now")
    page.get_by_role("link", name="To the organization").wait_for(timeout=DEADLINE * 1000)
    second.check()
    directory = visit().go("/organizations/").inner_text("main")
    assert "Open Shelf" in directory
    assert "Night Readers" in directory

    # A petition that is still a draft, and an instrument, are endorsed by both: by mail, without an account.
    sign_in(team, LEAD)
    page = team.go("/campaigns/return-the-models/petitions/new/")
    page.get_by_label("Title").fill("Give it back")
    page.get_by_label("What is asked").fill("Return the models within two years.")
    page.locator("[name=addressee]").select_option(index=1)
    page.locator("[name=closing_date]").fill("2030-05-01")
    press(team, "Save the draft")
    press(team, "Fix this text for endorsements")
    petition = team.page.get_by_role("link", name="The page for organizations").get_attribute("href")
    edition = visit().go(f"/instruments/{INSTRUMENT}/")
    instrument = edition.get_by_role("link", name="Sign for your organization").get_attribute("href")
    for address in (petition, instrument):
        endorse(visit, address, name="Open Shelf", domain="openshelf.example")
        endorse(visit, address, name="Night Readers", domain="nightreaders.example")
    call = team.page.url
    team.go(call)
    assert "2 organizations stand behind it" in team.page.inner_text("main")

    # Both texts change.
    draft = Petition.objects.get(title="Give it back")
    page = team.go(f"/petitions/{draft.slug}/edit/")
    page.get_by_label("What is asked").fill("Return the models within one year.")
    press(team, "Save the draft")
    press(team, "Fix the new text and ask again")
    assert "0 organizations stand behind it" in team.page.inner_text("main")
    staff = visit()
    sign_in(staff, STAFF)
    publish_edition(staff)

    # Both see the redline. One renews, one does not; then the first takes it back.
    signatory, other = visit(width=360, scheme="dark"), visit()
    page = open_renewal(signatory, "Open Shelf")
    assert "two years" in page.locator("main del").all_inner_texts()[0] or "two" in page.inner_text("main")
    page.get_by_label("I am authorized").check()
    press(signatory, "Stand behind the new text")
    assert "Open Shelf stands behind this text" in signatory.page.inner_text("main")
    open_renewal(other, "Night Readers")
    press(other, "Not this text")
    assert "You do not stand behind the new text" in other.page.inner_text("main")
    team.go(call)
    assert "1 organization stands behind it" in team.page.inner_text("main")
    follow(signatory, "Withdraw the endorsement")
    press(signatory, "Withdraw our endorsement")
    team.go(call)
    assert "0 organizations stand behind it" in team.page.inner_text("main")


def endorse(visit, address, *, name, domain):
    """Somebody without an account signs for an organization that is here already, and confirms in its mailbox."""
    visitor = visit()
    page = visitor.go(address)
    page.get_by_label("Legal name").fill(f"{name} e.V.")
    page.get_by_label("Name to show").fill(name)
    page.get_by_label("Kind").select_option("ngo")
    page.get_by_label("Country of seat").select_option("DE")
    page.get_by_label("Website").fill(f"https://{domain}")
    page.get_by_label("Your name").fill("Sam Signatory")
    page.get_by_label("Your function").fill("Director")
    mail = f"sign-{address.split('/')[2][:6]}@{domain}"
    page.get_by_label("Your mail address").fill(mail)
    page.get_by_label("I am authorized").check()
    page.get_by_label("may be published").check()
    press(visitor, "Send the link")
    open_link(visitor, mail, "/endorsements/")
    press(visitor, "Confirm and publish the name")
    assert f"{name} stands behind this text" in visitor.page.inner_text("main")


def publish_edition(visitor):
    """The next edition of the instrument, as a file: one period is shorter."""
    text = TEMPLATE.read_text()
    changed = text.replace('label: "1.1"', 'label: "1.2"\n  base: "1.1"', 1)
    changed = changed.replace('default: "24 months"', 'default: "18 months"', 1)
    assert changed != text
    page = visitor.go("/instruments/import/")
    page.locator("input[type=file]").set_input_files(
        {"name": "edition.yaml", "mimeType": "application/yaml", "buffer": changed.encode()}
    )
    press(visitor, "Check the file and publish the edition")
    assert "1.2" in page.inner_text("main")


def open_renewal(visitor, name):
    """The newest question to an organization about the petition."""
    visitor.go("/dev/mail/")
    visitor.reload_until(f"{name} endorsed “Give it back”")
    mail = visitor.page.locator("main article, main li", has_text=f"{name} endorsed “Give it back”").first
    mail.locator("a[href*='/renew/']").first.click()
    return visitor.check()
