/// Clients that send numbered messages and keep books of them (RFC 6120, XEP-0198).
@NullMarked
package im.stanzabus.drill.client;

import org.jspecify.annotations.NullMarked;
