/// The message log: durable acceptance of messages, kept until they have reached their user (XEP-0160),
/// and longer as the archive of the account (XEP-0313).
@NullMarked
package im.stanzabus.offline;

import org.jspecify.annotations.NullMarked;
