/// What is asked of other servers and allowed to them: how a domain has to prove itself, how it
/// is reached, and how much it may take.
@NullMarked
package im.stanzabus.s2s.policy;

import org.jspecify.annotations.NullMarked;
