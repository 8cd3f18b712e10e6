package im.stanzabus.testkit;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/// The people of one test and the names of everything in its scripts. Everybody has an account of their own in every
/// test, so that tests do not meet. Names are `romeo`, `romeo/orchard` for a client, `romeo@elsewhere.example` for
/// an account of another domain. To be used by one thread.
public final class Scene implements AutoCloseable {
    private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{([^}]+)}");

    private final TestServer server;
    private final List<TestServer> others;
    private final String suffix =
            "-" + Integer.toString(ThreadLocalRandom.current().nextInt(36 * 36 * 36 * 36, Integer.MAX_VALUE), 36);
    private final Map<String, String> names = new HashMap<>();
    private final Set<String> accounts = new HashSet<>();
    private final Map<String, Set<String>> watched = new HashMap<>();
    private final List<TestClient> clients = new ArrayList<>();
    private final List<TestStream> streams = new ArrayList<>();

    Scene(TestServer server) {
        this(server, List.of());
    }

    private Scene(TestServer server, List<TestServer> others) {
        this.server = server;
        this.others = others;
    }

    /// A scene that plays at several servers. Everybody is at the one whose {@link TestServer#host} is
    /// the domain in their name, or else at the first.
    public static Scene across(TestServer server, TestServer... others) {
        return new Scene(server, List.of(others));
    }

    public TestServer server() {
        return server;
    }

    /// The domain of everybody whose name says nothing else.
    public String host() {
        return server.host();
    }

    /// Replaces placeholders: `${host}`, `${romeo}` by the bare JID, `${romeo/orchard}` by the full one,
    /// `${x}` by what a wildcard `{x}` has found.
    public String text(String template) {
        return PLACEHOLDER.matcher(template).replaceAll(this::value);
    }

    private String value(MatchResult placeholder) {
        String name = placeholder.group(1);
        String captured = names.get(name);
        return java.util.regex.Matcher.quoteReplacement(
                name.equals("host") ? host() : captured == null ? jid(name) : captured);
    }

    /// The JID that a name stands for, whether or not there is such an account.
    public String jid(String name) {
        int slash = name.indexOf('/');
        String account = slash < 0 ? name : name.substring(0, slash);
        int at = account.indexOf('@');
        String local = (at < 0 ? account : account.substring(0, at)) + suffix;
        String domain = at < 0 ? host() : account.substring(at + 1);
        return local + "@" + domain + (slash < 0 ? "" : name.substring(slash));
    }

    /// The local part of an account's JID.
    public String user(String name) {
        String jid = jid(name);
        return jid.substring(0, jid.indexOf('@'));
    }

    Map<String, String> names() {
        return names;
    }

    /// Makes sure that there is an account; nobody need be connected.
    public String account(String name) {
        String jid = jid(account(name, '/'));
        if (accounts.add(jid)) {
            int at = jid.indexOf('@');
            String domain = jid.substring(at + 1);
            server(domain).createUser(jid.substring(0, at), domain);
        }
        return jid;
    }

    private TestServer server(String domain) {
        return others.stream()
                .filter(other -> other.host().equals(domain))
                .findFirst()
                .orElse(server);
    }

    private static String account(String name, char end) {
        int slash = name.indexOf(end);
        return slash < 0 ? name : name.substring(0, slash);
    }

    /// A client with a bound resource that has sent no presence. Without a resource in the name it is `tester`.
    public TestClient connected(String name) {
        String who = name.contains("/") ? name : name + "/tester";
        TestStream stream = loggedIn(account(who));
        String jid = stream.bind(who.substring(who.indexOf('/') + 1));
        TestClient client = new TestClient(this, who, jid, stream);
        clients.add(client);
        return client;
    }

    /// A stream of an account on which no resource is bound yet.
    ///
    /// @param bareJid that of an account that there is
    public TestStream loggedIn(String bareJid) {
        int at = bareJid.indexOf('@');
        String domain = bareJid.substring(at + 1);
        TestStream stream = keep(TestStream.secured(server(domain), domain));
        stream.login(bareJid.substring(0, at), TestServer.PASSWORD);
        return stream;
    }

    /// A client that has sent initial presence. That and the presence that it makes the server send to friends
    /// and to other clients of the account has been received by everybody.
    public TestClient online(String name) {
        TestClient client = connected(name);
        List<TestClient> others = clients.stream()
                .filter(other -> other != client && other.isAvailable())
                .toList();
        client.becomesAvailable();
        for (TestClient other : others) {
            if (sees(client, other)) {
                client.awaits("<presence from='" + other.jid() + "'>{*}</presence>");
            }
            if (sees(other, client)) {
                other.awaits("<presence from='" + client.jid() + "'>{*}</presence>");
            }
        }
        return client;
    }

    private boolean sees(TestClient one, TestClient other) {
        return one.bareJid().equals(other.bareJid())
                || watched.getOrDefault(one.bareJid(), Set.of()).contains(other.bareJid());
    }

    /// Makes two accounts see each other's presence; nobody is connected for that when the test goes on.
    public void friends(String one, String other) {
        befriend(one, other, true);
        watches(one, other);
        watches(other, one);
    }

    /// Makes one account see the other's presence, as {@link #friends} does.
    public void sees(String watcher, String watched) {
        befriend(watcher, watched, false);
        watches(watcher, watched);
    }

    private void watches(String watcher, String other) {
        watched.computeIfAbsent(jid(watcher), name -> new HashSet<>()).add(jid(other));
    }

    /// The friends whose presence an account may see, but who are not there.
    Set<String> absentFriends(String bareJid) {
        Set<String> absent = new HashSet<>(watched.getOrDefault(bareJid, Set.of()));
        clients.stream()
                .filter(TestClient::isAvailable)
                .map(TestClient::bareJid)
                .forEach(absent::remove);
        return absent;
    }

    private void befriend(String one, String other, boolean mutual) {
        try (TestClient first = online(one + "/befriending");
                TestClient second = online(other + "/befriending")) {
            for (TestClient client : List.of(first, second)) {
                client.asks("<iq type='get'><query xmlns='jabber:iq:roster'/></iq>");
            }
            subscribe(first, second);
            if (mutual) {
                subscribe(second, first);
            }
            first.forgets();
            second.forgets();
            for (TestClient client : List.of(first, second)) {
                client.sends("<presence type='unavailable'/>");
                client.forgets();
                client.logsOut();
            }
        }
    }

    private static void subscribe(TestClient watcher, TestClient watched) {
        watcher.sends("<presence type='subscribe' to='" + watched.bareJid() + "'/>");
        watched.awaits("<presence type='subscribe' id='{any?}' from='" + watcher.bareJid() + "'>{*}</presence>");
        watched.sends("<presence type='subscribed' to='" + watcher.bareJid() + "'/>");
        watcher.awaits("<presence type='subscribed' id='{any?}' from='" + watched.bareJid() + "'>{*}</presence>");
        watcher.awaits("<presence from='" + watched.jid() + "'>{*}</presence>");
    }

    /// A stream secured by STARTTLS on which nobody has logged in.
    public TestStream stranger() {
        return keep(TestStream.secured(server, host()));
    }

    /// A stream without TLS on which nothing has been said.
    public TestStream plain() {
        return keep(TestStream.plain(server, host()));
    }

    /// A stream with TLS from the start on which nothing has been said.
    public TestStream directTls(TlsClient tls) {
        return keep(TestStream.tls(server, host(), tls));
    }

    /// Closes a stream when the test is over.
    public TestStream keep(TestStream stream) {
        streams.add(stream);
        return stream;
    }

    /// Waits until everything has been carried out that the clients have sent so far.
    public void settle() {
        for (TestClient client : List.copyOf(clients)) {
            client.settle();
        }
    }

    @Override
    public void close() {
        for (TestClient client : clients) {
            client.close();
        }
        for (TestStream stream : streams) {
            stream.close();
        }
    }
}
