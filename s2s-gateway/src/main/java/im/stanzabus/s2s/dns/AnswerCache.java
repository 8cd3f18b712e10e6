package im.stanzabus.s2s.dns;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.Ticker;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/// Remembers answers for as long as they say, within bounds of time and memory; that there are no records, too
/// (RFC 2308). What is asked while the same question is under way shares its answer. Failures are not
/// remembered. Confined to its context.
final class AnswerCache implements DnsClient {
    /// What an entry and one of its records take beside their names.
    private static final int ENTRY_BYTES = 200;

    private static final int RECORD_BYTES = 80;

    private record Question(String name, RecordType type) {}

    private final DnsClient client;
    private final Cache<Question, Answer> answers;
    private final Map<Question, Future<Answer>> underWay = new HashMap<>();

    AnswerCache(DnsClient client, DnsConfig config, Ticker ticker) {
        this.client = client;
        this.answers = Caffeine.newBuilder()
                .maximumWeight(config.cacheBytes())
                .<Question, Answer>weigher(AnswerCache::bytes)
                .expireAfter(Expiry.<Question, Answer>writing((_, answer) -> remembered(answer, config)))
                .ticker(ticker)
                .executor(Runnable::run)
                .build();
    }

    private static int bytes(Question question, Answer answer) {
        int bytes = ENTRY_BYTES + question.name.length();
        for (ResourceRecord data : answer.records()) {
            bytes += RECORD_BYTES
                    + (data instanceof ResourceRecord.Srv srv ? srv.target().length() : 0);
        }
        return bytes;
    }

    private static Duration remembered(Answer answer, DnsConfig config) {
        Duration most = answer.records().isEmpty() ? config.maxNegativeTtl() : config.maxTtl();
        Duration own = Duration.ofSeconds(answer.ttlSeconds());
        return own.compareTo(most) < 0 ? own : most;
    }

    @Override
    public Future<Answer> ask(String name, RecordType type) {
        Question question = new Question(name, type);
        Answer known = answers.getIfPresent(question);
        if (known != null) {
            return Future.succeededFuture(known);
        }
        Future<Answer> asked = underWay.get(question);
        if (asked != null) {
            return asked;
        }
        Future<Answer> answer = client.ask(name, type);
        if (!answer.isComplete()) {
            underWay.put(question, answer);
        }
        return answer.onComplete(done -> {
            underWay.remove(question);
            if (done.succeeded()) {
                answers.put(question, done.result());
            }
        });
    }
}
