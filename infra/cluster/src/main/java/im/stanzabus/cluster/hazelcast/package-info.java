/// The bus of several processes: Hazelcast tells who is there, and every member tells every other one what it serves.
@NullMarked
package im.stanzabus.cluster.hazelcast;

import org.jspecify.annotations.NullMarked;
