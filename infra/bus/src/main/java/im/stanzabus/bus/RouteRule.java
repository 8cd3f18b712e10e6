package im.stanzabus.bus;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Sends the stanzas for some domains elsewhere than they would go.
///
/// @param domains matches the whole of a domain that is no virtual host here. What it cannot decide in a
///     bounded number of steps does not match: strangers choose domains, and must not hold an event loop
/// @param service the domain of the service that is to have them, whatever it has announced; null for the
///     way to other servers, whatever services have announced
public record RouteRule(Pattern domains, @Nullable String service) {
    private static final Logger LOG = LoggerFactory.getLogger(RouteRule.class);
    private static final int MOST_STEPS = 50_000;

    /// The expressions of which it was told that they are too slow.
    private static final Set<String> SLOW = ConcurrentHashMap.newKeySet();

    /// Where a domain goes; null if the rule is not about it.
    @Nullable
    Route route(String domain) {
        if (!matches(domain)) {
            return null;
        }
        return service == null ? new Route.Remote(domain) : new Route.Service(Addresses.domain(service));
    }

    private boolean matches(String domain) {
        try {
            return domains.matcher(new Steps(domain)).matches();
        } catch (TooManySteps | StackOverflowError e) {
            if (SLOW.add(domains.pattern())) {
                LOG.warn(
                        "the route '{}' cannot decide about some domains in {} steps, and is not for them",
                        domains,
                        MOST_STEPS);
            }
            return false;
        }
    }

    private static final class TooManySteps extends RuntimeException {
        private static final long serialVersionUID = 1L;

        TooManySteps() {
            super("too many steps", null, false, false);
        }
    }

    /// Counts how often it is looked at.
    private static final class Steps implements CharSequence {
        private final String text;
        private int steps;

        Steps(String text) {
            this.text = text;
        }

        @Override
        public char charAt(int index) {
            if (++steps > MOST_STEPS) {
                throw new TooManySteps();
            }
            return text.charAt(index);
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return text.subSequence(start, end);
        }

        @Override
        public String toString() {
            return text;
        }
    }
}
