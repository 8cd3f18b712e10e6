package im.stanzabus.bench.link;

import im.stanzabus.testkit.TestServer;

/// One end of a link: a server in a process of its own.
///
/// @param serverPort where other servers connect
record Side(TestServer server, ProcessHandle process, int serverPort) {}
