#!/usr/bin/python3
"""A client made of slixmpp for the tests: takes commands on standard input, tells events on standard output.

Arguments: JID, host, port, file with the certificate to trust. The password is in the environment.
"""

import asyncio
import json
import os
import sys
from pathlib import Path

from slixmpp import JID, ClientXMPP


def tell(event, **values):
    print(json.dumps({"event": event, **values}), flush=True)


class Client(ClientXMPP):
    def __init__(self, jid, host, port, certificate):
        super().__init__(jid, os.environ["PASSWORD"])
        self.place = (host, int(port))
        self.ca_certs = Path(certificate)
        for plugin in ("xep_0030", "xep_0198", "xep_0199", "xep_0313", "xep_0359"):
            self.register_plugin(plugin)
        self.add_event_handler("session_start", self.online)
        self.add_event_handler("session_resumed", lambda _: tell("resumed"))
        self.add_event_handler("sm_failed", lambda _: tell("sm-failed"))
        self.add_event_handler("failed_all_auth", lambda _: tell("refused"))
        self.add_event_handler("disconnected", self.lost)
        self.add_event_handler("message", self.message)
        self.leaving = False

    def go(self):
        # No look-up of SRV records: the test says where.
        self.connect(self.place)

    async def online(self, _):
        self.send_presence()
        await self.get_roster()
        tell("online", jid=self.boundjid.full)

    def lost(self, _):
        if self.leaving:
            self.loop.stop()
        else:
            tell("lost")
            self.go()

    def message(self, message):
        if message["body"]:
            tell("message", body=message["body"], id=message["stanza_id"]["id"])

    async def archive(self, other, page):
        try:
            pages = 0
            async for answer in self["xep_0313"].retrieve(
                with_jid=JID(other), iterator=True, rsm={"max": page}
            ):
                pages += 1
                for result in answer["mam"]["results"]:
                    kept = result["mam_result"]
                    tell("archived", id=kept["id"], body=kept["forwarded"]["stanza"]["body"])
            tell("archive-end", pages=pages)
        except Exception as failure:  # the test is to hear of whatever it is
            tell("archive-failed", reason=repr(failure))

    async def obey(self):
        reader = asyncio.StreamReader()
        await self.loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
        while line := await reader.readline():
            command = json.loads(line)
            if command["do"] == "send":
                self.send_message(mto=JID(command["to"]), mbody=command["body"], mtype="chat")
            elif command["do"] == "archive":
                await self.archive(command["with"], command["page"])
        self.leaving = True
        self.disconnect()


async def main():
    client = Client(*sys.argv[1:])
    client.go()
    await client.obey()
    await client.disconnected


asyncio.get_event_loop().run_until_complete(main())
