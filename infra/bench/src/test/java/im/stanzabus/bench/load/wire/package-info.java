@NullMarked
package im.stanzabus.bench.load.wire;

import org.jspecify.annotations.NullMarked;
