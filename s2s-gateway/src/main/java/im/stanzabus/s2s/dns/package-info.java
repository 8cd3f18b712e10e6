/// Where a remote domain is served: SRV records (RFC 6120 section 3.2.1, XEP-0368), their order (RFC 2782) and
/// the addresses of hosts.
@NullMarked
package im.stanzabus.s2s.dns;

import org.jspecify.annotations.NullMarked;
