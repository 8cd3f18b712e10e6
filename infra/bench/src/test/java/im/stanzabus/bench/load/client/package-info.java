@NullMarked
package im.stanzabus.bench.load.client;

import org.jspecify.annotations.NullMarked;
