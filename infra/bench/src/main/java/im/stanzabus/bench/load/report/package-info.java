/// What was measured: a table, JSON, and plots as SVG.
@NullMarked
package im.stanzabus.bench.load.report;

import org.jspecify.annotations.NullMarked;
