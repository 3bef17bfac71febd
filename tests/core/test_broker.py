"""The broker of plain files, with a writer and a reader at the same time."""

import threading
from queue import Empty

import pytest
from kombu import Connection

MESSAGES = 400


@pytest.fixture
def channels(tmp_path):
    """Two channels on the same folder, as two processes would have them."""
    (tmp_path / "messages").mkdir()
    options = {
        "data_folder_in": str(tmp_path / "messages"),
        "data_folder_out": str(tmp_path / "messages"),
        "control_folder": str(tmp_path / "control"),
    }
    connections = [
        Connection("filesystem://", transport="campaign.core.broker:Transport", transport_options=options)
        for _side in range(2)
    ]
    yield [connection.channel() for connection in connections]
    for connection in connections:
        connection.release()


def test_messages_come_out_whole_and_in_order_while_others_are_written(channels):
    writer, reader = channels
    thread = threading.Thread(
        target=lambda: [
            writer._put("mail", {"number": number, "body": "x" * 5000}) for number in range(MESSAGES)
        ]
    )
    got = []

    thread.start()
    while len(got) < MESSAGES and (thread.is_alive() or got[-1:] != [MESSAGES - 1]):
        try:
            got.append(reader._get("mail")["number"])
        except Empty:
            continue
    thread.join()

    assert got == list(range(MESSAGES))


def test_messages_of_another_queue_are_left_alone(channels):
    writer, reader = channels
    writer._put("documents", {"number": 1})

    with pytest.raises(Empty):
        reader._get("mail")

    assert reader._get("documents") == {"number": 1}
