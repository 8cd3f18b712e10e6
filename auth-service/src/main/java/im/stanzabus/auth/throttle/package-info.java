/// Bounds on how often something may be tried, in bounded memory.
@NullMarked
package im.stanzabus.auth.throttle;

import org.jspecify.annotations.NullMarked;
