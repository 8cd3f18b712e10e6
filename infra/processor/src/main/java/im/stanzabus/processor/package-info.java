/// What a processor is: code of others inside session-service, for stanzas that it has chosen. It
/// is told of a stanza, and says by a value what should happen; it sends nothing itself.
/// `docs/extending.md` shows one.
@NullMarked
package im.stanzabus.processor;

import org.jspecify.annotations.NullMarked;
