/// The whole server, as its users, its operators and its enemies meet it.
@NullMarked
package im.stanzabus.server;

import org.jspecify.annotations.NullMarked;
