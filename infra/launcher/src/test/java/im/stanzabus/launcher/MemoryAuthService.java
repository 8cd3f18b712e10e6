package im.stanzabus.launcher;

import im.stanzabus.bus.Addresses;
import im.stanzabus.bus.BusFailure;
import im.stanzabus.bus.BusMessage;
import im.stanzabus.bus.Subscription;
import im.stanzabus.bus.api.AuthRequest;
import im.stanzabus.bus.api.Done;
import im.stanzabus.launcher.config.Settings;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.StanzaError;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;

/// An auth-service on the class path of these tests that keeps the accounts of each data folder while the
/// JVM lives.
public final class MemoryAuthService implements ServiceModule<Integer> {
    private static final Map<Path, Map<Jid, String>> PASSWORDS = new ConcurrentHashMap<>();

    /// The passwords of the accounts of a data folder.
    public static Map<Jid, String> passwords(Path dataFolder) {
        return PASSWORDS.computeIfAbsent(dataFolder, folder -> new ConcurrentSkipListMap<>());
    }

    @Override
    public String name() {
        return "auth-service";
    }

    @Override
    public Integer configure(Settings settings) {
        return settings.number("iterations", 4096, 1, 1_000_000);
    }

    @Override
    public Future<RunningService> start(Integer config, ServiceContext context) {
        Map<Jid, String> passwords = passwords(context.dataFolder());
        Subscription subscription =
                context.bus().serve(Addresses.AUTH, AuthRequest.class, request -> answer(passwords, request));
        return subscription.completion().map(_ -> subscription::unregister);
    }

    private static Future<? extends BusMessage> answer(Map<Jid, String> passwords, AuthRequest request) {
        return switch (request) {
            case AuthRequest.CreateAccount create ->
                done(
                        passwords.putIfAbsent(create.account(), create.password()) == null,
                        StanzaError.Condition.CONFLICT);
            case AuthRequest.ChangePassword change ->
                done(
                        passwords.replace(change.account(), change.password()) != null,
                        StanzaError.Condition.ITEM_NOT_FOUND);
            case AuthRequest.RemoveAccount remove ->
                done(passwords.remove(remove.account()) != null, StanzaError.Condition.ITEM_NOT_FOUND);
            case AuthRequest.ListAccounts list ->
                Future.succeededFuture(new AuthRequest.Accounts(passwords.keySet().stream()
                        .filter(account -> account.domain().equals(list.host()))
                        .filter(account -> String.valueOf(account.local()).compareTo(list.after()) > 0)
                        .limit(list.limit())
                        .toList()));
            default -> done(false, StanzaError.Condition.FEATURE_NOT_IMPLEMENTED);
        };
    }

    private static Future<Done> done(boolean done, StanzaError.Condition otherwise) {
        return done
                ? Future.succeededFuture(Done.DONE)
                : Future.failedFuture(new BusFailure(StanzaError.of(otherwise), "refused"));
    }
}
