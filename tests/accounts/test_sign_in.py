import re

import pytest
from django.core import mail as outbox
from django.urls import reverse
from django.utils import timezone

from campaign.accounts.models import User
from campaign.mailing.models import OutgoingMail
from campaign.mailing.services import pump_mail
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db
PASSWORD = "a long enough pass phrase"


def sent_code():
    pump_mail(at=timezone.now())
    return re.search(r"^\s*([A-Z0-9]{4,}(?:-[A-Z0-9]{4,})?)\s*$", outbox.outbox[-1].body, re.MULTILINE).group(
        1
    )


def test_sign_up_confirms_the_address_by_code(client):
    client.post(reverse("account_signup"), {"email": "new@example.org", "password1": PASSWORD})
    assert outbox.outbox == []

    client.post(reverse("account_email_verification_sent"), {"code": sent_code()})

    assert client.get(reverse("desk")).status_code == 200
    assert User.objects.get().email == "new@example.org"


def test_sign_in_by_password(client):
    user = UserFactory()
    user.set_password(PASSWORD)
    user.save()

    response = client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})

    assert response.url == reverse("desk")


def test_sign_in_by_code(client):
    user = UserFactory()
    client.post(reverse("account_request_login_code"), {"email": user.email})

    client.post(reverse("account_confirm_login_code"), {"code": sent_code()})

    assert client.get(reverse("desk")).status_code == 200


@pytest.mark.parametrize("page", ["account_signup", "account_request_login_code", "account_reset_password"])
def test_known_and_unknown_addresses_get_the_same_answer(client, page):
    UserFactory(email="known@example.org")
    answers = set()

    for email in ("known@example.org", "unknown@example.org"):
        response = client.post(reverse(page), {"email": email, "password1": PASSWORD})
        answers.add((response.status_code, response.url))

    assert len(answers) == 1


def test_letters_name_the_site_and_speak_our_words(client):
    client.post(reverse("account_signup"), {"email": "new@example.org", "password1": PASSWORD})
    pump_mail(at=timezone.now())

    letter = outbox.outbox[0]
    assert letter.subject == "Your code to confirm this address"
    assert letter.body.rstrip().endswith("Reclaim\nhttp://testserver")
    assert "!" not in letter.body


def test_letters_wait_in_the_outbox_encrypted(client):
    client.post(reverse("account_signup"), {"email": "new@example.org", "password1": PASSWORD})

    assert OutgoingMail.objects.get().recipient == "new@example.org"
    assert b"new@example.org" not in bytes(OutgoingMail.objects.values_list("recipient_key", flat=True)[0])
