// A client made of xmpp.js for the tests: takes commands on standard input, tells events on standard output.
// Arguments: JID, host, port. The password is in the environment, the certificate to trust in NODE_EXTRA_CA_CERTS.

import { createInterface } from "node:readline";
import { client, jid, xml } from "@xmpp/client";

const [address, host, port] = process.argv.slice(2);
const own = jid(address);

const xmpp = client({
  service: `xmpp://${host}:${port}`,
  domain: own.domain,
  resource: own.resource,
  username: own.local,
  password: process.env.PASSWORD,
});
xmpp.reconnect.delay = 100;
xmpp.streamManagement.requestAckDebounce = 50;

function tell(event, values = {}) {
  console.log(JSON.stringify({ event, ...values }));
}

// Its counter is set to zero some time after <enabled/> has come (release 0.14.0): what comes together with that is
// acknowledged wrongly. So it is there for others only after that.
xmpp.on("nonza", (element) => {
  if (element.is("enabled", "urn:xmpp:sm:3")) {
    setImmediate(async () => {
      await xmpp.send(xml("presence"));
      tell("online", { jid: xmpp.jid.toString() });
    });
  }
});
xmpp.on("disconnect", () => tell("lost"));
// A connection that was cut is an error to it, too; it connects again by itself.
xmpp.on("error", (error) => tell("error", { reason: String(error) }));
xmpp.streamManagement.on("resumed", () => tell("resumed"));
xmpp.streamManagement.on("ack", (stanza) => {
  if (stanza.name === "message") tell("acked", { body: stanza.getChildText("body") });
});
xmpp.streamManagement.on("fail", () => tell("sm-failed"));
xmpp.on("stanza", (stanza) => {
  const body = stanza.getChildText("body");
  if (stanza.name === "message" && body) {
    const id = stanza.getChild("stanza-id", "urn:xmpp:sid:0")?.attrs.id;
    tell("message", { body, id: id ?? "" });
  }
});

const commands = createInterface({ input: process.stdin });
commands.on("line", (line) => {
  const { to, body } = JSON.parse(line);
  xmpp.send(xml("message", { to, type: "chat" }, xml("body", {}, body))).catch(() => {});
});
commands.on("close", async () => {
  await xmpp.stop().catch(() => {});
  process.exit();
});

await xmpp.start().catch((error) => tell("error", { reason: String(error) }));
