/// All services in one process.
@NullMarked
package im.stanzabus.server;

import org.jspecify.annotations.NullMarked;
