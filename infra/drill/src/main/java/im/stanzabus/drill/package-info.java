/// The drill: a cluster of real processes, clients that keep books, and faults.
@NullMarked
package im.stanzabus.drill;

import org.jspecify.annotations.NullMarked;
