/// What the services ask of each other: one client and the records it sends, per service.
@NullMarked
package im.stanzabus.bus.api;

import org.jspecify.annotations.NullMarked;
