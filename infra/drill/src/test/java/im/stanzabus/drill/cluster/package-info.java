@NullMarked
package im.stanzabus.drill.cluster;

import org.jspecify.annotations.NullMarked;
