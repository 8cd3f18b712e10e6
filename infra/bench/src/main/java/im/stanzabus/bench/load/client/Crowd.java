package im.stanzabus.bench.load.client;

import im.stanzabus.bench.load.wire.Loop;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;

/// The users of a scenario. To be used by the thread of the loop.
public final class Crowd implements ClientEvents {
    /// So many broken connections, and nothing that is measured would mean anything.
    private static final int HOPELESS = 50;

    private static final Duration PARTING = Duration.ofSeconds(10);
    private static final ClientEvents NOBODY = new ClientEvents() {};

    private final Loop loop;
    private final Mishaps mishaps;
    private final List<Client> clients;
    private ClientEvents listener = NOBODY;
    private int online;
    private int broken;
    private int registered;
    private String access = "";

    public Crowd(Loop loop, Target target, Accounts accounts, int size, Mishaps mishaps) {
        this.loop = loop;
        this.mishaps = mishaps;
        SaltedPasswords salted = new SaltedPasswords();
        List<Client> all = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            all.add(new Client(accounts.account(i), target, salted, this));
        }
        clients = List.copyOf(all);
    }

    /// All of them, each at its index.
    public List<Client> clients() {
        return clients;
    }

    public int size() {
        return clients.size();
    }

    /// Who is told what happens, from now on; what should not happen is noted here.
    public void listen(ClientEvents events) {
        listener = events;
    }

    public int online() {
        return online;
    }

    /// Protocol, cipher and mechanism of the last login, for the report.
    public String access() {
        return access;
    }

    /// Whether so many connections broke that it makes no sense to go on.
    public boolean isHopeless() {
        return broken >= Math.min(HOPELESS, clients.size());
    }

    /// Makes all accounts; those that are there already may stay.
    ///
    /// @return false if there are not all of them
    public boolean register(int underWay, Duration limit) throws IOException {
        Turnstile turnstile = everybody(underWay, client -> client.register(loop));
        listen(new ClientEvents() {
            @Override
            public void closed(Client client, boolean wanted) {
                turnstile.through();
            }
        });
        pass(turnstile, limit);
        if (registered < clients.size()) {
            mishaps.add("only " + registered + " of " + clients.size() + " accounts could be made");
        }
        return registered == clients.size();
    }

    /// Brings everybody online.
    ///
    /// @return false if somebody is not
    public boolean login(int underWay, Duration limit) throws IOException {
        Turnstile turnstile = everybody(underWay, this::login);
        listen(new ClientEvents() {
            @Override
            public void online(Client client) {
                turnstile.through();
            }

            @Override
            public void closed(Client client, boolean wanted) {
                if (!client.isOnline()) {
                    turnstile.through();
                }
            }
        });
        pass(turnstile, limit);
        if (online < clients.size()) {
            mishaps.add("only " + online + " of " + clients.size() + " users could log in");
        }
        return online == clients.size();
    }

    private Turnstile everybody(int underWay, Consumer<Client> enter) {
        Iterator<Client> rest = clients.iterator();
        return new Turnstile(underWay, () -> rest.hasNext() ? rest.next() : null, enter);
    }

    private void pass(Turnstile turnstile, Duration limit) throws IOException {
        loop.run(limit, () -> {
            turnstile.turn();
            return turnstile.isEmpty() || isHopeless();
        });
        listen(NOBODY);
    }

    /// Connects one and logs it in.
    public void login(Client client) {
        client.login(loop);
    }

    /// Lets everybody go who is online. To be called last.
    public void leave() throws IOException {
        listen(NOBODY);
        clients.stream().filter(Client::isConnected).forEach(Client::leave);
        loop.run(PARTING, () -> clients.stream().noneMatch(Client::isConnected));
    }

    @Override
    public void registered(Client client) {
        registered++;
        listener.registered(client);
    }

    @Override
    public void online(Client client) {
        online++;
        access = client.access();
        listener.online(client);
    }

    @Override
    public void delivered(Client client, Stamp stamp) {
        listener.delivered(client, stamp);
    }

    @Override
    public void presence(Client client, String type, String from) {
        listener.presence(client, type, from);
    }

    @Override
    public void answered(Client client, String id) {
        listener.answered(client, id);
    }

    @Override
    public void mishap(Client client, String what) {
        mishaps.add(client.account().name() + ": " + what);
        listener.mishap(client, what);
    }

    @Override
    public void closed(Client client, boolean wanted) {
        if (!wanted) {
            broken++;
        }
        if (client.isOnline()) {
            online--;
        }
        listener.closed(client, wanted);
    }
}
