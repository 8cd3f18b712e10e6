/// Connections of one thread, plain or with TLS, cut into stanzas.
@NullMarked
package im.stanzabus.bench.load.wire;

import org.jspecify.annotations.NullMarked;
