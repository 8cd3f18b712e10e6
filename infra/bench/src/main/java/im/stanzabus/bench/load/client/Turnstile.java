package im.stanzabus.bench.load.client;

import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Lets clients in, so many at a time at most. To be used by one thread.
public final class Turnstile {
    private final int width;
    private final Supplier<@Nullable Client> next;
    private final Consumer<Client> enter;
    private int underWay;

    /// @param next who is to enter, null if nobody is at present
    /// @param enter how
    public Turnstile(int width, Supplier<@Nullable Client> next, Consumer<Client> enter) {
        this.width = width;
        this.next = next;
        this.enter = enter;
    }

    /// Lets in as many as may enter.
    public void turn() {
        while (underWay < width) {
            Client client = next.get();
            if (client == null) {
                return;
            }
            underWay++;
            enter.accept(client);
        }
    }

    /// One that had entered is through.
    public void through() {
        underWay--;
    }

    public boolean isEmpty() {
        return underWay == 0;
    }
}
