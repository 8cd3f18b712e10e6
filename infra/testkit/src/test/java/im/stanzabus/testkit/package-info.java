/// Tests of what tests are written with.
@NullMarked
package im.stanzabus.testkit;

import org.jspecify.annotations.NullMarked;
