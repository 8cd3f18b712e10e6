/// A load generator for any XMPP server: one thread, which shares the machine with the server and so has to cost
/// little.
@NullMarked
package im.stanzabus.bench.load;

import org.jspecify.annotations.NullMarked;
