"""A mail server that takes every letter and throws it away: `mail_sink.py RECIPIENTS_FILE [seconds each letter takes]`.

Prints its port, then appends one line for each letter it took: recipient and Message-ID. For tests and measurements.
"""

import asyncio
import re
import sys
from pathlib import Path


async def serve(path, delay):
    with Path(path).open("a", buffering=1) as taken:

        async def talk(reader, writer):
            def say(line):
                writer.write(line.encode() + b"\r\n")

            recipient = ""
            say("220 sink")
            try:
                while line := await reader.readline():
                    verb = line[:4].upper()
                    if verb == b"EHLO":
                        writer.write(b"250-sink\r\n250-8BITMIME\r\n250 SMTPUTF8\r\n")
                    elif verb == b"RCPT":
                        recipient = line.decode().partition("<")[2].partition(">")[0]
                        say("250 ok")
                    elif verb == b"DATA":
                        say("354 go on")
                        letter = await reader.readuntil(b"\r\n.\r\n")
                        if delay:
                            await asyncio.sleep(delay)
                        number = re.search(rb"(?im)^message-id:\s*(\S+)", letter)
                        taken.write(f"{recipient} {number.group(1).decode() if number else ''}\n")
                        say("250 taken")
                    elif verb == b"QUIT":
                        say("221 bye")
                        break
                    else:
                        say("250 ok")
            except (asyncio.IncompleteReadError, ConnectionError):
                pass
            writer.close()

        server = await asyncio.start_server(talk, "127.0.0.1", 0, limit=1 << 22)
        print(server.sockets[0].getsockname()[1], flush=True)
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1], float(sys.argv[2]) if len(sys.argv) > 2 else 0))
