@NullMarked
package im.stanzabus.drill;

import org.jspecify.annotations.NullMarked;
