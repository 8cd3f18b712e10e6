package im.stanzabus.drill.cluster;

import java.io.IOException;
import java.util.List;

/// All processes on the loopback address: nothing can come between them.
public final class Loopback implements Network {
    private final String reason;

    /// @param reason why it is not a network that can be split
    public Loopback(String reason) {
        this.reason = reason;
    }

    @Override
    public Place place(int half) {
        return new Place("127.0.0.1", List.of());
    }

    @Override
    public List<String> databaseHosts() {
        return List.of("127.0.0.1");
    }

    @Override
    public String databaseClients() {
        return "127.0.0.1/32";
    }

    @Override
    public String cannotSplit() {
        return reason;
    }

    @Override
    public void split(boolean fromDatabase) throws IOException {
        throw new IOException(reason);
    }

    @Override
    public void heal() {}

    @Override
    public void close() {}
}
