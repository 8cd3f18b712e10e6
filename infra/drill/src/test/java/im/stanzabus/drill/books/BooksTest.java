package im.stanzabus.drill.books;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class BooksTest {
    private static final Label FIRST = new Label("u1/a", "u2", 0);
    private static final Label SECOND = new Label("u1/a", "u2", 1);

    private final Books books = new Books();

    private void kept(Label label, String stanzaId, long at) {
        books.sent(label, at);
        books.acknowledged(label, at + 1);
        books.delivered("u2/a", label.on(1), stanzaId, at + 2);
    }

    @Test
    void whatWasDeliveredOnceInOrderIsClean() {
        kept(FIRST, "10", 0);
        kept(SECOND, "11", 5);

        Tally tally = books.tally();
        assertThat(tally.isClean()).isTrue();
        assertThat(tally.sent()).isEqualTo(2);
        assertThat(tally.acknowledged()).isEqualTo(2);
        assertThat(tally.delivered()).isEqualTo(2);
        assertThat(tally.examples()).isEmpty();
        assertThat(books.missing()).isZero();
    }

    @Test
    void anAcknowledgedMessageThatNobodyGotIsLost() {
        kept(FIRST, "10", 0);
        books.sent(SECOND, 5);
        books.acknowledged(SECOND, 6);

        Tally tally = books.tally();
        assertThat(tally.lost()).isEqualTo(1);
        assertThat(tally.lostButArchived()).isZero();
        assertThat(tally.isClean()).isFalse();
        assertThat(tally.examples()).anyMatch(text -> text.startsWith("lost: u1/a u2 1 "));
        assertThat(books.missing()).isEqualTo(1);
        assertThat(books.accountsThatMiss()).containsExactly("u2");
    }

    @Test
    void whatOnlyTheArchiveHoldsIsLostAllTheSame() {
        books.sent(FIRST, 0);
        books.acknowledged(FIRST, 1);
        books.archived(FIRST);

        assertThat(books.tally().lost()).isEqualTo(1);
        assertThat(books.tally().lostButArchived()).isEqualTo(1);
    }

    @Test
    void whatWasNeverAcknowledgedIsNotLostButNotCleanEither() {
        books.sent(FIRST, 0);

        assertThat(books.tally().lost()).isZero();
        assertThat(books.tally().unacknowledged()).isEqualTo(1);
        assertThat(books.tally().isClean()).isFalse();
    }

    @Test
    void booksInWhichNothingWasAcknowledgedProveNothing() {
        assertThat(books.tally().isClean()).isFalse();
    }

    @Test
    void aCopyWithTheSameStanzaIdIsCountedAndForgiven() {
        kept(FIRST, "10", 0);
        books.delivered("u2/a", FIRST.on(1), "10", 9);

        assertThat(books.tally().knownCopies()).isEqualTo(1);
        assertThat(books.tally().doubled()).isZero();
        assertThat(books.tally().isClean()).isTrue();
    }

    @Test
    void aCopyWithAnotherStanzaIdIsDoubled() {
        kept(FIRST, "10", 0);
        books.delivered("u2/a", FIRST.on(1), "12", 9);

        assertThat(books.tally().doubled()).isEqualTo(1);
        assertThat(books.tally().isClean()).isFalse();
        assertThat(books.tally().examples()).anyMatch(text -> text.startsWith("doubled: u1/a u2 0 "));
    }

    @Test
    void aCopyWithoutStanzaIdIsDoubled() {
        books.sent(FIRST, 0);
        books.acknowledged(FIRST, 1);
        books.delivered("u2/a", FIRST.on(1), null, 2);
        books.delivered("u2/a", FIRST.on(1), null, 3);

        assertThat(books.tally().withoutStanzaId()).isEqualTo(2);
        assertThat(books.tally().doubled()).isEqualTo(1);
    }

    @Test
    void eachResourceOfAnAccountGetsItsOwnCopy() {
        kept(FIRST, "10", 0);
        books.delivered("u2/b", FIRST.on(1), "10", 3);

        assertThat(books.tally().knownCopies()).isZero();
        assertThat(books.tally().isClean()).isTrue();
    }

    @Test
    void aClientThatSendsAgainMakesACopyOnEachStream() {
        kept(FIRST, "10", 0);
        books.sentAgain(FIRST);
        books.delivered("u2/a", FIRST.on(2), "12", 9);

        assertThat(books.tally().sentAgain()).isEqualTo(1);
        assertThat(books.tally().ownCopies()).isEqualTo(1);
        assertThat(books.tally().doubled()).isZero();

        books.delivered("u2/a", FIRST.on(2), "13", 10);

        assertThat(books.tally().ownCopies()).isEqualTo(1);
        assertThat(books.tally().doubled()).isEqualTo(1);
    }

    @Test
    void whatASecondClientMissedOfAStreamMayComeWithTheNextOne() {
        books.sent(FIRST, 0);
        books.sent(SECOND, 1);
        books.delivered("u2/a", SECOND.on(1), "11", 2);
        books.sentAgain(FIRST);
        books.sentAgain(SECOND);
        books.delivered("u2/a", FIRST.on(2), "12", 3);
        books.delivered("u2/a", SECOND.on(2), "13", 4);

        assertThat(books.tally().outOfOrder()).isZero();
        assertThat(books.tally().ownCopies()).isEqualTo(1);
    }

    @Test
    void theCopiesOfAStreamKeepTheirOrder() {
        books.sent(FIRST, 0);
        books.sent(SECOND, 1);
        books.sentAgain(FIRST);
        books.sentAgain(SECOND);
        books.delivered("u2/a", SECOND.on(2), "11", 2);
        books.delivered("u2/a", FIRST.on(2), "12", 3);

        assertThat(books.tally().outOfOrder()).isEqualTo(1);
    }

    @Test
    void whatWasSentOnceKeepsItsOrderThoughALaterOneCameOnAnotherStream() {
        books.sent(FIRST, 0);
        books.sent(SECOND, 1);
        books.sentAgain(SECOND);
        books.delivered("u2/a", SECOND.on(2), "11", 2);
        books.delivered("u2/a", FIRST.on(1), "12", 3);

        assertThat(books.tally().outOfOrder()).isEqualTo(1);
    }

    @Test
    void aMessageAfterALaterOneIsOutOfOrder() {
        books.sent(FIRST, 0);
        books.sent(SECOND, 1);
        books.acknowledged(FIRST, 2);
        books.acknowledged(SECOND, 2);
        books.delivered("u2/a", SECOND.on(1), "10", 3);
        books.delivered("u2/a", FIRST.on(1), "11", 4);

        assertThat(books.tally().outOfOrder()).isEqualTo(1);
        assertThat(books.tally().lost()).isZero();
        assertThat(books.tally().isClean()).isFalse();
    }

    @Test
    void orderIsOfOnePairAtOneResource() {
        Label other = new Label("u3/a", "u2", 7);
        books.sent(other, 0);
        books.acknowledged(other, 0);
        books.delivered("u2/a", other.on(1), "9", 1);
        kept(FIRST, "10", 2);
        kept(SECOND, "11", 3);
        books.delivered("u2/b", SECOND.on(1), "11", 5);

        assertThat(books.tally().outOfOrder()).isZero();
    }

    @Test
    void aGapIsNotOutOfOrder() {
        books.sent(FIRST, 0);
        kept(SECOND, "11", 3);

        assertThat(books.tally().outOfOrder()).isZero();
    }

    @Test
    void aStanzaIdThatBelongsToAnotherMessageHidesTheSecond() {
        kept(FIRST, "10", 0);
        books.sent(SECOND, 1);
        books.acknowledged(SECOND, 2);
        books.delivered("u2/a", SECOND.on(1), "10", 3);

        assertThat(books.tally().clashes()).isEqualTo(1);
        assertThat(books.tally().lost()).isEqualTo(1);
    }

    @Test
    void aRefusedMessageIsNotLostUnlessSomebodyGotIt() {
        books.sent(FIRST, 0);
        books.acknowledged(FIRST, 1);
        books.refused(FIRST, "resource-constraint");

        assertThat(books.missing()).isZero();
        assertThat(books.tally().lost()).isZero();
        assertThat(books.tally().refused()).isEqualTo(1);
        assertThat(books.tally().refusedAndDelivered()).isZero();

        books.delivered("u2/a", FIRST.on(1), "10", 3);

        assertThat(books.missing()).isZero();
        assertThat(books.tally().refusedAndDelivered()).isEqualTo(1);
        assertThat(books.tally().isClean()).isFalse();
    }

    @Test
    void whatNobodySentOrSomebodyElseGotIsAStranger() {
        books.delivered("u2/a", FIRST.on(1), "10", 1);
        kept(FIRST, "10", 2);
        books.delivered("u3/a", FIRST.on(1), "11", 5);

        assertThat(books.tally().strangers()).isEqualTo(2);
        assertThat(books.tally().isClean()).isFalse();
    }

    @Test
    void aMessageIsSentForTheFirstTimeOnce() {
        books.sent(FIRST, 0);

        assertThatThrownBy(() -> books.sent(FIRST, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> books.acknowledged(SECOND, 1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void labelsAreReadAsTheyAreWritten() {
        assertThat(Label.parse(SECOND.text())).isEqualTo(SECOND);
        assertThat(Label.ofStanzaId(SECOND.stanzaId())).isEqualTo(SECOND);
        assertThat(Label.parse("hello there you")).isNull();
        assertThat(Label.ofStanzaId("q7")).isNull();
    }
}
