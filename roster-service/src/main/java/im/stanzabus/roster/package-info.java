/// roster-service: rosters, presence subscriptions (RFC 6121 sections 2 and 3) and block lists (XEP-0191). It
/// keeps nothing between requests but the database, so any number of instances may serve the same accounts.
@NullMarked
package im.stanzabus.roster;

import org.jspecify.annotations.NullMarked;
