/// The things XMPP speaks of: addresses, stanzas, elements and their errors. No Vert.x, no I/O.
@NullMarked
package im.stanzabus.stanza;

import org.jspecify.annotations.NullMarked;
