/// What single parts of the hot path cost, measured with JMH. Benches of what is not public are in the package of what
/// they measure.
@NullMarked
package im.stanzabus.bench.micro;

import org.jspecify.annotations.NullMarked;
