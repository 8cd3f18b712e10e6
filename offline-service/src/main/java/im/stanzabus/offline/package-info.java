/// The message log: durable acceptance of messages, kept until they have reached their user (XEP-0160).
@NullMarked
package im.stanzabus.offline;

import org.jspecify.annotations.NullMarked;
