@NullMarked
package im.stanzabus.bench.load.report;

import org.jspecify.annotations.NullMarked;
