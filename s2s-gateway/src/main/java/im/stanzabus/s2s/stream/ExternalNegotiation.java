package im.stanzabus.s2s.stream;

import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.JidSyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collection;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// SASL EXTERNAL between servers (RFC 6120 section 6.3.8, XEP-0178 section 3): the certificate of
/// the TLS connection proves the domain. What it is valid for has been found out before; this is
/// what is said then.
///
/// Each side is confined to its stream.
public final class ExternalNegotiation {
    public static final String MECHANISM = "EXTERNAL";

    /// No data, where there must be some text (RFC 6120 section 6.4.2).
    private static final String EMPTY = "=";

    private ExternalNegotiation() {}

    /// What an initiating server does next.
    public sealed interface Step {
        /// Send `<auth/>` for EXTERNAL.
        ///
        /// @param response its text
        record Auth(String response) implements Step {}

        /// Prove the domain by dialback instead.
        record Dialback() implements Step {}

        /// There is no way to be authorized.
        ///
        /// @param reason for the log
        record GiveUp(String reason) implements Step {}
    }

    /// The side that opened the stream.
    public static final class Initiator {
        private final String domain;
        private final boolean certified;
        private final boolean dialback;
        private boolean named;

        /// @param domain that this server speaks for; the `from` of its stream header
        /// @param certified whether TLS is there and a certificate was presented
        /// @param dialback whether the peer knows dialback
        public Initiator(String domain, boolean certified, boolean dialback) {
            this.domain = domain;
            this.certified = certified;
            this.dialback = dialback;
        }

        /// @param mechanisms that the peer has offered
        public Step begin(Collection<String> mechanisms) {
            if (!certified || !mechanisms.contains(MECHANISM)) {
                return otherwise("the peer offers no way to authenticate");
            }
            named = true;
            // XEP-0178 section 3, step 10: not needed any more, and said for those who rely on it
            return new Step.Auth(Base64.getEncoder().encodeToString(domain.getBytes(StandardCharsets.UTF_8)));
        }

        /// Whoever does not like to be told the identity may take it from the stream header.
        /// After every other failure, dialback may still succeed (XEP-0178 section 3, step 11).
        ///
        /// @param condition of the failure
        public Step failed(String condition) {
            if (named && condition.equals("invalid-authzid")) {
                named = false;
                return new Step.Auth(EMPTY);
            }
            return otherwise("the peer does not accept the certificate: " + condition);
        }

        private Step otherwise(String reason) {
            return dialback ? new Step.Dialback() : new Step.GiveUp(reason);
        }
    }

    /// What a receiving server answers.
    public sealed interface Outcome {
        /// Ask for the identity: the peer has sent no initial response.
        record Challenge() implements Outcome {}

        /// The peer speaks for the domain.
        record Success(String domain) implements Outcome {}

        /// @param condition of RFC 6120 section 6.5
        /// @param last whether the stream ends; if not, the peer may try again, or dialback may
        ///     follow
        record Failure(String condition, boolean last) implements Outcome {}
    }

    /// The side that was connected to.
    public static final class Receiver {
        /// RFC 6120 section 6.4.5: at least two are allowed, and at most five.
        private static final int MOST_FAILURES = 3;

        private final @Nullable String from;
        private final Predicate<String> proven;
        private final boolean dialback;
        private boolean challenged;
        private int failures;

        /// @param from of the peer's stream header, in prepared form; null without one
        /// @param proven whether the peer's certificate proves a domain, as the policy for this
        ///     domain wants
        /// @param dialback whether the policy lets the peer prove itself by dialback
        public Receiver(@Nullable String from, Predicate<String> proven, boolean dialback) {
            this.from = from;
            this.proven = proven;
            this.dialback = dialback;
        }

        /// Whether EXTERNAL is offered: only to whom it would succeed for (RFC 6120 section
        /// 6.3.4).
        public boolean offers() {
            return from != null && proven.test(from);
        }

        /// The peer has sent `<auth/>`.
        ///
        /// @param text of the element
        public Outcome auth(@Nullable String mechanism, String text) {
            if (challenged) {
                return failure("malformed-request");
            }
            if (!MECHANISM.equals(mechanism)) {
                return failure("invalid-mechanism");
            }
            if (text.isBlank()) {
                challenged = true;
                return new Outcome.Challenge();
            }
            return identified(text.strip());
        }

        /// The peer has sent `<response/>`.
        ///
        /// @param text of the element
        public Outcome response(String text) {
            if (!challenged) {
                return failure("malformed-request");
            }
            return identified(text.strip());
        }

        /// The peer has sent `<abort/>`.
        public Outcome abort() {
            return failure("aborted");
        }

        private Outcome identified(String text) {
            byte[] identity;
            try {
                identity =
                        text.equals(EMPTY) ? new byte[0] : Base64.getDecoder().decode(text);
            } catch (IllegalArgumentException e) {
                return failure("incorrect-encoding");
            }
            String domain = from;
            if (domain == null || !proven.test(domain)) {
                return failure("not-authorized");
            }
            // Another domain of the certificate has to be the stream's own: it is what the stream is known by.
            return identity.length == 0 || domain.equals(domain(identity))
                    ? new Outcome.Success(domain)
                    : failure("invalid-authzid");
        }

        private static @Nullable String domain(byte[] identity) {
            try {
                Jid jid = Jid.parse(new String(identity, StandardCharsets.UTF_8));
                return jid.hasLocal() || jid.isFull() ? null : jid.domain();
            } catch (JidSyntaxException e) {
                return null;
            }
        }

        private Outcome failure(String condition) {
            challenged = false;
            failures++;
            return new Outcome.Failure(condition, failures >= MOST_FAILURES || !(dialback || offers()));
        }
    }
}
