package im.stanzabus.profile;

import static im.stanzabus.profile.RunningProfile.await;
import static org.assertj.core.api.Assertions.assertThat;

import im.stanzabus.bus.Addresses;
import im.stanzabus.bus.IqAccess;
import im.stanzabus.bus.ServiceDescriptor;
import im.stanzabus.bus.api.Done;
import im.stanzabus.bus.api.LastSeen;
import im.stanzabus.bus.api.Purge;
import im.stanzabus.launcher.ServiceModule;
import im.stanzabus.stanza.Element;
import im.stanzabus.stanza.Jid;
import im.stanzabus.stanza.StanzaError.Condition;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.Pool;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The service as a whole, on a real bus with a real database.
class ProfileModuleTest {
    private static final String LAST = "<query xmlns='jabber:iq:last'/>";
    private static final List<String> TABLES = List.of("profile_vcard", "profile_private", "profile_last_seen");
    private RunningProfile profile;

    @BeforeEach
    void start() {
        profile = RunningProfile.start(ProfileConfig.DEFAULT);
    }

    @AfterEach
    void close() {
        profile.close();
    }

    @Test
    void theLauncherFindsIt() {
        assertThat(ServiceLoader.load(ServiceModule.class))
                .anySatisfy(module -> assertThat(module.name()).isEqualTo("profile-service"));
    }

    @Test
    void whatItAnnounces() {
        ServiceDescriptor descriptor = profile.services.living().getFirst();
        assertThat(descriptor.iqNamespaces())
                .isEqualTo(Map.of(
                        "vcard-temp", IqAccess.SUBSCRIBERS,
                        "jabber:iq:private", IqAccess.SELF,
                        "jabber:iq:last", IqAccess.SUBSCRIBERS));
        assertThat(descriptor.serverFeatures()).containsExactly("vcard-temp", "jabber:iq:private");
        assertThat(descriptor.accountFeatures()).containsExactly("vcard-temp", "jabber:iq:private", "jabber:iq:last");
        assertThat(descriptor.purge()).isTrue();
        assertThat(descriptor.version()).isEqualTo("1.2.3");
        profile.stop();
        assertThat(profile.services.living()).isEmpty();
    }

    /// XEP-0012 section 3.
    @Test
    void remembersWhenAccountsWereLastSeen() {
        Instant now = Instant.now();
        lastSeen("juliet@capulet.example", now.minusSeconds(903), "Heading Home");
        lastSeen("juliet@capulet.example", now.minusSeconds(2_000), "late news");
        Element query = profile.other("juliet@capulet.example", "get", LAST).getFirst();
        assertThat(query.text()).isEqualTo("Heading Home");
        assertThat(Long.parseLong(query.attribute("seconds"))).isBetween(903L, 963L);

        lastSeen("juliet@capulet.example", now.minusSeconds(1), "");
        assertThat(profile.other("juliet@capulet.example", "get", LAST)
                        .getFirst()
                        .text())
                .isEmpty();
        assertThat(profile.refusal("nurse@capulet.example", false, "get", LAST)).isEqualTo(Condition.ITEM_NOT_FOUND);
    }

    @Test
    void manyLogoutsAtOnce() {
        List<Future<Done>> answers = new ArrayList<>();
        for (int i = 0; i < 3_000; i++) {
            answers.add(profile.bus.request(
                    Addresses.PROFILE,
                    new LastSeen(Jid.of("u" + (i % 2_500) + "@capulet.example"), Instant.now(), "bye " + i),
                    Done.class));
        }
        await(Future.all(answers));
        assertThat(profile.other("u7@capulet.example", "get", LAST).getFirst().text())
                .isEqualTo("bye 2507");
        assertThat(profile.other("u2499@capulet.example", "get", LAST)
                        .getFirst()
                        .text())
                .isEqualTo("bye 2499");
    }

    @Test
    void forgetsARemovedAccountAndNoOther() {
        for (String account : List.of("romeo@capulet.example", "juliet@capulet.example")) {
            profile.own(account, "set", "<vCard xmlns='vcard-temp'><FN>x</FN></vCard>");
            profile.own(
                    account,
                    "set",
                    "<query xmlns='jabber:iq:private'><a xmlns='urn:1'>1</a><a xmlns='urn:2'>1</a></query>");
            lastSeen(account, Instant.now(), "");
        }
        profile.make("juliet@capulet.example");
        purge("juliet@capulet.example"); // late, from a process that was frozen: the account lives
        purge("romeo@capulet.example");
        purge("romeo@capulet.example");
        assertThat(TABLES).allSatisfy(table -> {
            assertThat(profile.rows(table, "romeo@capulet.example")).isZero();
            assertThat(profile.rows(table, "juliet@capulet.example")).isPositive();
        });
    }

    /// The sessions of a removed account end at the same time as its data.
    @Test
    void theLastLogoutOfARemovedAccountIsNotKept() {
        purge("romeo@capulet.example");
        lastSeen("romeo@capulet.example", Instant.now(), "argh");
        assertThat(profile.rows("profile_last_seen", "romeo@capulet.example")).isZero();
    }

    @Test
    void requestsThatWereBegunAreAnsweredBeforeItStops() {
        List<Future<List<Element>>> answers = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            answers.add(profile.request(
                    "u" + i + "@capulet.example", true, "set", "<vCard xmlns='vcard-temp'><FN>x</FN></vCard>"));
        }
        profile.own("z@capulet.example", "set", "<vCard xmlns='vcard-temp'><FN>x</FN></vCard>");
        profile.stop();
        await(Future.all(answers));
        assertThat(profile.rows("profile_vcard", "u49@capulet.example")).isEqualTo(1);
        assertThat(profile.refusal("z@capulet.example", true, "get", "<vCard xmlns='vcard-temp'/>"))
                .as("nobody listens any more")
                .isEqualTo(Condition.RESOURCE_CONSTRAINT);
    }

    @Test
    void withoutADatabaseRequestsMayBeTriedAgainLater() throws IOException {
        int closed;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            closed = socket.getLocalPort();
        }
        Vertx vertx = Vertx.vertx();
        Pool pool = PgBuilder.pool()
                .connectingTo(new PgConnectOptions().setHost("127.0.0.1").setPort(closed))
                .using(vertx)
                .build();
        try (RunningProfile without = RunningProfile.on(vertx, pool)) {
            assertThat(without.refusal("a@capulet.example", true, "get", "<vCard xmlns='vcard-temp'/>"))
                    .isEqualTo(Condition.RESOURCE_CONSTRAINT);
            assertThat(without.refusal("a@capulet.example", false, "get", LAST))
                    .isEqualTo(Condition.RESOURCE_CONSTRAINT);
        }
    }

    private void lastSeen(String account, Instant at, String status) {
        await(profile.bus.request(Addresses.PROFILE, new LastSeen(Jid.of(account), at, status), Done.class));
    }

    private void purge(String account) {
        String address = profile.services.living().getFirst().purgeAddress();
        await(profile.bus.request(address, new Purge(Jid.of(account)), Done.class));
    }
}
