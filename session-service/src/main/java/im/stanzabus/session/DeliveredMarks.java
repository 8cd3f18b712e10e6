package im.stanzabus.session;

import im.stanzabus.bus.Addresses;
import im.stanzabus.bus.Bus;
import im.stanzabus.bus.api.Done;
import im.stanzabus.bus.api.LogRequest;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tells the log how far accounts have been delivered, many accounts in one request. Most marks ride on the
/// next append and need none. Confined to the partition's context.
final class DeliveredMarks {
    private static final Logger LOG = LoggerFactory.getLogger(DeliveredMarks.class);
    private static final int MOST_AT_ONCE = 1_000;

    private final Bus bus;
    private final Set<Account> behind = new LinkedHashSet<>();

    /// All that were told last.
    private Future<Void> telling = Future.succeededFuture();

    DeliveredMarks(Bus bus) {
        this.bus = bus;
    }

    /// A client of the account has confirmed something.
    void moved(Account account) {
        if (account.log.isMarkBehind() && !account.isDropped()) {
            behind.add(account);
        }
    }

    /// Tells all marks that are behind. Called every two seconds; does nothing while the log has not answered
    /// the last time, or what is asked of a slow log would be more each time.
    void flush() {
        if (telling.isComplete()) {
            telling = flush(_ -> true);
        }
    }

    /// Tells the marks of some accounts; completes when the log has them, or has failed to take them: such
    /// marks are told again later.
    Future<Void> flush(Predicate<Account> accounts) {
        List<Account> due = new ArrayList<>();
        behind.removeIf(account -> {
            boolean chosen = account.isDropped() || accounts.test(account);
            if (chosen && !account.isDropped() && account.log.isMarkBehind()) {
                due.add(account);
            }
            return chosen;
        });
        List<Future<Void>> told = new ArrayList<>();
        for (int from = 0; from < due.size(); from += MOST_AT_ONCE) {
            told.add(tell(due.subList(from, Math.min(due.size(), from + MOST_AT_ONCE))));
        }
        return Future.join(told).mapEmpty();
    }

    private Future<Void> tell(List<Account> accounts) {
        List<LogRequest.Mark> marks = accounts.stream()
                .map(account -> new LogRequest.Mark(account.jid(), account.log.mark(), account.log.epoch()))
                .toList();
        return bus.request(Addresses.LOG, new LogRequest.MarkDelivered(marks), Done.class)
                .<Void>map(_ -> {
                    for (int i = 0; i < marks.size(); i++) {
                        accounts.get(i).log.told(marks.get(i).id());
                    }
                    return null;
                })
                .otherwise(failure -> {
                    LOG.warn("{} delivered marks are late: {}", marks.size(), failure.getMessage());
                    accounts.forEach(this::moved);
                    return null;
                });
    }
}
