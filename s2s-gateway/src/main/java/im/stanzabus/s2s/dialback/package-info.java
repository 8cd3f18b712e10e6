/// Server dialback (XEP-0220): a server proves that it speaks for a domain by a key that the
/// server found in DNS for that domain confirms. The rules only, without sockets and timers:
/// events go in, what is to be done comes out.
@NullMarked
package im.stanzabus.s2s.dialback;

import org.jspecify.annotations.NullMarked;
