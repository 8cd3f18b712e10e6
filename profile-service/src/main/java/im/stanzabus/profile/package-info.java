/// What accounts keep about themselves on the server: vCards, private XML, and when they were last seen.
@NullMarked
package im.stanzabus.profile;

import org.jspecify.annotations.NullMarked;
