/// TLS for client streams: client certificates, channel binding.
@NullMarked
package im.stanzabus.c2s.tls;

import org.jspecify.annotations.NullMarked;
