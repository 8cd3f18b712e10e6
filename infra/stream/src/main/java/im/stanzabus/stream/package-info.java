/// What gateways share below their protocols: the bytes under a stream, what comes in on it and
/// what goes out.
@NullMarked
package im.stanzabus.stream;

import org.jspecify.annotations.NullMarked;
