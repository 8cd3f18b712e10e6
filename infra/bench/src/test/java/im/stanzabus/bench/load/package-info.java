@NullMarked
package im.stanzabus.bench.load;

import org.jspecify.annotations.NullMarked;
