/// Who owns what in a cluster: membership, leases, and how slots move from one session manager to another.
@NullMarked
package im.stanzabus.cluster;

import org.jspecify.annotations.NullMarked;
