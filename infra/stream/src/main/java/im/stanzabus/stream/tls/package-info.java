/// TLS for streams: the certificates of the virtual hosts, what a peer's certificate is worth.
@NullMarked
package im.stanzabus.stream.tls;

import org.jspecify.annotations.NullMarked;
