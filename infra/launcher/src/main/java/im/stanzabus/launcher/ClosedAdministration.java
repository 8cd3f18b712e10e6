package im.stanzabus.launcher;

import im.stanzabus.launcher.http.Accounts;
import im.stanzabus.launcher.http.Refused;
import im.stanzabus.stanza.Jid;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Administration through services that were started for it and that nobody else can reach.
final class ClosedAdministration implements Administration {
    private static final Duration START_LIMIT = Duration.ofMinutes(3);
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final RunningServer server;
    private final Accounts accounts;

    private ClosedAdministration(RunningServer server) {
        this.server = server;
        this.accounts = new Accounts(server.context().bus(), server.context().router());
    }

    static ClosedAdministration start(LaunchOptions options) {
        return new ClosedAdministration(Blocking.await(Launcher.start(options), START_LIMIT, "starting the services"));
    }

    @Override
    public void add(Jid account, String password) {
        await(accounts.add(account, password));
    }

    @Override
    public void changePassword(Jid account, String password) {
        await(accounts.changePassword(account, password));
    }

    @Override
    public void remove(Jid account) {
        await(accounts.remove(account));
    }

    @Override
    public List<Jid> list(String host) {
        List<Jid> all = new ArrayList<>();
        List<Jid> page;
        do {
            String after = all.isEmpty() ? "" : String.valueOf(all.getLast().local());
            page = await(accounts.list(host, after, Accounts.MAX_PAGE));
            all.addAll(page);
        } while (page.size() == Accounts.MAX_PAGE);
        return all;
    }

    @Override
    public List<String> hosts() {
        return server.hosts().stream().map(VirtualHost::domain).toList();
    }

    private static <T> T await(Future<T> future) {
        try {
            return Blocking.await(future, LIMIT, "the request");
        } catch (Refused e) {
            throw new StartupException(String.valueOf(e.getMessage()));
        }
    }

    @Override
    public void close() {
        Blocking.await(server.stop(), LIMIT, "stopping the services");
    }
}
