package im.stanzabus.offline;

import im.stanzabus.bus.BusFailure;
import im.stanzabus.bus.BusMessage;
import im.stanzabus.bus.api.Done;
import im.stanzabus.bus.api.LogRequest;
import im.stanzabus.bus.api.Purge;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.StanzaError;
import io.vertx.core.Future;

/// Answers the requests of {@link LogRequest} and {@link Purge}. Confined to one context.
final class MessageLog {
    private static final int MAX_PAGE = 1000;

    private final LogTable table;
    private final AppendQueue appends;
    private final DeliveredMarks marks;
    private final Retry retry;

    MessageLog(LogTable table, AppendQueue appends, DeliveredMarks marks, Retry retry) {
        this.table = table;
        this.appends = appends;
        this.marks = marks;
        this.retry = retry;
    }

    Future<? extends BusMessage> answer(LogRequest request) {
        return switch (request) {
            case LogRequest.Append append -> appends.append(append.entries());
            case LogRequest.Claim claim ->
                retry.until(retry.deadline(), () -> table.claim(claim.owner().bare(), claim.epoch()));
            case LogRequest.ReadUndelivered read -> page(read);
            case LogRequest.MarkDelivered moved -> marks.move(moved.marks()).map(Done.DONE);
        };
    }

    /// Behind the appends of the account that are under way, or one of them could bring it back.
    Future<Done> purge(Purge purge) {
        Jid account = purge.account().bare();
        return appends.settled(account.toString()).compose(_ -> forget(account)).map(Done.DONE);
    }

    private Future<Void> forget(Jid account) {
        return retry.until(retry.deadline(), () -> table.forget(account))
                .compose(all -> all ? Future.succeededFuture() : forget(account));
    }

    /// Completes when what was asked has been written.
    Future<Void> drained() {
        return Future.join(appends.drained(), marks.drained()).mapEmpty();
    }

    private Future<LogRequest.Page> page(LogRequest.ReadUndelivered read) {
        if (read.limit() < 1 || read.limit() > MAX_PAGE) {
            // A shorter page than was asked for would look like the last one.
            return Future.failedFuture(new BusFailure(
                    StanzaError.of(StanzaError.Condition.BAD_REQUEST), "page of " + read.limit() + " entries"));
        }
        return retry.until(
                        retry.deadline(), () -> table.undelivered(read.owner().bare(), read.afterId(), read.limit()))
                .map(LogRequest.Page::new);
    }
}
