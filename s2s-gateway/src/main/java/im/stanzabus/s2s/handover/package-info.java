/// What the streams of servers and those of components have in common: stanzas are numbered as they come,
/// handed on until others have them, and given back to their senders if they cannot go out.
@NullMarked
package im.stanzabus.s2s.handover;

import org.jspecify.annotations.NullMarked;
