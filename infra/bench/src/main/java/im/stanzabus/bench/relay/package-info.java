/// The floor: what the load of the bench costs a server that does nothing but pass bytes on.
@NullMarked
package im.stanzabus.bench.relay;

import org.jspecify.annotations.NullMarked;
