/// The gateway of clients: sockets, TLS, and the negotiation of streams (RFC 6120). It knows streams and
/// nothing of rosters or presence; a bound client's stanzas go to the owner of its account and come back
/// from there.
@NullMarked
package im.stanzabus.c2s;

import org.jspecify.annotations.NullMarked;
