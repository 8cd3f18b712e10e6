@NullMarked
package im.stanzabus.testkit.peer;

import org.jspecify.annotations.NullMarked;
