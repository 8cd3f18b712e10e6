/// The bus: addresses, messages and their codec, services that announce themselves, and the way from a JID to an
/// address.
@NullMarked
package im.stanzabus.bus;

import org.jspecify.annotations.NullMarked;
