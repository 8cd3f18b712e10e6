#!/usr/bin/python3
"""An external component made of slixmpp for the tests: who writes to it gets the message back.

It tells events on standard output and ends with standard input. Arguments: domain, host, port. The secret is in the
environment.
"""

import asyncio
import json
import os
import sys

from slixmpp import ComponentXMPP


def tell(event, **values):
    print(json.dumps({"event": event, **values}), flush=True)


class Echo(ComponentXMPP):
    def __init__(self, domain, host, port):
        super().__init__(domain, os.environ["SECRET"], host, int(port))
        self.register_plugin("xep_0030")
        self["xep_0030"].add_identity(category="automation", itype="echo", name="slixmpp")
        self.add_event_handler("session_start", lambda _: tell("online", jid=domain))
        self.add_event_handler("message", self.message)

    def message(self, message):
        if message["type"] != "error" and message["body"]:
            answer = self.make_message(
                mto=message["from"], mfrom=message["to"], mtype=message["type"], mbody=message["body"]
            )
            answer["id"] = message["id"]
            answer.send()

    async def ends(self):
        reader = asyncio.StreamReader()
        await self.loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
        await reader.read()
        self.disconnect()


async def main():
    echo = Echo(*sys.argv[1:])
    echo.connect()
    await echo.ends()
    await echo.disconnected


asyncio.get_event_loop().run_until_complete(main())
