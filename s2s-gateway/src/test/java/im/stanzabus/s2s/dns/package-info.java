@NullMarked
package im.stanzabus.s2s.dns;

import org.jspecify.annotations.NullMarked;
