package im.stanzabus.auth.account;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import im.stanzabus.stanza.Jid;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/// Remembers for a short while which accounts got a new password or were removed, so that a login that
/// began before cannot end well afterwards, without a second look into the database. Bounded; safe from
/// any thread.
///
/// It knows what this instance did. Another instance lets a login that was half-way go on for at most the
/// life of a SASL state.
public final class Revocations {
    private static final int MOST = 100_000;

    private final InstantSource clock;
    private final Cache<Jid, Instant> revoked;

    /// @param keep how long a login may take at most
    public Revocations(InstantSource clock, Duration keep) {
        this.clock = clock;
        this.revoked = Caffeine.newBuilder()
                .maximumSize(MOST)
                .expireAfterWrite(keep.multipliedBy(2))
                .build();
    }

    /// From now on no login that began earlier succeeds.
    public void revoke(Jid account) {
        revoked.put(account, clock.instant());
    }

    /// True if the account's credentials changed since then.
    public boolean since(Jid account, Instant began) {
        Instant at = revoked.getIfPresent(account);
        return at != null && !began.isAfter(at);
    }
}
