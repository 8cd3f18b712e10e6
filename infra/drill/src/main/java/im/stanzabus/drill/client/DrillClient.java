package im.stanzabus.drill.client;

import im.stanzabus.drill.books.Label;
import io.vertx.core.net.NetSocket;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One client of an account. It wants to be online from `start` to `leave`, and gets there again whenever its stream
/// breaks: on the next gateway, with back-off and jitter, resuming if it can. Messages that no stream has
/// acknowledged are sent again on the next one. Lives on the clients' event loop.
final class DrillClient implements Negotiation.Outcome {
    private static final int FIRST_PAUSE_MILLIS = 100;
    private static final int MAX_PAUSE_MILLIS = 4_000;
    private static final int SILENCE_MILLIS = 6_000;
    private static final int MAX_UNACKNOWLEDGED = 200;

    private final ClientContext context;
    private final Account account;
    private final String resource;
    private final Habit habit;
    private final Outbox outbox = new Outbox();
    private final Deque<Label> unsure = new ArrayDeque<>();
    private int streams;
    private @Nullable ClientStream stream;
    private @Nullable Conversation conversation;
    private Negotiation.@Nullable Resumption resumption;
    private Runnable whenOnline = () -> {};
    private boolean wanted;
    private boolean managed;
    private final int home;
    private int gateway;
    private int attempts;
    private long generation;
    private long heardAt;
    private long onlineSince = -1;

    DrillClient(ClientContext context, Account account, String resource, Habit habit, int gateway) {
        this.context = context;
        this.account = account;
        this.resource = resource;
        this.habit = habit;
        this.home = gateway;
        this.gateway = gateway;
    }

    String name() {
        return account.name() + '/' + resource;
    }

    Account account() {
        return account;
    }

    Habit habit() {
        return habit;
    }

    boolean isWanted() {
        return wanted;
    }

    boolean isOnline() {
        return conversation != null;
    }

    /// When it came online the last time, -1 if it is not.
    long onlineSince() {
        return onlineSince;
    }

    /// The index of the gateway that it is connected to, or tries to.
    int gateway() {
        return gateway;
    }

    /// Messages whose fate it does not know yet.
    int unsettled() {
        return outbox.size() + unsure.size();
    }

    /// What is to be done each time it has come online.
    void whenOnline(Runnable action) {
        whenOnline = action;
    }

    void start() {
        if (!wanted) {
            wanted = true;
            attempts = 0;
            connect();
        }
    }

    /// Goes offline in good order.
    void leave() {
        wanted = false;
        generation++;
        Conversation talking = conversation;
        ClientStream open = stream;
        if (open != null) {
            if (talking != null) {
                talking.acknowledge();
            }
            open.close("left");
        }
        resumption = null;
    }

    /// Whether it is at another gateway than at first.
    boolean isAstray() {
        return wanted && gateway != home;
    }

    /// Moves to the gateway that it had at first, as a client does whose network changes: the old connection just ends.
    void goHome() {
        ClientStream open = stream;
        if (open != null && gateway != home && isOnline()) {
            gateway = Math.floorMod(home - 1, context.gateways().size());
            open.abort("moved");
        }
    }

    /// To be called several times a second.
    void tick() {
        ClientStream open = stream;
        Conversation talking = conversation;
        if (open == null) {
            return;
        }
        if (talking != null) {
            talking.tick(context.now());
        } else if (context.now() - heardAt > SILENCE_MILLIS) {
            open.abort("silence during login");
        }
    }

    /// Sends a message if it is online and not too many are under way.
    boolean say(Label label) {
        Conversation talking = conversation;
        if (talking == null || unsettled() >= MAX_UNACKNOWLEDGED) {
            return false;
        }
        context.books().sent(label, context.now());
        talking.send(label);
        return true;
    }

