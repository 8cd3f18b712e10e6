/// Other servers: real ones, and hostile ones.
@NullMarked
package im.stanzabus.server.federation;

import org.jspecify.annotations.NullMarked;
