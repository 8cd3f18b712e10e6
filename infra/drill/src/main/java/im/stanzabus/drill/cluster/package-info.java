/// The processes under test, their database and their network.
@NullMarked
package im.stanzabus.drill.cluster;

import org.jspecify.annotations.NullMarked;
