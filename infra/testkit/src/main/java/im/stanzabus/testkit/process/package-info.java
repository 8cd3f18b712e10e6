/// Servers in processes of their own, alone and in clusters, for tests that kill them, and for tests
/// of services that come from elsewhere.
@NullMarked
package im.stanzabus.testkit.process;

import org.jspecify.annotations.NullMarked;
