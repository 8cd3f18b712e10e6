/// For tests only.
@NullMarked
package im.stanzabus.stream.testing;

import org.jspecify.annotations.NullMarked;
