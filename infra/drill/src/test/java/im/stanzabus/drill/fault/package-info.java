@NullMarked
package im.stanzabus.drill.fault;

import org.jspecify.annotations.NullMarked;
