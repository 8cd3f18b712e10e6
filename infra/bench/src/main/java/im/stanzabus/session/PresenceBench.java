package im.stanzabus.session;

import im.stanzabus.bench.micro.EventLoop;
import im.stanzabus.bench.micro.Samples;
import im.stanzabus.bus.ConnectionId;
import im.stanzabus.bus.SessionEvent;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.Stanza;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/// Presence at a session manager: a change of it that goes to all contacts, for each change, and one that comes for a
/// client, for each presence. The bus is in the figures, who takes its messages is not.
@State(Scope.Benchmark)
public class PresenceBench {
    private static final int TURNS = 64;
    private static final int IN_A_TURN = 50;
    private static final Jid ROMEO = Jid.of("romeo@localhost/orchard");
    private static final Jid CONTACT = Jid.of("contact0@localhost/phone");

    @Param({"10", "100", "1000"})
    int contacts = 10;

    private final EventLoop loop = new EventLoop();
    private final PresenceParts parts = new PresenceParts(loop);
    private final Account account = new Account(ROMEO.bare());
    private final Resource client = new Resource(
            parts.reports,
            account,
            new SessionEvent.Bind(
                    new ConnectionId(PresenceParts.GATEWAY, 1), ROMEO.bare(), ROMEO.resource(), "127.0.0.1", 1),
            ROMEO,
            null);
    private final Stanza away = Samples.PRESENCE.stanza().withFrom(ROMEO);
    private final Stanza ofContact = Samples.PRESENCE.stanza().withFrom(CONTACT).withTo(ROMEO.bare());

    @Setup
    public void login() {
        account.loaded(new Roster(RosterBench.snapshot(contacts)), true);
        account.add(client);
        loop.turns(1, this::change);
    }

    private void change() {
        parts.presence.broadcast(account, client, away);
        confirm();
    }

    private void confirm() {
        client.outbound.confirm(client.outbound.last(), _ -> {});
    }

    @Benchmark
    @OperationsPerInvocation(TURNS)
    public void goesToAllContacts() {
        loop.turns(TURNS, this::change);
    }

    @Benchmark
    @OperationsPerInvocation(TURNS * IN_A_TURN)
    public void comesForAClient() {
        loop.turns(TURNS, () -> {
            for (int i = 0; i < IN_A_TURN; i++) {
                parts.presence.deliver(account, ofContact);
            }
            confirm();
        });
    }

    @TearDown
    public void close() {
        loop.close();
    }
}
