/// What protocol tests are written with: a running server, clients that speak real XMPP over real sockets and say what
/// they send and receive, and the list of specification sections that the tests prove.
@NullMarked
package im.stanzabus.testkit;

import org.jspecify.annotations.NullMarked;
