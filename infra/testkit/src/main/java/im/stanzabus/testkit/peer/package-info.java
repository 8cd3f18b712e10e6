/// Servers of others that tests start, and the network in which they and ours find and trust each
/// other.
@NullMarked
package im.stanzabus.testkit.peer;

import org.jspecify.annotations.NullMarked;
