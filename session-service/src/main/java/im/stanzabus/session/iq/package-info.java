/// IQ requests that the server answers itself: for a virtual host, for an account's own clients, and for accounts on
/// behalf of others (RFC 6121 section 8.5.2.1.3). One processor per namespace.
@NullMarked
package im.stanzabus.session.iq;

import org.jspecify.annotations.NullMarked;
