/// sender-service: sends what other programs leave in the table `stanza_outbox`, once each.
@NullMarked
package im.stanzabus.sender;

import org.jspecify.annotations.NullMarked;
