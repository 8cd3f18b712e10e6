/// The streams between servers (RFC 6120): how they are negotiated.
@NullMarked
package im.stanzabus.s2s.stream;

import org.jspecify.annotations.NullMarked;
