/// What the server says and does on the wire, each test with the sections that demand it.
@NullMarked
package im.stanzabus.server.protocol;

import org.jspecify.annotations.NullMarked;
