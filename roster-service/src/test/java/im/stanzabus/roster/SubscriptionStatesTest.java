package im.stanzabus.roster;

import static im.stanzabus.roster.SubscriptionState.BOTH;
import static im.stanzabus.roster.SubscriptionState.FROM;
import static im.stanzabus.roster.SubscriptionState.FROM_PENDING_OUT;
import static im.stanzabus.roster.SubscriptionState.NONE;
import static im.stanzabus.roster.SubscriptionState.NONE_PENDING_OUT;
import static im.stanzabus.roster.SubscriptionState.TO;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import im.stanzabus.bus.api.RosterRequest.Sharing;
import im.stanzabus.stanza.StanzaType;
import java.util.Locale;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// Every row of RFC 6121 Appendix A. Columns: existing state, routed or delivered, new state, roster push,
/// automatic answer, change in who sees the user's presence. A dash is "no" or "none".
class SubscriptionStatesTest {

    @DisplayName("RFC 6121 A.2.1, outbound subscribe")
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            None                  | routed | None + Pending Out    | push | - | -
            None + Pending Out    | routed | None + Pending Out    | -    | - | -
            None + Pending In     | routed | None + Pending Out+In | push | - | -
            None + Pending Out+In | routed | None + Pending Out+In | -    | - | -
            To                    | routed | To                    | -    | - | -
            To + Pending In       | routed | To + Pending In       | -    | - | -
            From                  | routed | From + Pending Out    | push | - | -
            From + Pending Out    | routed | From + Pending Out    | -    | - | -
            Both                  | routed | Both                  | -    | - | -
            """)
    void outboundSubscribe(String from, String passed, String to, String push, String reply, String sharing) {
        Transition transition = SubscriptionStates.outbound(StanzaType.SUBSCRIBE, unapproved(from));
        assertRow(transition, passed, to, push, reply, sharing);
        assertThat(transition.after().approved()).isFalse();
    }

    @DisplayName("RFC 6121 A.2.2, outbound unsubscribe")
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            None                  | routed | None              | -    | - | -
            None + Pending Out    | routed | None              | push | - | -
            None + Pending In     | routed | None + Pending In | -    | - | -
            None + Pending Out+In | routed | None + Pending In | push | - | -
            To                    | routed | None              | push | - | -
            To + Pending In       | routed | None + Pending In | push | - | -
            From                  | routed | From              | -    | - | -
            From + Pending Out    | routed | From              | push | - | -
            Both                  | routed | From              | push | - | -
            """)
    void outboundUnsubscribe(String from, String passed, String to, String push, String reply, String sharing) {
        Transition transition = SubscriptionStates.outbound(StanzaType.UNSUBSCRIBE, unapproved(from));
        assertRow(transition, passed, to, push, reply, sharing);
        assertThat(transition.after().approved()).isFalse();
    }

    /// The last column is the pre-approval of section 3.4.
    @DisplayName("RFC 6121 A.2.3, outbound subscribed")
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            None                  | -      | None               | push | - | -       | approved
            None + Pending Out    | -      | None + Pending Out | push | - | -       | approved
            None + Pending In     | routed | From               | push | - | started | -
            None + Pending Out+In | routed | From + Pending Out | push | - | started | -
            To                    | -      | To                 | push | - | -       | approved
            To + Pending In       | routed | Both               | push | - | started | -
            From                  | -      | From               | -    | - | -       | -
            From + Pending Out    | -      | From + Pending Out | -    | - | -       | -
            Both                  | -      | Both               | -    | - | -       | -
            """)
    void outboundSubscribed(
            String from, String passed, String to, String push, String reply, String sharing, String approved) {
        Transition transition = SubscriptionStates.outbound(StanzaType.SUBSCRIBED, unapproved(from));
        assertRow(transition, passed, to, push, reply, sharing);
        assertThat(transition.after().approved()).isEqualTo(approved.equals("approved"));
    }

    @DisplayName("RFC 6121 A.2.4, outbound unsubscribed")
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            None                  | -      | None               | -    | - | -
            None + Pending Out    | -      | None + Pending Out | -    | - | -
            None + Pending In     | routed | None               | -    | - | -
            None + Pending Out+In | routed | None + Pending Out | -    | - | -
            To                    | -      | To                 | -    | - | -
            To + Pending In       | routed | To                 | -    | - | -
            From                  | routed | None               | push | - | ended
            From + Pending Out    | routed | None + Pending Out | push | - | ended
            Both                  | routed | To                 | push | - | ended
            """)
    void outboundUnsubscribed(String from, String passed, String to, String push, String reply, String sharing) {
        Transition transition = SubscriptionStates.outbound(StanzaType.UNSUBSCRIBED, unapproved(from));
        assertRow(transition, passed, to, push, reply, sharing);
        assertThat(transition.after().approved()).isFalse();
    }

    /// Who is subscribed and asks again gets the presence with the answer: it has lost what it knew.
    @DisplayName("RFC 6121 A.3.1, inbound subscribe")
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            None                  | delivered | None + Pending In     | - | -          | -
            None + Pending Out    | delivered | None + Pending Out+In | - | -          | -
            None + Pending In     | -         | None + Pending In     | - | -          | -
            None + Pending Out+In | -         | None + Pending Out+In | - | -          | -
            To                    | delivered | To + Pending In       | - | -          | -
            To + Pending In       | -         | To + Pending In       | - | -          | -
            From                  | -         | From                  | - | subscribed | started
            From + Pending Out    | -         | From + Pending Out    | - | subscribed | started
            Both                  | -         | Both                  | - | subscribed | started
            """)
    void inboundSubscribe(String from, String passed, String to, String push, String reply, String sharing) {
        Transition transition = SubscriptionStates.inbound(StanzaType.SUBSCRIBE, unapproved(from));
        assertRow(transition, passed, to, push, reply, sharing);
    }

    @DisplayName("RFC 6121 A.3.2, inbound unsubscribe")
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            None                  | -         | None               | -    | -            | -
            None + Pending Out    | -         | None + Pending Out | -    | -            | -
            None + Pending In     | delivered | None               | -    | unsubscribed | -
            None + Pending Out+In | delivered | None + Pending Out | -    | unsubscribed | -
            To                    | -         | To                 | -    | -            | -
            To + Pending In       | delivered | To                 | -    | unsubscribed | -
            From                  | delivered | None               | push | unsubscribed | ended
            From + Pending Out    | delivered | None + Pending Out | push | unsubscribed | ended
            Both                  | delivered | To                 | push | unsubscribed | ended
            """)
    void inboundUnsubscribe(String from, String passed, String to, String push, String reply, String sharing) {
        Transition transition = SubscriptionStates.inbound(StanzaType.UNSUBSCRIBE, unapproved(from));
        assertRow(transition, passed, to, push, reply, sharing);
    }

    @DisplayName("RFC 6121 A.3.3, inbound subscribed")
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            None                  | -         | None              | -    | - | -
            None + Pending Out    | delivered | To                | push | - | -
            None + Pending In     | -         | None + Pending In | -    | - | -
            None + Pending Out+In | delivered | To + Pending In   | push | - | -
            To                    | -         | To                | -    | - | -
            To + Pending In       | -         | To + Pending In   | -    | - | -
            From                  | -         | From              | -    | - | -
            From + Pending Out    | delivered | Both              | push | - | -
            Both                  | -         | Both              | -    | - | -
            """)
    void inboundSubscribed(String from, String passed, String to, String push, String reply, String sharing) {
        Transition transition = SubscriptionStates.inbound(StanzaType.SUBSCRIBED, unapproved(from));
        assertRow(transition, passed, to, push, reply, sharing);
    }

    @DisplayName("RFC 6121 A.3.4, inbound unsubscribed")
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            None                  | -         | None              | -    | - | -
            None + Pending Out    | delivered | None              | push | - | -
            None + Pending In     | -         | None + Pending In | -    | - | -
            None + Pending Out+In | delivered | None + Pending In | push | - | -
            To                    | delivered | None              | push | - | -
            To + Pending In       | delivered | None + Pending In | push | - | -
            From                  | -         | From              | -    | - | -
            From + Pending Out    | delivered | From              | push | - | -
            Both                  | delivered | From              | push | - | -
            """)
    void inboundUnsubscribed(String from, String passed, String to, String push, String reply, String sharing) {
        Transition transition = SubscriptionStates.inbound(StanzaType.UNSUBSCRIBED, unapproved(from));
        assertRow(transition, passed, to, push, reply, sharing);
    }

    @DisplayName("RFC 6121 3.4.2 and A.3.1 note 1, inbound subscribe of a contact that was approved beforehand")
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            None               | - | From               | push | subscribed | started
            None + Pending Out | - | From + Pending Out | push | subscribed | started
            To                 | - | Both               | push | subscribed | started
            From               | - | From               | -    | subscribed | started
            From + Pending Out | - | From + Pending Out | -    | subscribed | started
            Both               | - | Both               | -    | subscribed | started
            """)
    void approvedBeforehand(String from, String passed, String to, String push, String reply, String sharing) {
        Transition transition = SubscriptionStates.inbound(StanzaType.SUBSCRIBE, new Standing(state(from), true));
        assertRow(transition, passed, to, push, reply, sharing);
        assertThat(transition.after().approved()).isTrue();
    }

    @DisplayName("RFC 6121 3.2.2, outbound unsubscribed takes an approval beforehand back")
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            None               | -      | None               | push | - | -
            None + Pending Out | -      | None + Pending Out | push | - | -
            To                 | -      | To                 | push | - | -
            From               | routed | None               | push | - | ended
            From + Pending Out | routed | None + Pending Out | push | - | ended
            Both               | routed | To                 | push | - | ended
            """)
    void approvalTakenBack(String from, String passed, String to, String push, String reply, String sharing) {
        Transition transition = SubscriptionStates.outbound(StanzaType.UNSUBSCRIBED, new Standing(state(from), true));
        assertRow(transition, passed, to, push, reply, sharing);
        assertThat(transition.after().approved()).isFalse();
    }

    @DisplayName("RFC 6121 2.5.2, what ends everything when a contact is removed")
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            None                  | []
            None + Pending Out    | [UNSUBSCRIBE]
            None + Pending In     | [UNSUBSCRIBED]
            None + Pending Out+In | [UNSUBSCRIBE, UNSUBSCRIBED]
            To                    | [UNSUBSCRIBE]
            To + Pending In       | [UNSUBSCRIBE, UNSUBSCRIBED]
            From                  | [UNSUBSCRIBED]
            From + Pending Out    | [UNSUBSCRIBE, UNSUBSCRIBED]
            Both                  | [UNSUBSCRIBE, UNSUBSCRIBED]
            """)
    void parting(String state, String stanzas) {
        assertThat(SubscriptionStates.parting(state(state))).hasToString(stanzas);
    }

    @Test
    void approvingTwiceBeforehandIsSilent() {
        Transition again = SubscriptionStates.outbound(StanzaType.SUBSCRIBED, new Standing(NONE, true));

        assertThat(again.passed()).isFalse();
        assertThat(again.pushed()).isFalse();
        assertThat(again.after()).isEqualTo(new Standing(NONE, true));
    }

    /// RFC 6121 section 3.4.2: the record stays until the user sends `unsubscribed` or removes the contact.
    @Test
    void approvalBeforehandOutlivesTheContactsUnsubscribe() {
        Standing left = SubscriptionStates.inbound(StanzaType.UNSUBSCRIBE, new Standing(FROM, true))
                .after();

        assertThat(left).isEqualTo(new Standing(NONE, true));
        assertThat(SubscriptionStates.inbound(StanzaType.SUBSCRIBE, left)
                        .after()
                        .state())
                .isEqualTo(FROM);
    }

    @ParameterizedTest
    @EnumSource(
            value = StanzaType.class,
            names = {"AVAILABLE", "UNAVAILABLE", "PROBE", "ERROR", "CHAT"})
    void otherStanzasAreNotItsBusiness(StanzaType type) {
        assertThatThrownBy(() -> SubscriptionStates.inbound(type, Standing.STRANGERS))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> SubscriptionStates.outbound(type, Standing.STRANGERS))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aStateIsFoundByWhatItMeans() {
        for (SubscriptionState state : SubscriptionState.values()) {
            assertThat(SubscriptionState.of(state.subscription(), state.pendingOut(), state.pendingIn()))
                    .isEqualTo(state);
        }
        assertThat(TO.asking()).isEqualTo(TO);
        assertThat(FROM.asked()).isEqualTo(FROM);
        assertThat(NONE_PENDING_OUT.withFrom()).isEqualTo(FROM_PENDING_OUT);
        assertThat(FROM_PENDING_OUT.withTo()).isEqualTo(BOTH);
    }

    private static void assertRow(
            Transition transition, String passed, String to, String push, String reply, String sharing) {
        assertThat(transition.passed()).as("routed or delivered").isEqualTo(!passed.equals("-"));
        assertThat(transition.after().state()).as("new state").isEqualTo(state(to));
        assertThat(transition.pushed()).as("roster push").isEqualTo(push.equals("push"));
        assertThat(transition.reply())
                .as("automatic answer")
                .isEqualTo(reply.equals("-") ? null : StanzaType.valueOf(reply.toUpperCase(Locale.ROOT)));
        assertThat(transition.sharing())
                .as("presence")
                .isEqualTo(sharing.equals("-") ? null : Sharing.valueOf(sharing.toUpperCase(Locale.ROOT)));
    }

    private static Standing unapproved(String name) {
        return new Standing(state(name), false);
    }

    /// `None + Pending Out+In` is NONE_PENDING_OUT_IN.
    private static SubscriptionState state(String name) {
        return SubscriptionState.valueOf(name.toUpperCase(Locale.ROOT)
                .replace(" + ", "_")
                .replace('+', '_')
                .replace(' ', '_'));
    }
}