    /// Sends an IQ request of its own account to the server; false if it is not online.
    boolean ask(String type, String payload, Conversation.Answer answer) {
        Conversation talking = conversation;
        if (talking == null) {
            return false;
        }
        talking.ask(type, payload, answer);
        return true;
    }

    private void connect() {
        long mine = ++generation;
        heardAt = context.now();
        context.net().connect(context.gateways().get(gateway)).onComplete(socket -> {
            if (mine != generation) {
                if (socket.succeeded()) {
                    socket.result().close();
                }
            } else if (socket.succeeded()) {
                negotiate(socket.result());
            } else {
                failed("connection refused or timed out");
            }
        });
    }

    private void negotiate(NetSocket socket) {
        heardAt = context.now();
        ClientStream opened = new ClientStream(socket, account.domain(), SILENT);
        opened.receiver(new Negotiation(opened, account, resource, habit != Habit.LOGS_IN_AGAIN, resumption, this));
        stream = opened;
        opened.open();
    }

    @Override
    public void heard() {
        heardAt = context.now();
    }

    @Override
    public void failed(String why) {
        context.ended(why);
        Conversation last = conversation;
        ClientStream ended = stream;
        if (last != null) {
            resumption = last.resumption();
            if (ended != null && ended.isEndedByServer()) {
                context.severed(name(), why);
            }
        }
        stream = null;
        conversation = null;
        onlineSince = -1;
        if (last != null) {
            last.over();
        }
        if (wanted) {
            gateway = (gateway + 1) % context.gateways().size();
            int pause = Math.min(MAX_PAUSE_MILLIS, FIRST_PAUSE_MILLIS << Math.min(attempts, 6));
            attempts++;
            long mine = ++generation;
            context.vertx().setTimer(pause / 2 + context.random().nextInt(pause) + 1, timer -> {
                if (mine == generation) {
                    connect();
                }
            });
        }
    }

    @Override
    public void resumed(long serverHandled) {
        Negotiation.Resumption old = resumption;
        if (old == null || !covered(serverHandled)) {
            return;
        }
        Conversation talking = converse(old.id(), old.handled());
        outbox.stanzas().forEach(talking::write);
        talking.request();
        whenOnline.run();
    }

    @Override
    public void notResumed(long serverHandled) {
        resumption = null;
        if (serverHandled >= 0) {
            covered(serverHandled);
        }
        unsure.addAll(outbox.restart());
    }

    @Override
    public void bound(@Nullable String resumeId, boolean acknowledges) {
        managed = acknowledges;
        resumption = null;
        streams++;
        unsure.addAll(outbox.restart());
        Conversation talking = converse(resumeId, 0);
        talking.presence();
        for (Label label = unsure.poll(); label != null; label = unsure.poll()) {
            context.books().sentAgain(label);
            talking.send(label);
        }
        whenOnline.run();
    }

    private Conversation converse(@Nullable String resumeId, long handled) {
        ClientStream open = stream;
        if (open == null) {
            throw new IllegalStateException("there is no stream");
        }
        Conversation begun = new Conversation(context, this, open, outbox, resumeId, handled, managed);
        open.receiver(begun);
        conversation = begun;
        attempts = 0;
        onlineSince = context.now();
        return begun;
    }

    /// How many streams it has begun.
    int streams() {
        return streams;
    }

    /// Enters what the server has acknowledged; false if its count is impossible, which ends the stream.
    boolean covered(long h) {
        try {
            List<Label> labels = outbox.covered(h);
            labels.forEach(label -> context.books().acknowledged(label, context.now()));
            return true;
        } catch (IllegalArgumentException e) {
            ClientStream open = stream;
            if (open != null) {
                open.abort("impossible acknowledgement: " + e.getMessage());
            }
            return false;
        }
    }

    private static final ClientStream.Receiver SILENT = new ClientStream.Receiver() {
        @Override
        public void heard() {}

        @Override
        public void received(Element element) {}

        @Override
        public void ended(String why) {}
    };
}
