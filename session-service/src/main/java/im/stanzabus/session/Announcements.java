package im.stanzabus.session;

import im.stanzabus.bus.ConnectionEvent;
import im.stanzabus.bus.ConnectionId;
import im.stanzabus.bus.SessionEvent;
import im.stanzabus.bus.delivery.RecentOrigins;
import java.util.List;
import java.util.stream.Stream;

/// Takes over streams that another owner had, as their gateways announce them. Nobody else is told
/// anything: for the rest of the world the resources have been there all the time. Confined to the
/// partition's context.
final class Announcements {
    private final Accounts accounts;
    private final Post post;
    private final StreamReports reports;
    private final Detached detached;
    private final ClientStreams streams;
    private final PresenceDelivery presence;
    private final OfflineDeliveries offline;
    private final OvertakenStreams overtaken;
    private final RecentOrigins recent;
    private final Acceptances acceptances;

    Announcements(
            Accounts accounts,
            Post post,
            StreamReports reports,
            Detached detached,
            ClientStreams streams,
            PresenceDelivery presence,
            OfflineDeliveries offline,
            OvertakenStreams overtaken,
            RecentOrigins recent,
            Acceptances acceptances) {
        this.acceptances = acceptances;
        this.overtaken = overtaken;
        this.recent = recent;
        this.offline = offline;
        this.accounts = accounts;
        this.post = post;
        this.reports = reports;
        this.detached = detached;
        this.streams = streams;
        this.presence = presence;
    }

    void announced(SessionEvent.Announce announce) {
        announce.origins().forEach(recent::add);
        Account account = accounts.get(announce.account());
        if (account.ending.containsKey(announce.stream())) {
            return; // its gateway will hear of it
        }
        Resource holder = account.resource(announce.client().resource());
        if (holder != null && announce.attached() && announce.connection().equals(holder.home())) {
            takeBack(holder, announce.connection());
        }
        if (holder != null && holder.connection().equals(announce.connection())) {
            known(holder, announce);
            return;
        }
        if (holder != null && !isNewer(announce, holder)) {
            if (holder.stream == announce.stream()) {
                // once the account is loaded, what is in the log and nobody was known to have comes from there
                missing(holder, announce.unconfirmed())
                        .filter(held -> held.logId() == 0 || !account.isLoaded())
                        .forEach(held -> post.follow(holder, held));
                post.tell(new ConnectionEvent.Disconnect(announce.connection(), null));
            } else {
                overtaken.overtaken(account, announce.connection(), announce.stream(), unconfirmed(announce));
            }
            return;
        }
        List<Outbound.Unconfirmed> queued = List.of();
        SessionEvent.Resume resuming = null;
        if (holder != null) {
            account.remove(holder);
            if (holder.stream == announce.stream()) {
                // resumed there; the old gateway has not heard of it
                queued = holder.outbound.added();
                resuming = holder.resuming;
                holder.resuming = null;
                post.tell(new ConnectionEvent.Disconnect(holder.connection(), null));
            }
        }
        overtaken.revived(announce.stream());
        Resource resource = new Resource(reports, account, announce);
        account.add(resource);
        if (resuming != null) {
            resource.resuming = resuming;
            resource.resumeAsked = System.nanoTime();
            reports.touch(resource);
        }
        if (holder != null && holder.stream == resource.stream) {
            missing(resource, holder.outbound.inherited()).forEach(held -> post.follow(resource, held));
            follows(holder, resource, queued);
        }
        if (!announce.attached()) {
            lost(resource);
        }
        if (account.isLoaded() && !resource.isGone()) {
            late(account, resource);
        }
        if (holder != null) {
            givesWay(holder, resource);
        }
        goOn(account);
    }

    /// What one gateway was handed of a stream and the one that has it now was not, for the owner
    /// before died between.
    private static Stream<ConnectionEvent.Deliver> missing(Resource next, List<ConnectionEvent.Deliver> held) {
        long has = next.outbound.last();
        return held.stream().filter(each -> each.number() > has);
    }

    /// What was handed to a stream since goes where it goes on.
    private void follows(Resource holder, Resource next, List<Outbound.Unconfirmed> queued) {
        for (Outbound.Unconfirmed since : queued) {
            if (next.account.log.wasHanded(since.id())) {
                post.logged(next, since.stanza(), since.id(), false);
            } else {
                acceptances.moved(holder, next, since);
            }
        }
    }

    private void givesWay(Resource holder, Resource next) {
        if (holder.stream != next.stream) {
            overtaken.overtaken(holder);
        }
        if (holder.account.offline != null) {
            holder.account.offline.resourceLost(holder);
        }
    }

    /// Of two connections with one resource, the one that got it last is the client's. If that is
    /// not known, or the same, it is the one with a socket; of two that keep one stream, the one
    /// that holds more of it.
    private static boolean isNewer(SessionEvent.Announce announce, Resource holder) {
        long since = announce.state().since();
        if (since != holder.since() && since != 0 && holder.since() != 0) {
            return since > holder.since();
        }
        if (announce.attached() != holder.isAttached()) {
            return announce.attached();
        }
        long last = announce.unconfirmed().isEmpty()
                ? announce.delivered()
                : announce.unconfirmed().getLast().number();
        return announce.stream() == holder.stream && last > holder.outbound.last();
    }

    private static List<Outbound.Unconfirmed> unconfirmed(SessionEvent.Announce announce) {
        return new Outbound(announce.delivered(), announce.logSince(), announce.lastLogId(), announce.unconfirmed())
                .unconfirmed();
    }

    /// The client never left: its gateway was out of view, and another was given the stream to
    /// keep.
    private void takeBack(Resource resource, ConnectionId home) {
        post.tell(new ConnectionEvent.Disconnect(resource.connection(), null));
        resource.attach(home);
        resource.outbound.movedTo(home);
        goOn(resource.account);
    }

    /// What had to wait while the stream was taken for lost is delivered.
    private void goOn(Account account) {
        if (account.isLoaded() && account.open) {
            offline.start(account);
        }
    }

    /// The account lives on here without this stream, so others have been told that it is gone.
    private void late(Account account, Resource resource) {
        account.log.inherit(resource.outbound);
        presence.again(account, resource);
    }

    /// A stream that is over is ended when the account is loaded.
    private void lost(Resource resource) {
        if (resource.isResumable() || resource.account.isLoaded()) {
            detached.lost(resource);
        } else {
            resource.detach(System.nanoTime());
        }
    }

    /// True for a stream that ended while nobody owned the account.
    static boolean isOver(Resource resource) {
        return !resource.isAttached() && !resource.isResumable();
    }

    /// A gateway announces what is known here: messages of the bus may have been lost either way.
    private void known(Resource resource, SessionEvent.Announce announce) {
        streams.confirm(resource, announce.delivered());
        long has = announce.unconfirmed().isEmpty()
                ? announce.delivered()
                : announce.unconfirmed().getLast().number();
        acceptances.received(resource, has);
        resource.outbound.announced(announce.announced());
        resource.changed();
        resource.outbound.after(has).forEach(missed -> post.tell(missed.by(announce.announced())));
        resource.handledFrom(announce.handled());
        if (!announce.attached()) {
            lost(resource);
        } else if (!resource.isAttached()) {
            resource.attach(resource.connection());
            goOn(resource.account);
        }
    }
}
