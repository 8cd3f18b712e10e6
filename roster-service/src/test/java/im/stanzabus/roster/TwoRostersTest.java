package im.stanzabus.roster;

import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.stanza.StanzaType;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/// Two users, each with a roster that only {@link SubscriptionStates} drives, and a link between them that
/// keeps order in each direction. What each believes must fit what the other believes when nothing is under way
/// any more.
class TwoRostersTest {

    /// What a user may do.
    enum Act {
        SUBSCRIBE,
        UNSUBSCRIBE,
        SUBSCRIBED,
        UNSUBSCRIBED,
        REMOVE
    }

    /// @param first the first of the two users acts
    record Step(boolean first, Act act) {}

    /// When what one user did is settled before the next thing is done, the rosters are each other's mirror.
    @Property(tries = 2_000)
    void settledRostersAreMirrors(@ForAll("steps") List<Step> steps, @ForAll long seed) {
        Link link = new Link(new Random(seed));
        for (Step step : steps) {
            link.act(step);
            link.settle();
            assertMirrors(link.first.standing.state(), link.second.standing.state());
            assertMirrors(link.second.standing.state(), link.first.standing.state());
        }
    }

    private static void assertMirrors(SubscriptionState one, SubscriptionState other) {
        assertThat(one.to()).isEqualTo(other.from());
        assertThat(one.pendingOut()).isEqualTo(other.pendingIn());
    }

    /// However stanzas cross: nobody believes to see the presence of somebody who does not grant it. The
    /// contrary is possible in RFC 6121, when a repeated request crosses its own refusal and is granted later:
    /// the grant reaches somebody who asks no more and is ignored (A.3.3). The next request or `unsubscribe`
    /// repairs that.
    @Property(tries = 5_000)
    void crossingStanzasNeverGiveMoreThanWasGranted(@ForAll("steps") List<Step> steps, @ForAll long seed) {
        Link link = new Link(new Random(seed));
        for (Step step : steps) {
            link.act(step);
            link.deliverSome();
        }
        link.settle();

        for (User user : List.of(link.first, link.second)) {
            User other = link.other(user);
            if (user.standing.state().to()) {
                assertThat(other.standing.state().from()).isTrue();
            } else if (other.standing.state().from()) {
                Act repair = seed % 2 == 0 ? Act.SUBSCRIBE : Act.UNSUBSCRIBE;
                link.act(new Step(user == link.first, repair));
                link.settle();
                assertThat(user.standing.state().to())
                        .isEqualTo(other.standing.state().from())
                        .isEqualTo(repair == Act.SUBSCRIBE);
            }
        }
    }

    /// Whatever happened before, also removals: to ask and to approve always leads to a subscription.
    @Property(tries = 2_000)
    void askingAndApprovingAlwaysWorks(@ForAll("steps") List<Step> steps, @ForAll long seed) {
        Link link = new Link(new Random(seed));
        for (Step step : steps) {
            link.act(step);
            link.deliverSome();
        }
        link.settle();

        link.act(new Step(true, Act.SUBSCRIBE));
        link.settle();
        link.act(new Step(false, Act.SUBSCRIBED));
        link.settle();

        assertThat(link.first.standing.state().to()).isTrue();
        assertThat(link.second.standing.state().from()).isTrue();
    }

    @Provide
    Arbitrary<List<Step>> steps() {
        Arbitrary<Step> step = Combinators.combine(Arbitraries.of(true, false), Arbitraries.of(Act.class))
                .as(Step::new);
        return step.list().ofMaxSize(40);
    }

    private static final class User {
        private final Queue<StanzaType> sent = new ArrayDeque<>();
        private Standing standing = Standing.STRANGERS;

        private void act(Act act) {
            if (act == Act.REMOVE) {
                sent.addAll(SubscriptionStates.parting(standing.state()));
                standing = Standing.STRANGERS;
                return;
            }
            StanzaType type = StanzaType.valueOf(act.name());
            Transition transition = SubscriptionStates.outbound(type, standing);
            standing = transition.after();
            if (transition.passed()) {
                sent.add(type);
            }
        }

        private void receive(StanzaType type) {
            Transition transition = SubscriptionStates.inbound(type, standing);
            standing = transition.after();
            if (transition.reply() != null) {
                sent.add(transition.reply());
            }
        }
    }

    private static final class Link {
        private final User first = new User();
        private final User second = new User();
        private final Random random;

        private Link(Random random) {
            this.random = random;
        }

        private User other(User user) {
            return user == first ? second : first;
        }

        private void act(Step step) {
            (step.first ? first : second).act(step.act);
        }

        private void deliverSome() {
            for (int i = random.nextInt(4); i > 0; i--) {
                deliverOne();
            }
        }

        private void settle() {
            for (int i = 0; deliverOne(); i++) {
                assertThat(i).as("answers to answers").isLessThan(10_000);
            }
        }

        private boolean deliverOne() {
            List<User> senders = new ArrayList<>(List.of(first, second));
            senders.removeIf(user -> user.sent.isEmpty());
            if (senders.isEmpty()) {
                return false;
            }
            User sender = senders.get(random.nextInt(senders.size()));
            other(sender).receive(sender.sent.remove());
            return true;
        }
    }
}
