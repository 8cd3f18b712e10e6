@NullMarked
package im.stanzabus.bench.load.measure;

import org.jspecify.annotations.NullMarked;
