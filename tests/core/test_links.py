import uuid

from campaign.core.links import link_token, linked_row_id


def test_linked_row_id_gives_the_row_of_a_token():
    row_id = uuid.uuid4()

    assert linked_row_id(purpose="confirm", token=link_token(purpose="confirm", row_id=row_id)) == row_id


def test_linked_row_id_of_another_purpose_is_none():
    token = link_token(purpose="confirm", row_id=uuid.uuid4())

    assert linked_row_id(purpose="withdraw", token=token) is None


def test_linked_row_id_of_a_changed_token_is_none():
    token = link_token(purpose="confirm", row_id=uuid.uuid4())
    changed = ("0" if token[0] != "0" else "1") + token[1:]

    assert linked_row_id(purpose="confirm", token=changed) is None
    assert linked_row_id(purpose="confirm", token="") is None
    assert linked_row_id(purpose="confirm", token="no-token") is None


def test_linked_row_id_of_another_site_key_is_none(settings):
    token = link_token(purpose="confirm", row_id=uuid.uuid4())

    settings.SECRET_KEY = "another"

    assert linked_row_id(purpose="confirm", token=token) is None
