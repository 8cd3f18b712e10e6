package im.stanzabus.session;

import im.stanzabus.bus.Addresses;
import im.stanzabus.bus.Bus;
import im.stanzabus.bus.api.StanzaIds;
import im.stanzabus.bus.delivery.Outgoing;
import im.stanzabus.bus.delivery.RecentOrigins;
import im.stanzabus.cluster.SlotKeeper;
import im.stanzabus.cluster.SlotTenant;
import im.stanzabus.launcher.ServiceContext;
import im.stanzabus.launcher.VirtualHost;
import im.stanzabus.session.iq.IqProcessor;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The parts of one partition, wired. Confined to its context.
final class Partition {
    final Accounts accounts = new Accounts();
    final Outgoing<Account> outgoing;
    final DeliveredMarks marks;
    final SessionMetrics metrics;
    final Gateways gateways;
    final SlotKeeper keeper;
    final Sessions sessions;
    final SlotGate gate;
    private final StreamReports reports;
    private final Detached detached;
    private final Reannouncements reannouncements;
    private final Acceptances acceptances;
    private final Tenant tenant = new Tenant();

    Partition(
            ServiceContext services,
            SessionConfig config,
            int number,
            Context context,
            List<IqProcessor> processors,
            AnonymousAccounts anonymous,
            InstantSource clock) {
        Bus bus = services.bus();
        String address = Addresses.at(Addresses.sessions(number), bus.self());
        keeper = new SlotKeeper(bus, context, services.slots(), services.leases(), address, tenant);
        HostStanzas hosts = new HostStanzas();
        outgoing = new Outgoing<>(bus, context, address);
        Post post = new Post(bus, context, address, services.router(), outgoing, hosts::handle, config.processors());
        RosterClient rosters = new RosterClient(bus);
        AccountLoader loader = new AccountLoader(bus, rosters, anonymous, keeper::epoch);

        // messages
        marks = new DeliveredMarks(bus);
        MessageStore store = new MessageStore(bus, context, this::stale);
        Doubts doubts = new Doubts(outgoing, post::isAlone, keeper::epoch, System::nanoTime);
        MessageArchive archive =
                new MessageArchive(store, new StanzaIds(services.idKey()), archivingHosts(services), doubts, clock);
        Carbons carbons = new Carbons(post);
        RecentOrigins recent = new RecentOrigins();
        acceptances = new Acceptances(post, recent);
        MessageDelivery messages = new MessageDelivery(post, archive, carbons, acceptances);
        OfflineDeliveries offline = new OfflineDeliveries(bus, post, messages);
        Loading loading = new Loading(context.owner(), loader, post, offline, this::stale);

        // presence and IQs
        Departures departures = new Departures(bus, post, clock);
        PresenceDelivery presence = new PresenceDelivery(post, departures, offline);
        reannouncements = new Reannouncements(bus, address, keeper::epoch);
        Subscriptions subscriptions = new Subscriptions(rosters, post, presence, reannouncements, loading::later);
        IqAnswers iqAnswers =
                new IqAnswers(bus, post, services.services(), processors, archive::has, loading::preferences);
        hosts.wire(post, iqAnswers);
        List<OwnIq> ownIqs = ownIqs(bus, rosters, subscriptions, post, presence);
        ClientStanzas clientStanzas =
                new ClientStanzas(post, presence, subscriptions, carbons, archive, iqAnswers, ownIqs, reannouncements);
        ProcessedStanzas processed = new ProcessedStanzas(config.processors(), clientStanzas, post);
        InboundStanzas inboundStanzas = new InboundStanzas(
                post, messages, presence, subscriptions, iqAnswers, acceptances, reannouncements, processed);

        // streams
        Undelivered undelivered = new Undelivered(post, messages);
        OvertakenStreams overtaken = new OvertakenStreams(undelivered, acceptances);
        StreamEnds ends = new StreamEnds(
                accounts, post, departures, undelivered, overtaken, offline, marks, anonymous, acceptances);
        Placing placing = new Placing(bus, post);
        detached = new Detached(ends, placing);
        ClientStreams streams = new ClientStreams(post, processed, ends, detached, marks, reannouncements, acceptances);
        Resumption resumption = new Resumption(post, streams, offline, services.metrics(), number);
        reports = new StreamReports(
                context,
                post::tell,
                config.resumptionQueue(),
                config.queueBytesPerAccount(),
                resumption::goOn,
                ends::tooSlow);
        Announcements announcements = new Announcements(
                accounts, post, reports, detached, streams, presence, offline, overtaken, recent, acceptances);

        // accounts
        Binding binding = new Binding(config, post, ends, reports);
        AccountEvents events = new AccountEvents(
                post, binding, streams, resumption, announcements, inboundStanzas, departures, acceptances);
        sessions = new Sessions(accounts, events, loading, marks, reannouncements, hosts);
        gate = new SlotGate(
                address,
                services.slots(),
                keeper::holds,
                keeper::isOpen,
                keeper::epoch,
                accounts,
                sessions,
                announcements,
                outgoing);
        tenant.tenancy =
                new Tenancy(context.owner(), accounts, gate, sessions, loading, outgoing, marks, post, placing, doubts);
        gateways = new Gateways(bus.membership().view(), accounts, sessions::handle);
        metrics = new SessionMetrics(services.metrics(), number, accounts, outgoing, store);
    }

    private static List<OwnIq> ownIqs(
            Bus bus, RosterClient rosters, Subscriptions subscriptions, Post post, PresenceDelivery presence) {
        return List.of(
                new RosterIq(bus, rosters, subscriptions), // RFC 6121 section 2
                new BlockingIq(rosters, post, presence), // XEP-0191
                new CarbonsIq()); // XEP-0280
    }

    /// The virtual hosts whose accounts have archives.
    static Set<String> archivingHosts(ServiceContext services) {
        return services.hosts().stream()
                .filter(VirtualHost::archive)
                .map(VirtualHost::domain)
                .collect(Collectors.toSet());
    }

    /// The log says that somebody else owns the account.
    private void stale(Account account) {
        if (!account.isDropped()) {
            keeper.suspect();
            // if it is ours after all, its clients are to be known again
            account.resources().forEach(resource -> reannouncements.want(resource.connection(), account.slot));
            sessions.drop(account);
            outgoing.forget(account::equals);
        }
    }

    /// What is done every second.
    void sweep() {
        reports.sweep();
        detached.sweep();
        outgoing.sweep();
        reannouncements.sweep();
        acceptances.sweep();
    }

    /// Stands for the tenancy, which needs the keeper that calls it.
    private static final class Tenant implements SlotTenant {
        private @Nullable Tenancy tenancy;

        private SlotTenant wired() {
            if (tenancy == null) {
                throw new IllegalStateException("not wired");
            }
            return tenancy;
        }

        @Override
        public void claimed(Set<Integer> slots) {
            wired().claimed(slots);
        }

        @Override
        public void opened(Set<Integer> slots) {
            wired().opened(slots);
        }

        @Override
        public Future<Void> closing(Set<Integer> slots) {
            return wired().closing(slots);
        }

        @Override
        public void lost(Set<Integer> slots) {
            wired().lost(slots);
        }
    }
}
