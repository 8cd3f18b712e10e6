/// For tests of what stands on the bus.
@NullMarked
package im.stanzabus.bus.testing;

import org.jspecify.annotations.NullMarked;
