/// The archive of accounts: queries of the message log (XEP-0313) and what is to be kept there (XEP-0441).
@NullMarked
package im.stanzabus.offline.archive;

import org.jspecify.annotations.NullMarked;
