/// For tests of what stands on the cluster.
@NullMarked
package im.stanzabus.cluster.testing;

import org.jspecify.annotations.NullMarked;
