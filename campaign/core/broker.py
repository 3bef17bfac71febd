"""The broker of the embedded run: kombu's transport of plain files, with messages that appear whole.

Kombu writes a message under its final name, so that a worker may find it while it is still empty, and ends. Here it gets
its name when it is complete.
"""

import time
import uuid
from pathlib import Path
from typing import Any

from kombu.transport import filesystem
from kombu.utils.json import dumps


class Channel(filesystem.Channel):
    def _put(self, queue: Any, payload: Any, **kwargs: Any) -> None:  # type: ignore[override]  # kombu's names differ
        """Put a message into the queue's folder. The oldest name is read first."""
        path = Path(self.data_folder_out) / f"{time.time_ns()}_{uuid.uuid4()}.{queue}.msg"
        draft = path.with_name(f"{path.name}.draft")
        draft.write_text(dumps(payload))  # type: ignore[no-untyped-call]
        draft.rename(path)


class Transport(filesystem.Transport):
    Channel = Channel
