package im.stanzabus.drill.client;

import im.stanzabus.drill.books.Question;

/// Logs in and out over and over, to see how long nobody can.
final class LoginProbe {
    private static final long REST_MILLIS = 500;

    private final ClientContext context;
    private final DrillClient client;
    private long startedAt = -1;
    private long leftAt = -1;
    private boolean stopped = true;

    LoginProbe(ClientContext context, DrillClient client) {
        this.context = context;
        this.client = client;
        client.whenOnline(this::online);
    }

    DrillClient client() {
        return client;
    }

    void start() {
        stopped = false;
    }

    void stop() {
        stopped = true;
        client.leave();
    }

    /// To be called several times a second.
    void tick() {
        long now = context.now();
        if (!stopped && !client.isWanted() && now - leftAt > REST_MILLIS) {
            startedAt = now;
            client.start();
        }
    }

    private void online() {
        context.answered(new Question("login", client.name(), startedAt, context.now()));
        leftAt = context.now();
        context.vertx().runOnContext(then -> client.leave());
    }
}
