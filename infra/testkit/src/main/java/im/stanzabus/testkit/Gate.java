package im.stanzabus.testkit;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Holds up a reader while it is closed. Safe from any thread.
final class Gate {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition opened = lock.newCondition();
    private boolean closed;

    void close() {
        set(true);
    }

    void open() {
        set(false);
    }

    private void set(boolean value) {
        lock.lock();
        try {
            closed = value;
            opened.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void pass() {
        lock.lock();
        try {
            while (closed) {
                opened.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }

    /// A stream whose bytes are read through the gate.
    InputStream before(InputStream source) {
        return new FilterInputStream(source) {
            @Override
            public int read() throws IOException {
                pass();
                return super.read();
            }

            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                pass();
                return super.read(bytes, offset, length);
            }
        };
    }
}
