/// Clients that others have written, as their users run them: programs of their own, in languages of their own.
@NullMarked
package im.stanzabus.server.clients;

import org.jspecify.annotations.NullMarked;
