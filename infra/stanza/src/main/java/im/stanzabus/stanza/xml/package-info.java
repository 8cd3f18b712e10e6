/// XML streams: bytes to stanzas and back (RFC 6120 sections 4 and 11).
@NullMarked
package im.stanzabus.stanza.xml;

import org.jspecify.annotations.NullMarked;
