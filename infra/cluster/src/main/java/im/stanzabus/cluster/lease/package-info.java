/// What PostgreSQL knows of the processes of an installation: who lives, who may own which slots, and who is on the
/// smaller side of a split network.
@NullMarked
package im.stanzabus.cluster.lease;

import org.jspecify.annotations.NullMarked;
