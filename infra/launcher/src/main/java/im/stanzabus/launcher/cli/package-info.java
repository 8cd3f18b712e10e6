/// The command line.
@NullMarked
package im.stanzabus.launcher.cli;

import org.jspecify.annotations.NullMarked;
