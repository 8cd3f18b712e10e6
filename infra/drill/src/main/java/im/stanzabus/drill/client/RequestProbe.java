package im.stanzabus.drill.client;

import im.stanzabus.drill.books.Question;
import org.jspecify.annotations.Nullable;

/// Asks one of the services the same thing over and over, to see how long it is away. A question that fails is asked
/// again until it succeeds.
final class RequestProbe {
    private static final long PATIENCE_MILLIS = 5_000;

    private final ClientContext context;
    private final DrillClient client;
    private final String kind;
    private final String payload;
    private long askedAt = -1;
    private long triedAt = -1;

    /// @param payload of the request, which must succeed for an account that has nothing
    RequestProbe(ClientContext context, DrillClient client, String kind, String payload) {
        this.context = context;
        this.client = client;
        this.kind = kind;
        this.payload = payload;
    }

    DrillClient client() {
        return client;
    }

    /// To be called several times a second: asks if nothing is asked, or if the last try is without an answer.
    void tick() {
        long now = context.now();
        if (client.isWanted() && (triedAt < 0 || now - triedAt > PATIENCE_MILLIS)) {
            askedAt = askedAt < 0 ? now : askedAt;
            if (client.ask("get", payload, this::answered)) {
                triedAt = now;
            }
        }
    }

    private void answered(@Nullable Element iq) {
        triedAt = -1;
        if (iq != null && iq.attribute("type").equals("result") && askedAt >= 0) {
            context.answered(new Question(kind, client.name(), askedAt, context.now()));
            askedAt = -1;
        }
    }
}
