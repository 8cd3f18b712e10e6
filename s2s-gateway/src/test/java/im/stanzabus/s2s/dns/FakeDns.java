package im.stanzabus.s2s.dns;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Name servers that say what a test wants, at once or when it wants.
final class FakeDns implements DnsClient {
    final List<String> asked = new ArrayList<>();
    private final Map<String, Future<Answer>> answers = new HashMap<>();

    FakeDns says(String name, RecordType type, long ttl, ResourceRecord... records) {
        answers.put(type + " " + name, Future.succeededFuture(new Answer(List.of(records), ttl)));
        return this;
    }

    FakeDns fails(String name, RecordType type, String why) {
        answers.put(type + " " + name, Future.failedFuture(new DnsFailure(why)));
        return this;
    }

    Promise<Answer> waits(String name, RecordType type) {
        Promise<Answer> promise = Promise.promise();
        answers.put(type + " " + name, promise.future());
        return promise;
    }

    @Override
    public Future<Answer> ask(String name, RecordType type) {
        asked.add(type + " " + name);
        return answers.getOrDefault(type + " " + name, Future.succeededFuture(Answer.NONE));
    }
}
