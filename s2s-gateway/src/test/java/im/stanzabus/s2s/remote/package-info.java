@NullMarked
package im.stanzabus.s2s.remote;

import org.jspecify.annotations.NullMarked;
