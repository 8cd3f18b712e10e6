/// What a link between two servers of the same kind carries and costs.
@NullMarked
package im.stanzabus.bench.link;

import org.jspecify.annotations.NullMarked;
