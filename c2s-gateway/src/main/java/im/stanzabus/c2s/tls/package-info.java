/// TLS for client streams: certificates of the virtual hosts, client certificates, channel binding.
@NullMarked
package im.stanzabus.c2s.tls;

import org.jspecify.annotations.NullMarked;
