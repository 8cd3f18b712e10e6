package im.stanzabus.auth.account;

import com.ongres.scram.common.ScramFunctions;
import com.ongres.scram.common.ScramMechanism;
import com.ongres.scram.common.StringPreparation;
import im.stanzabus.bus.BusFailure;
import im.stanzabus.stanza.StanzaError;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;

/// The slow part of passwords: PBKDF2, on threads of its own and with a bounded queue, so that a flood of
/// passwords neither stops the event loop nor fills the memory. Safe from any thread; futures complete on
/// the caller's context.
public final class KeyDerivation {
    private final WorkerExecutor threads;
    private final int maxWaiting;
    private final AtomicInteger waiting = new AtomicInteger();
    private final SecureRandom random = new SecureRandom();
    private final int iterations;

    /// @param iterations of PBKDF2 for new passwords
    /// @param threadCount how many passwords are worked on at a time
    /// @param maxWaiting how many may wait or be worked on before others are turned away
    public KeyDerivation(Vertx vertx, int iterations, int threadCount, int maxWaiting) {
        this.iterations = iterations;
        this.maxWaiting = maxWaiting;
        this.threads =
                vertx.createSharedWorkerExecutor("stanzabus-passwords-" + System.identityHashCode(this), threadCount);
    }

    /// The iteration count of new passwords.
    public int iterations() {
        return iterations;
    }

    /// Makes the keys of a new password, with new salts. Fails with `resource-constraint` when too many
    /// passwords wait.
    public Future<Credentials> derive(Password password) {
        return run(() -> new Credentials(
                newKeys(ScramHash.SHA_512, password),
                newKeys(ScramHash.SHA_256, password),
                newKeys(ScramHash.SHA_1, password)));
    }

    /// True if the password belongs to the keys. Takes the same time whether or not. Fails with
    /// `resource-constraint` when too many passwords wait.
    ///
    /// @param begins runs on the working thread before the work; what it throws is the outcome
    public Future<Boolean> matches(ScramHash hash, ScramKeys keys, Password password, Runnable begins) {
        return run(() -> {
            begins.run();
            ScramKeys tried = keys(hash, password, keys.salt(), keys.iterations());
            return MessageDigest.isEqual(tried.storedKey(), keys.storedKey());
        });
    }

    /// Ends the threads.
    public Future<Void> close() {
        return threads.close();
    }

    private <T> Future<T> run(Callable<T> work) {
        if (waiting.incrementAndGet() > maxWaiting) {
            waiting.decrementAndGet();
            return Future.failedFuture(new BusFailure(
                    StanzaError.of(StanzaError.Condition.RESOURCE_CONSTRAINT, "too many logins at once"),
                    "more than " + maxWaiting + " passwords wait for their check"));
        }
        return threads.executeBlocking(work, false)
                .onComplete(_ -> waiting.decrementAndGet())
                .map(result -> Objects.requireNonNull(result));
    }

    private ScramKeys newKeys(ScramHash hash, Password password) {
        return keys(hash, password, ScramFunctions.salt(ScramKeys.SALT_BYTES, random), iterations);
    }

    /// The keys of a password (RFC 5802 section 3).
    static ScramKeys keys(ScramHash hash, Password password, byte[] salt, int iterations) {
        ScramMechanism functions = hash.functions();
        // The preparation that leaves as it is what it cannot prepare; the password is prepared already.
        byte[] salted = ScramFunctions.saltedPassword(
                functions, StringPreparation.POSTGRESQL_PREPARATION, password.characters(), salt, iterations);
        return new ScramKeys(
                salt,
                iterations,
                ScramFunctions.storedKey(functions, ScramFunctions.clientKey(functions, salted)),
                ScramFunctions.serverKey(functions, salted));
    }
}
