// An external component made of xmpp.js for the tests: who writes to it gets the message back. It tells events on
// standard output and ends with standard input. Arguments: domain, host, port. The secret is in the environment.

import { component, xml } from "@xmpp/component";

const [domain, host, port] = process.argv.slice(2);
const xmpp = component({
  service: `xmpp://${host}:${port}`,
  domain,
  password: process.env.SECRET,
});
xmpp.reconnect.delay = 100;

function tell(event, values = {}) {
  console.log(JSON.stringify({ event, ...values }));
}

xmpp.on("online", (me) => tell("online", { jid: me.toString() }));
xmpp.on("error", (error) => tell("error", { reason: String(error) }));
xmpp.on("stanza", (stanza) => {
  const { type, from, to, id } = stanza.attrs;
  const body = stanza.getChildText("body");
  if (stanza.name === "message" && type !== "error" && body) {
    xmpp.send(xml("message", { from: to, to: from, type, id }, xml("body", {}, body)));
  }
});
xmpp.iqCallee.get("http://jabber.org/protocol/disco#info", "query", () =>
  xml(
    "query",
    { xmlns: "http://jabber.org/protocol/disco#info" },
    xml("identity", { category: "automation", type: "echo", name: "xmpp.js" }),
  ),
);

process.stdin.resume();
process.stdin.on("end", async () => {
  await xmpp.stop().catch(() => {});
  process.exit();
});

await xmpp.start().catch((error) => tell("error", { reason: String(error) }));
