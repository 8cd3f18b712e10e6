/// What the users do while they are measured.
@NullMarked
package im.stanzabus.bench.load.scenario;

import org.jspecify.annotations.NullMarked;
