package im.stanzabus.processor;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Who a processor is and which stanzas it is for. Made by {@link #named}.
///
/// @param name by which the configuration enables it, such as `word-filter`
/// @param order where it stands among the others: lower numbers first, equal ones by name
/// @param before stanzas of clients that it sees before the server does
/// @param answers the IQ requests that it answers; null for none
/// @param after stanzas that it sees when the server has handled them
/// @param outgoing stanzas to clients that it filters
/// @param hostFeatures what every virtual host announces while it is loaded (XEP-0030)
/// @param accountFeatures the same for every account
/// @param settings the names of its settings with their defaults
/// @param dropsMessages true if it may let vanish what the server has promised to deliver ({@link
///     Verdict#drop})
public record ProcessorDescriptor(
        String name,
        int order,
        List<Selector> before,
        @Nullable Answers answers,
        List<Selector> after,
        List<Selector> outgoing,
        List<String> hostFeatures,
        List<String> accountFeatures,
        Map<String, String> settings,
        boolean dropsMessages) {
    private static final Pattern NAME = Pattern.compile("[a-z0-9]+(-[a-z0-9]+)*");

    /// The IQ requests that a processor answers.
    ///
    /// @param namespace of the request's child
    /// @param targets to whom a request may be addressed; for others the server answers
    ///     `service-unavailable`
    public record Answers(String namespace, Set<IqTarget> targets) {
        public Answers {
            targets = Set.copyOf(targets);
        }
    }

    /// @throws IllegalArgumentException if a name has other characters than small letters, digits
    ///     and hyphens
    public ProcessorDescriptor {
        requireName(name);
        settings.keySet().forEach(ProcessorDescriptor::requireName);
        before = List.copyOf(before);
        after = List.copyOf(after);
        outgoing = List.copyOf(outgoing);
        hostFeatures = List.copyOf(hostFeatures);
        accountFeatures = List.copyOf(accountFeatures);
        settings = Map.copyOf(settings);
    }

    private static void requireName(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("'" + name + "' is no name of a processor or a setting");
        }
    }

    /// A descriptor of that name, for no stanzas yet, of order 0.
    public static Builder named(String name) {
        return new Builder(name);
    }

    /// Collects the parts of a descriptor. Not thread-safe.
    public static final class Builder {
        private final String name;
        private final List<Selector> before = new ArrayList<>();
        private final List<Selector> after = new ArrayList<>();
        private final List<Selector> outgoing = new ArrayList<>();
        private final List<String> hostFeatures = new ArrayList<>();
        private final List<String> accountFeatures = new ArrayList<>();
        private final Map<String, String> settings = new LinkedHashMap<>();
        private @Nullable Answers answers;
        private int order;
        private boolean dropsMessages;

        private Builder(String name) {
            this.name = name;
        }

        /// Where it stands among the others; 0 if this is not said.
        public Builder order(int number) {
            order = number;
            return this;
        }

        /// Stanzas that it sees before the server does.
        public Builder before(Selector... stanzas) {
            before.addAll(List.of(stanzas));
            return this;
        }

        /// IQ requests that it answers. A processor comes before a service that has announced the
        /// same namespace.
        public Builder answers(String namespace, IqTarget... targets) {
            answers = new Answers(namespace, Set.of(targets));
            return this;
        }

        /// Stanzas that it sees when the server has handled them.
        public Builder after(Selector... stanzas) {
            after.addAll(List.of(stanzas));
            return this;
        }

        /// Stanzas to clients that it filters.
        public Builder outgoing(Selector... stanzas) {
            outgoing.addAll(List.of(stanzas));
            return this;
        }

        /// A feature of every virtual host.
        public Builder hostFeature(String feature) {
            hostFeatures.add(feature);
            return this;
        }

        /// A feature of every account.
        public Builder accountFeature(String feature) {
            accountFeatures.add(feature);
            return this;
        }

        /// A setting, read from `session-service.processor-settings.<processor>.<setting>`.
        public Builder setting(String setting, String defaultValue) {
            settings.put(setting, defaultValue);
            return this;
        }

        /// It may drop messages and subscription stanzas that the server has acknowledged, or
        /// will.
        public Builder dropsMessages() {
            dropsMessages = true;
            return this;
        }

        /// @throws IllegalArgumentException if a name has other characters than small letters,
        ///     digits and hyphens
        public ProcessorDescriptor build() {
            return new ProcessorDescriptor(
                    name,
                    order,
                    before,
                    answers,
                    after,
                    outgoing,
                    hostFeatures,
                    accountFeatures,
                    settings,
                    dropsMessages);
        }
    }
}
