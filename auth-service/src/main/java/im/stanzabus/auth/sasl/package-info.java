/// SASL on the server's side (RFC 6120 section 6): one class for each family of mechanisms, none of which
/// knows the bus or the stream.
@NullMarked
package im.stanzabus.auth.sasl;

import org.jspecify.annotations.NullMarked;
