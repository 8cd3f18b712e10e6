package im.stanzabus.launcher;

import im.stanzabus.launcher.config.Settings;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.net.NetServer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/// A service that listens on a port, does nothing, and writes down when it is started and stopped.
final class FakeService implements ServiceModule<Integer> {
    private final String name;
    private final List<String> diary;
    private Function<ServiceContext, Future<Void>> beforeStart = context -> Future.succeededFuture();
    private Future<Void> beforeStop = Future.succeededFuture();
    private Duration stopLimit = Duration.ofSeconds(8);

    FakeService(String name, List<String> diary) {
        this.name = name;
        this.diary = diary;
    }

    static List<String> newDiary() {
        return new CopyOnWriteArrayList<>();
    }

    /// Something to do, or to fail with, before it is ready.
    FakeService first(Function<ServiceContext, Future<Void>> action) {
        beforeStart = action;
        return this;
    }

    /// Keeps it from having stopped before the promise is kept.
    FakeService stopsAfter(Promise<Void> promise) {
        beforeStop = promise.future();
        return this;
    }

    /// It is not waited for any longer when it stops.
    FakeService stopsWithin(Duration limit) {
        stopLimit = limit;
        return this;
    }

    @Override
    public Duration stopLimit(Integer config) {
        return stopLimit;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Integer configure(Settings settings) {
        return settings.number("port", 0, 0, 65_535);
    }

    @Override
    public Future<RunningService> start(Integer port, ServiceContext context) {
        diary.add("start " + name);
        return beforeStart
                .apply(context)
                .compose(done -> context.vertx()
                        .createNetServer()
                        .connectHandler(socket -> socket.close())
                        .listen(port, "127.0.0.1"))
                .map(server -> {
                    diary.add("ready " + name);
                    return new Running(server);
                });
    }

    private final class Running implements RunningService, Listening {
        private final NetServer server;

        Running(NetServer server) {
            this.server = server;
        }

        @Override
        public Map<String, Integer> ports() {
            return Map.of("port", server.actualPort());
        }

        @Override
        public Future<Void> stop() {
            diary.add("stop " + name);
            return beforeStop.compose(done -> server.close()).onSuccess(done -> diary.add("stopped " + name));
        }
    }
}
