@NullMarked
package im.stanzabus.bench.load.scenario;

import org.jspecify.annotations.NullMarked;
