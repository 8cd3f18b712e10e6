package im.stanzabus.offline;

import im.stanzabus.bus.api.LogRequest.Direction;
import im.stanzabus.bus.api.LogRequest.Entry;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Tuple;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/// Entries as the arguments of the function `log_write`: what it needs of each account, and each message.
/// The entries of an account must follow one another.
final class AppendBatch {
    private final List<Run> runs = new ArrayList<>();
    private final List<Run> runOfEach = new ArrayList<>();
    private final List<PendingEntry> entries;

    /// The entries of one account.
    private static final class Run {
        private final String owner;
        private final long epoch;
        private final long first;
        private long latestEpoch;
        private long last;
        private long received;
        private long passing;
        private long mark;
        private boolean plain = true;

        Run(PendingEntry entry) {
            owner = entry.owner();
            epoch = entry.entry().epoch();
            first = entry.entry().id();
        }

        void add(Entry entry) {
            plain &= !entry.retry() && entry.epoch() == epoch && entry.id() > last;
            latestEpoch = Math.max(latestEpoch, entry.epoch());
            last = Math.max(last, entry.id());
            mark = Math.max(mark, entry.delivered());
            if (entry.direction() == Direction.RECEIVED) {
                received = last;
                passing = entry.archived() ? passing : last;
            }
        }

        /// Zero sends the account's entries the careful way.
        long first() {
            return plain && mark < first ? first : 0;
        }

        /// What an owner says of the account that another has replaced is left aside.
        long mark(Entry entry) {
            return entry.epoch() < latestEpoch ? 0 : entry.delivered();
        }
    }

    AppendBatch(List<PendingEntry> entries) {
        this.entries = entries;
        for (PendingEntry entry : entries) {
            if (runs.isEmpty() || !runs.getLast().owner.equals(entry.owner())) {
                runs.add(new Run(entry));
            }
            runs.getLast().add(entry.entry());
            runOfEach.add(runs.getLast());
        }
    }

    Tuple arguments(LocalDate today) {
        Tuple arguments = Tuple.tuple();
        addAccounts(arguments);
        addKeys(arguments);
        addContents(arguments);
        return arguments.addLocalDate(today);
    }

    private void addAccounts(Tuple arguments) {
        arguments.addArrayOfString(runs.stream().map(run -> run.owner).toArray(String[]::new));
        arguments.addArrayOfLong(runs.stream().map(run -> run.epoch).toArray(Long[]::new));
        arguments.addArrayOfLong(runs.stream().map(Run::first).toArray(Long[]::new));
        arguments.addArrayOfLong(runs.stream().map(run -> run.last).toArray(Long[]::new));
        arguments.addArrayOfLong(runs.stream().map(run -> run.received).toArray(Long[]::new));
        arguments.addArrayOfLong(runs.stream().map(run -> run.passing).toArray(Long[]::new));
        arguments.addArrayOfLong(runs.stream().map(run -> run.mark).toArray(Long[]::new));
    }

    private void addKeys(Tuple arguments) {
        int size = entries.size();
        String[] owners = new String[size];
        Long[] epochs = new Long[size];
        Long[] ids = new Long[size];
        Long[] delivered = new Long[size];
        Boolean[] retries = new Boolean[size];
        for (int i = 0; i < size; i++) {
            Entry entry = entries.get(i).entry();
            owners[i] = entries.get(i).owner();
            epochs[i] = entry.epoch();
            ids[i] = entry.id();
            delivered[i] = runOfEach.get(i).mark(entry);
            retries[i] = entry.retry();
        }
        arguments
                .addArrayOfString(owners)
                .addArrayOfLong(epochs)
                .addArrayOfLong(ids)
                .addArrayOfLong(delivered)
                .addArrayOfBoolean(retries);
    }

    private void addContents(Tuple arguments) {
        int size = entries.size();
        String[] peers = new String[size];
        Boolean[] sent = new Boolean[size];
        Boolean[] archived = new Boolean[size];
        OffsetDateTime[] received = new OffsetDateTime[size];
        LocalDate[] lastDays = new LocalDate[size];
        Long[] streams = new Long[size];
        Long[] numbers = new Long[size];
        Buffer[] stanzas = new Buffer[size];
        for (int i = 0; i < size; i++) {
            Entry entry = entries.get(i).entry();
            peers[i] = entry.peer().bare().toString();
            sent[i] = entry.direction() == Direction.SENT;
            archived[i] = entry.archived();
            received[i] = entry.received().atOffset(ZoneOffset.UTC);
            lastDays[i] = entries.get(i).lastDay();
            streams[i] = entry.origin().stream();
            numbers[i] = entry.origin().number();
            stanzas[i] = Buffer.buffer(entries.get(i).stanza());
        }
        arguments
                .addArrayOfString(peers)
                .addArrayOfBoolean(sent)
                .addArrayOfBoolean(archived)
                .addArrayOfOffsetDateTime(received)
                .addArrayOfLocalDate(lastDays)
                .addArrayOfLong(streams)
                .addArrayOfLong(numbers)
                .addArrayOfBuffer(stanzas);
    }
}
