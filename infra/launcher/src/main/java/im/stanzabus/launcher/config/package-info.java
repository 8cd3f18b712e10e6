/// The configuration file: one YAML document, read with line numbers, all errors reported at once.
@NullMarked
package im.stanzabus.launcher.config;

import org.jspecify.annotations.NullMarked;
