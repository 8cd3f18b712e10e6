package im.stanzabus.bench.link;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.LongConsumer;

/// Counts the messages in a stream of bytes, each of which says in its body when it was sent. To be
/// run by one thread.
final class Received implements Runnable {
    private static final int BUFFER = 64 * 1024;
    private static final byte[] MARK = "<body>".getBytes(StandardCharsets.US_ASCII);

    private final InputStream in;
    private final LongConsumer sentAt;
    private final byte[] buffer = new byte[BUFFER];
    private int end;

    /// @param sentAt told for each message when it was sent, as {@link System#nanoTime} has it
    Received(InputStream in, LongConsumer sentAt) {
        this.in = in;
        this.sentAt = sentAt;
    }

    @Override
    public void run() {
        try {
            for (int count = in.read(buffer, end, BUFFER - end);
                    count >= 0;
                    count = in.read(buffer, end, BUFFER - end)) {
                end += count;
                count();
            }
        } catch (IOException _) {
            // the bench has ended
        }
    }

    private void count() {
        int from = 0;
        int mark = find(0);
        while (mark >= 0) {
            int at = mark + MARK.length;
            long nanos = 0;
            while (at < end && buffer[at] >= '0' && buffer[at] <= '9') {
                nanos = nanos * 10 + buffer[at++] - '0';
            }
            if (at == end) {
                break; // the number may go on
            }
            sentAt.accept(nanos);
            from = at;
            mark = find(from);
        }
        // what may be the beginning of a mark stays
        int keep = mark >= 0 ? mark : Math.max(from, end - MARK.length + 1);
        System.arraycopy(buffer, keep, buffer, 0, end - keep);
        end -= keep;
    }

    private int find(int from) {
        for (int i = from; i <= end - MARK.length; i++) {
            if (buffer[i] == '<' && Arrays.equals(buffer, i, i + MARK.length, MARK, 0, MARK.length)) {
                return i;
            }
        }
        return -1;
    }
}
