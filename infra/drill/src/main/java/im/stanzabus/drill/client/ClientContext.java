package im.stanzabus.drill.client;

import im.stanzabus.drill.books.Books;
import im.stanzabus.drill.books.Question;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/// What all clients share. Everything here belongs to the one event loop on which all clients live.
final class ClientContext {
    private static final int MAX_REASONS = 100;

    private final Vertx vertx;
    private final NetClient net;
    private final List<SocketAddress> gateways;
    private final Books books;
    private final long origin;
    private final Random random;
    private final List<Question> questions = new ArrayList<>();
    private final Map<String, Integer> ends = new TreeMap<>();
    private final List<Severed> severed = new ArrayList<>();

    /// A client that was online lost its stream, and not by its own doing.
    private record Severed(String client, long at, String why) {}

    ClientContext(
            Vertx vertx, NetClient net, List<SocketAddress> gateways, Books books, long originNanos, Random random) {
        this.vertx = vertx;
        this.net = net;
        this.gateways = List.copyOf(gateways);
        this.books = books;
        this.origin = originNanos;
        this.random = random;
    }

    Vertx vertx() {
        return vertx;
    }

    NetClient net() {
        return net;
    }

    List<SocketAddress> gateways() {
        return gateways;
    }

    Books books() {
        return books;
    }

    Random random() {
        return random;
    }

    /// Milliseconds since the drill began.
    long now() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - origin);
    }

    void answered(Question question) {
        questions.add(question);
    }

    List<Question> questions() {
        return List.copyOf(questions);
    }

    /// Counts why streams and attempts to get one ended.
    void ended(String why) {
        if (ends.size() < MAX_REASONS || ends.containsKey(why)) {
            ends.merge(why, 1, Integer::sum);
        }
    }

    /// A client that was online was left by the server.
    void severed(String client, String why) {
        severed.add(new Severed(client, now(), why));
    }

    /// Which clients were left by the server since then, and why.
    List<String> severedSince(long since, Set<String> without) {
        return severed.stream()
                .filter(one -> one.at() >= since && !without.contains(one.client()))
                .map(one -> one.client() + ": " + one.why())
                .toList();
    }

    Map<String, Integer> ends() {
        return new TreeMap<>(ends);
    }
}
