package im.stanzabus.bus.delivery;

import im.stanzabus.bus.Addresses;
import im.stanzabus.bus.Member;
import im.stanzabus.bus.Rendezvous;
import im.stanzabus.bus.Route;
import im.stanzabus.bus.View;
import im.stanzabus.stanza.Jid;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The way to whoever takes over the stanzas for some receivers, who may change. Confined to the
/// sender's context.
abstract sealed class Lane {
    private static final long SHORT_NANOS = 5_000_000_000L;

    /// Longer than a gateway tries to reach another server.
    private static final long LONG_NANOS = 40_000_000_000L;

    /// The bus address of who takes them over; null while nobody does.
    @Nullable
    String instance;

    /// How many stanzas are on their way that nobody has accepted.
    int pending;

    /// How long an answer may take before what was sent is sent again.
    abstract long patienceNanos();

    /// The way to the owner of a slot, which claims it.
    static final class Slot extends Lane {
        /// That of the claim.
        long epoch;

        @Override
        long patienceNanos() {
            return SHORT_NANOS;
        }
    }

    /// The way to one of the instances that serve a name. Of several, the receiver decides; while
    /// something is on its way, it does not change unless the instance goes, so that order is kept.
    static final class Served extends Lane {
        final Name name;

        Served(Name name) {
            this.name = name;
        }

        @Override
        long patienceNanos() {
            return name.many() ? LONG_NANOS : SHORT_NANOS;
        }

        /// True if there is another instance now than before, or none any more.
        boolean look(View view) {
            String before = instance;
            if (before != null && isServedAt(before, view)) {
                return false;
            }
            instance = name.choose(view);
            return true;
        }

        private boolean isServedAt(String address, View view) {
            Member member = view.member(Addresses.nodeOf(address));
            return member != null && member.names().contains(address.substring(0, address.lastIndexOf('@')));
        }
    }

    /// What is served, and for whom.
    ///
    /// @param name the name, or what all of the names start with
    /// @param many true if the instances of one process have names of their own
    /// @param receiver decides which instance it is
    record Name(String name, boolean many, String receiver) {
        /// Null for accounts and hosts, which have owners.
        static @Nullable Name of(Route route, Jid to) {
            return switch (route) {
                case Route.Service(String service) ->
                    new Name(service, false, to.bare().toString());
                case Route.Remote(String domain) -> new Name(Addresses.SERVERS, true, domain);
                case Route.Account _, Route.Host _ -> null;
            };
        }

        /// The address of the instance; null if there is none.
        @Nullable
        String choose(View view) {
            List<String> instances = many ? view.servingAll(name, false) : view.serving(name);
            return instances.size() == 1 ? instances.getFirst() : Rendezvous.choose(receiver.hashCode(), instances);
        }
    }
}
