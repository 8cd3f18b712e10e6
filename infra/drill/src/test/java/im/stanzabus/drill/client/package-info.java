@NullMarked
package im.stanzabus.drill.client;

import org.jspecify.annotations.NullMarked;
