package im.stanzabus.session;

import im.stanzabus.bus.Addresses;
import im.stanzabus.bus.Bus;
import im.stanzabus.bus.BusFailure;
import im.stanzabus.bus.BusMessage;
import im.stanzabus.bus.api.RosterRequest;
import im.stanzabus.stanza.StanzaError;
import im.stanzabus.stanza.StanzaError.Condition;
import io.vertx.core.Future;

/// Asks roster-service. When no answer comes to a change, nobody here knows whether it was made: the account's
/// view of the roster is read again before its next event.
final class RosterClient {
    private final Bus bus;

    RosterClient(Bus bus) {
        this.bus = bus;
    }

    /// A change of the account's roster or block list.
    <T extends BusMessage> Future<T> change(Account account, RosterRequest request, Class<T> answer) {
        return bus.request(Addresses.ROSTER, request, answer).onFailure(failure -> {
            if (isUnknown(BusFailure.toStanzaError(failure))) {
                account.markStale();
            }
        });
    }

    Future<RosterRequest.Changes> changesSince(Account account, String version) {
        return bus.request(
                Addresses.ROSTER, new RosterRequest.ChangesSince(account.jid(), version), RosterRequest.Changes.class);
    }

    Future<RosterRequest.Snapshot> load(Account account) {
        return bus.request(Addresses.ROSTER, new RosterRequest.Load(account.jid()), RosterRequest.Snapshot.class);
    }

    /// True if the service is away: what it was asked may be asked again.
    static boolean isAway(Throwable failure) {
        return BusFailure.toStanzaError(failure).type() == StanzaError.Type.WAIT;
    }

    private static boolean isUnknown(StanzaError error) {
        return error.type() == StanzaError.Type.WAIT || error.condition() == Condition.INTERNAL_SERVER_ERROR;
    }
}
