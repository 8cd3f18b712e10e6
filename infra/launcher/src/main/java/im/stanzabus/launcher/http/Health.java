package im.stanzabus.launcher.http;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What this process has to say about its health. Safe from any thread.
public final class Health {
    /// Where the process is in its life.
    public enum Phase {
        STARTING,
        READY,
        STOPPING
    }

    /// Shorter than a prober waits: a database that hangs must not look like a process that does.
    private static final long PATIENCE_MILLIS = 500;

    private final Map<String, Boolean> services = new ConcurrentSkipListMap<>();
    private volatile Phase phase = Phase.STARTING;
    private volatile @Nullable Supplier<Future<Void>> database;
    private volatile Supplier<@Nullable String> trouble = () -> null;

    public void phase(Phase now) {
        phase = now;
    }

    /// How to find out whether the database answers; must answer within a short time itself.
    public void database(Supplier<Future<Void>> question) {
        database = question;
    }

    /// What else keeps the process from serving anybody, in words; gives null for nothing.
    public void trouble(Supplier<@Nullable String> question) {
        trouble = question;
    }

    /// Notes that a service is up or not.
    public void service(String name, boolean up) {
        services.put(name, up);
    }

    /// The readiness of the whole and of its parts; `ready` is true when everything has been started and
    /// nothing keeps the process from serving. A database that is away is told but does not count: it is away
    /// for all processes at once, and to send clients to none of them would take from them what goes on without
    /// it.
    Future<JsonObject> readiness() {
        Supplier<Future<Void>> question = database;
        if (question == null) {
            return Future.succeededFuture(report(false));
        }
        return question.get()
                .timeout(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)
                .map(true)
                .otherwise(false)
                .map(this::report);
    }

    private JsonObject report(boolean databaseUp) {
        JsonObject parts = new JsonObject().put("database", word(databaseUp));
        boolean up = phase == Phase.READY;
        for (Map.Entry<String, Boolean> service : services.entrySet()) {
            parts.put(service.getKey(), word(service.getValue()));
            up &= service.getValue();
        }
        String reason = trouble.get();
        up &= reason == null;
        String status = phase == Phase.READY ? (up && databaseUp ? "ready" : "degraded") : lowerCase(phase);
        JsonObject report = new JsonObject().put("ready", up).put("status", status);
        return (reason == null ? report : report.put("reason", reason)).put("parts", parts);
    }

    private static String lowerCase(Phase phase) {
        return phase == Phase.STARTING ? "starting" : "stopping";
    }

    private static String word(boolean up) {
        return up ? "up" : "down";
    }
}
