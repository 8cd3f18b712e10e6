/// External components (XEP-0114): programs that answer a domain of their own and are connected to the gateway by a
/// stream with a secret.
@NullMarked
package im.stanzabus.s2s.component;

import org.jspecify.annotations.NullMarked;
