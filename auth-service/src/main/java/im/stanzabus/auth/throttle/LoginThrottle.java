package im.stanzabus.auth.throttle;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import im.stanzabus.stanza.Jid;
import java.time.Duration;

/// Slows down the guessing of passwords. Three counters of failures, each within a window of time:
///
/// - of an account from one address: strict, emptied by a success;
/// - of an address over all accounts: wider, not emptied by a success, for whoever guesses may have an
///   account too;
/// - of an account from everywhere: the widest, against guessing from many addresses. It does not hold for
///   an address from which the account has logged in of late, so that nobody can lock a user out of the
///   places the user is at.
///
/// An attempt is counted when its password is about to be checked and taken back when it was right, so
/// that many attempts at once do not slip through. Attempts that are turned away are not counted, so every
/// block ends with its window. Accounts that do not exist are treated like others. Bounded memory; safe
/// from any thread.
public final class LoginThrottle {
    private static final int MOST_KNOWN = 100_000;
    private static final Duration KNOWN_FOR = Duration.ofDays(30);

    /// @param window how long failures count
    /// @param perAccountAndAddress failures of an account from one address
    /// @param perAddress failures of all accounts from one address
    /// @param perAccount failures of an account from all addresses
    public record Limits(Duration window, int perAccountAndAddress, int perAddress, int perAccount) {}

    private record Place(Jid account, PeerAddress address) {}

    private final WindowCounter<Place> byPlace;
    private final WindowCounter<PeerAddress> byAddress;
    private final WindowCounter<Jid> byAccount;
    private final Cache<Place, Boolean> known;

    public LoginThrottle(Limits limits, Ticker ticker) {
        this.byPlace = new WindowCounter<>(ticker, limits.window(), limits.perAccountAndAddress());
        this.byAddress = new WindowCounter<>(ticker, limits.window(), limits.perAddress());
        this.byAccount = new WindowCounter<>(ticker, limits.window(), limits.perAccount());
        this.known = Caffeine.newBuilder()
                .maximumSize(MOST_KNOWN)
                .expireAfterWrite(KNOWN_FOR)
                .ticker(ticker)
                .executor(Runnable::run)
                .build();
    }

    /// True if an attempt would be turned away now. Counts nothing.
    public boolean isBlocked(Jid account, String address) {
        Place place = new Place(account, PeerAddress.of(address));
        return byAddress.isFull(place.address)
                || byPlace.isFull(place)
                || (byAccount.isFull(account) && known.getIfPresent(place) == null);
    }

    /// Counts an attempt as failed beforehand; false if it is turned away. After true, one of {@link
    /// #succeeded}, {@link #takeBack} or, when the credentials were wrong, nothing must follow.
    public boolean admit(Jid account, String address) {
        Place place = new Place(account, PeerAddress.of(address));
        if (!byAddress.tryAdd(place.address)) {
            return false;
        }
        if (!byPlace.tryAdd(place)) {
            byAddress.takeBack(place.address);
            return false;
        }
        // At a known address the global count may be full; the attempt goes on uncounted there.
        if (!byAccount.tryAdd(account) && known.getIfPresent(place) == null) {
            byAddress.takeBack(place.address);
            byPlace.takeBack(place);
            return false;
        }
        return true;
    }

    /// The attempt was right.
    public void succeeded(Jid account, String address) {
        Place place = new Place(account, PeerAddress.of(address));
        byAddress.takeBack(place.address);
        byPlace.clear(place);
        byAccount.clear(account);
        known.put(place, true);
    }

    /// The attempt came to no end, such as without a database.
    public void takeBack(Jid account, String address) {
        Place place = new Place(account, PeerAddress.of(address));
        byAddress.takeBack(place.address);
        byPlace.takeBack(place);
        byAccount.takeBack(account);
    }
}
