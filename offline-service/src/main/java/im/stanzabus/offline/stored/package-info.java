/// A stored message: its form, and how long it stays.
@NullMarked
package im.stanzabus.offline.stored;

import org.jspecify.annotations.NullMarked;
