/// What is done to the cluster, and in which order.
@NullMarked
package im.stanzabus.drill.fault;

import org.jspecify.annotations.NullMarked;
