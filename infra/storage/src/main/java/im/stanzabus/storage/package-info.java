/// PostgreSQL: the embedded one, migrations, and the process's pool.
@NullMarked
package im.stanzabus.storage;

import org.jspecify.annotations.NullMarked;
