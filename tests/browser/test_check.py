"""The check for robots in a real browser: solved in passing, or waited for."""

import pytest

from campaign.petitions.models import CheckWhen, Petition, SignRequest


@pytest.fixture
def guarded(demo_site):
    Petition.objects.update(check_when=CheckWhen.ALWAYS)
    return Petition.objects.get()


def fill_in(page, petition):
    page.goto(f"/petitions/{petition.slug}/")
    page.get_by_label("Your name").fill("Grace Signer")
    page.get_by_label("E-mail address").fill("grace@example.org")
    page.get_by_label("Country you live in").select_option("SE")
    page.get_by_label("I sign this petition").check()


def press(page):
    page.get_by_role("button", name="Sign the petition").click()


def test_browser_solves_the_check_and_its_person_notices_nothing(visit, guarded):
    visitor = visit(width=360)

    fill_in(visitor.page, guarded)
    press(visitor.page)
    visitor.page.wait_for_url("**/thanks/")

    visitor.check()
    assert SignRequest.objects.count() == 1


def test_browser_solves_the_check_that_came_on_while_somebody_typed(visit, demo_site):
    visitor, petition = visit(width=360), Petition.objects.get()
    visitor.page.clock.install()
    with visitor.page.expect_response("**/check.json") as first:
        fill_in(visitor.page, petition)
    assert first.value.json() == {"needed": False}

    Petition.objects.update(check_when=CheckWhen.ALWAYS)
    visitor.page.clock.fast_forward(6_000)
    press(visitor.page)
    visitor.page.wait_for_url("**/thanks/")

    assert SignRequest.objects.count() == 1


@pytest.mark.parametrize("javascript", [True, False])
def test_browser_that_cannot_solve_it_waits(visit, guarded, settings, javascript):
    settings.CHECK_WAIT_SECONDS = 3
    visitor = visit(width=360, javascript=javascript)
    page = visitor.page
    page.add_init_script("delete Crypto.prototype.subtle")  # as where the site is not reached by HTTPS

    fill_in(page, guarded)
    press(page)
    if javascript:
        visitor.check()
    else:
        press(page)
        assert "That was a little early." in page.inner_text("main")
        page.wait_for_timeout(3_100)
    press(page)  # waits until the button works
    page.wait_for_url("**/thanks/")

    assert SignRequest.objects.count() == 1
