/// The gateway of other servers: streams to and from remote domains (RFC 6120). It knows streams
/// and nothing of accounts; what arrives goes to the owners of the accounts, and what is for a
/// remote domain comes from there.
@NullMarked
package im.stanzabus.s2s;

import org.jspecify.annotations.NullMarked;
