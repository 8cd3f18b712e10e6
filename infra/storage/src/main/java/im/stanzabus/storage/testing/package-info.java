/// PostgreSQL for tests.
@NullMarked
package im.stanzabus.storage.testing;

import org.jspecify.annotations.NullMarked;
