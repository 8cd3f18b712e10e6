package im.stanzabus.processor.loading;

import im.stanzabus.processor.AccountView;
import im.stanzabus.processor.FilterVerdict;
import im.stanzabus.processor.Passage;
import im.stanzabus.processor.ProcessorDescriptor;
import im.stanzabus.processor.Selector;
import im.stanzabus.processor.Verdict;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.Payload;
import im.stanzabus.stanza.Stanza;
import im.stanzabus.stanza.StanzaError;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The enabled processors in their order, place by place. Accounts are looked at only when a
/// processor has chosen the stanza. Safe from any thread.
public final class ProcessorChain {
    /// No processors.
    public static final ProcessorChain NONE = new ProcessorChain(List.of());

    private final List<LoadedProcessor> all;
    private final List<LoadedProcessor> before;
    private final List<LoadedProcessor> after;
    private final List<LoadedProcessor> outgoing;

    /// A stanza that a processor wants to be sent.
    ///
    /// @param processor its name
    /// @param index its place among those that the same call has asked for, from 0
    public record Further(String processor, int index, Stanza stanza) {}

    /// @param processors in any order
    public ProcessorChain(Collection<LoadedProcessor> processors) {
        all = processors.stream()
                .sorted(Comparator.comparingInt((LoadedProcessor processor) ->
                                processor.descriptor().order())
                        .thenComparing(processor -> processor.descriptor().name()))
                .toList();
        before = thoseWith(ProcessorDescriptor::before);
        after = thoseWith(ProcessorDescriptor::after);
        outgoing = thoseWith(ProcessorDescriptor::outgoing);
    }

    private List<LoadedProcessor> thoseWith(Function<ProcessorDescriptor, List<Selector>> place) {
        return all.stream()
                .filter(processor -> !place.apply(processor.descriptor()).isEmpty())
                .toList();
    }

    /// All of them, in their order.
    public List<LoadedProcessor> all() {
        return all;
    }

    /// False if {@link #before} lets everything pass.
    public boolean isBefore() {
        return !before.isEmpty();
    }

    /// False if {@link #after} returns nothing.
    public boolean isAfter() {
        return !after.isEmpty();
    }

    /// False if {@link #outgoing} lets everything pass.
    public boolean isOutgoing() {
        return !outgoing.isEmpty();
    }

    /// A client has sent a stanza.
    public Outcome before(Stanza sent, Supplier<AccountView> account, Jid client, boolean retry) {
        Stanza stanza = sent;
        for (LoadedProcessor processor : before) {
            if (!processor.wantsBefore(stanza)) {
                continue;
            }
            switch (processor.before(new Passage(stanza, account.get(), client, retry))) {
                case FilterVerdict.Pass _ -> {}
                case FilterVerdict.Replace(Payload payload) -> stanza = stanza.withPayload(payload);
                case FilterVerdict.Drop _ -> {
                    return new Outcome.Ended(null);
                }
                case Verdict.Refuse(StanzaError error) -> {
                    return new Outcome.Ended(Promised.isAnswerable(sent) ? error : null);
                }
            }
        }
        return new Outcome.Onward(stanza);
    }

    /// The server has handled a stanza.
    ///
    /// @param client who has sent it; null if it came for the account
    public List<Further> after(Stanza stanza, Supplier<AccountView> account, @Nullable Jid client, boolean retry) {
        List<Further> further = new ArrayList<>();
        for (LoadedProcessor processor : after) {
            if (processor.wantsAfter(stanza)) {
                List<Stanza> wanted = processor.after(new Passage(stanza, account.get(), client, retry));
                for (int i = 0; i < wanted.size(); i++) {
                    further.add(new Further(processor.descriptor().name(), i, wanted.get(i)));
                }
            }
        }
        return further;
    }

    /// A stanza is about to be sent to a client.
    ///
    /// @return what is sent in its place; null for nothing
    public @Nullable Stanza outgoing(Stanza delivered, Supplier<AccountView> account, Jid client) {
        Stanza stanza = delivered;
        for (LoadedProcessor processor : outgoing) {
            if (processor.wantsOutgoing(stanza)) {
                switch (processor.outgoing(new Passage(stanza, account.get(), client, false))) {
                    case FilterVerdict.Pass _ -> {}
                    case FilterVerdict.Replace(Payload payload) -> stanza = stanza.withPayload(payload);
                    case FilterVerdict.Drop _ -> {
                        return null;
                    }
                }
            }
        }
        return stanza;
    }
}
