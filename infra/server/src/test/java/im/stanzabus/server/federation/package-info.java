/// Our server and servers of others on one network, with names and certificates of its own.
@NullMarked
package im.stanzabus.server.federation;

import org.jspecify.annotations.NullMarked;
