/// The session manager: who is online where, presence, and the delivery rules of RFC 6121 section 8. One
/// verticle per partition; the state of an account is touched by its partition's context only.
@NullMarked
package im.stanzabus.session;

import org.jspecify.annotations.NullMarked;
