/// How processors are found, put in order, run and watched. For session-service; processors need
/// nothing of it.
@NullMarked
package im.stanzabus.processor.loading;

import org.jspecify.annotations.NullMarked;
