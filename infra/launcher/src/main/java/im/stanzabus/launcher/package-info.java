/// What starts services: the contract between a service and its process.
@NullMarked
package im.stanzabus.launcher;

import org.jspecify.annotations.NullMarked;
