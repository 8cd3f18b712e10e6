/// Users: how they get online, and what they do with what they receive.
@NullMarked
package im.stanzabus.bench.load.client;

import org.jspecify.annotations.NullMarked;
