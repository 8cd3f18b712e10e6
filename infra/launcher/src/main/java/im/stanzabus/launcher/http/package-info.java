/// The process's HTTP listener for health, metrics and administration.
@NullMarked
package im.stanzabus.launcher.http;

import org.jspecify.annotations.NullMarked;
