package im.stanzabus.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleName;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The walls between the parts of the server, which no module system holds here.
class ModuleBoundariesTest {
    private static final List<String> SERVICES =
            List.of("c2s", "s2s", "session", "roster", "offline", "auth", "profile", "sender");

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("im.stanzabus");

    @Test
    void aServiceKnowsNoOtherService() {
        for (String service : SERVICES) {
            String[] others = SERVICES.stream()
                    .filter(other -> !other.equals(service))
                    .map(other -> "im.stanzabus." + other + "..")
                    .toArray(String[]::new);
            noClasses()
                    .that()
                    .resideInAPackage("im.stanzabus." + service + "..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(others)
                    .because("services talk over the bus only")
                    .check(CLASSES);
        }
    }

    @Test
    void infraKnowsNoService() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        "im.stanzabus.stanza..",
                        "im.stanzabus.stream..",
                        "im.stanzabus.processor..",
                        "im.stanzabus.bus..",
                        "im.stanzabus.storage..",
                        "im.stanzabus.cluster..",
                        "im.stanzabus.launcher..",
                        "im.stanzabus.drill..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(SERVICES.stream()
                        .map(service -> "im.stanzabus." + service + "..")
                        .toArray(String[]::new))
                .check(CLASSES);
    }

    @Test
    void stanzasKnowNeitherVertxNorTheRestOfTheServer() {
        classes()
                .that()
                .resideInAPackage("im.stanzabus.stanza..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "im.stanzabus.stanza..",
                        "java..",
                        "javax.xml..",
                        "org.jspecify..",
                        "org.codehaus.stax2..",
                        "com.fasterxml.aalto..",
                        "rocks.xmpp.precis..")
                .check(CLASSES);
    }

    /// What streams are made of is the same for all gateways, and for a gateway on another bus.
    @Test
    void streamsKnowStanzasOnly() {
        noClasses()
                .that()
                .resideInAPackage("im.stanzabus.stream..")
                .should()
                .dependOnClassesThat(resideInAPackage("im.stanzabus..")
                        .and(not(resideInAnyPackage("im.stanzabus.stream..", "im.stanzabus.stanza.."))))
                .check(CLASSES);
    }

    /// The resolver is an exception: it reads the data of DNS records.
    @Test
    void channelsAreKnownInOnePlace() {
        noClasses()
                .that()
                .resideOutsideOfPackages("im.stanzabus.stream..", "im.stanzabus.s2s.dns")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.netty.handler..", "io.netty.buffer..", "io.netty.channel.socket..")
                .because("gateways know the bytes under a stream through infra/stream only")
                .check(CLASSES);
    }

    /// Whoever writes a processor has nothing of the server to learn but stanzas, and nothing to do
    /// but to answer.
    @Test
    void processorsKnowStanzasOnly() {
        classes()
                .that()
                .resideInAPackage("im.stanzabus.processor..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "im.stanzabus.processor..", "im.stanzabus.stanza..", "java..", "org.jspecify..", "org.slf4j..")
                .check(CLASSES);
        noClasses()
                .that()
                .resideInAPackage("im.stanzabus.processor")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("im.stanzabus.processor.loading..", "org.slf4j..")
                .check(CLASSES);
    }

    @Test
    void theResolverReadsRecordsOnly() {
        noClasses()
                .that()
                .resideInAPackage("im.stanzabus.s2s.dns")
                .should()
                .dependOnClassesThat(
                        resideInAPackage("io.netty.handler..").and(not(resideInAPackage("io.netty.handler.codec.dns"))))
                .check(CLASSES);
    }

    @Test
    void gatewaysKnowNothingOfStorage() {
        noClasses()
                .that()
                .resideInAnyPackage("im.stanzabus.c2s..", "im.stanzabus.s2s..", "im.stanzabus.session..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.vertx.sqlclient..", "io.vertx.pgclient..", "im.stanzabus.storage..")
                .because("gateways know streams, the session manager knows soft state")
                .check(CLASSES);
    }

    /// The session manager is told which slots are its own; how that is found out is not its
    /// business. The other services own nothing. All may know whether the process is cut off from
    /// the others.
    @Test
    void onlyTheSessionManagerKnowsTheKeeperOfSlots() {
        DescribedPredicate<JavaClass> beneath =
                resideInAPackage("im.stanzabus.cluster.*..").and(not(simpleName("Isolation")));
        noClasses()
                .that()
                .resideInAPackage("im.stanzabus.session..")
                .should()
                .dependOnClassesThat(beneath)
                .check(CLASSES);
        noClasses()
                .that()
                .resideInAnyPackage(SERVICES.stream()
                        .filter(service -> !service.equals("session"))
                        .map(service -> "im.stanzabus." + service + "..")
                        .toArray(String[]::new))
                .should()
                .dependOnClassesThat(beneath.or(resideInAPackage("im.stanzabus.cluster")))
                .check(CLASSES);
    }

    /// Who owns what is decided without knowing how processes find each other, and without SQL.
    @Test
    void ownershipKnowsNeitherHazelcastNorTheDatabase() {
        noClasses()
                .that()
                .resideInAPackage("im.stanzabus.cluster")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "im.stanzabus.cluster.*..",
                        "im.stanzabus.storage..",
                        "io.vertx.sqlclient..",
                        "io.vertx.pgclient..",
                        "com.hazelcast..")
                .check(CLASSES);
    }

    @Test
    void hazelcastIsKnownInOnePlace() {
        noClasses()
                .that()
                .resideOutsideOfPackage("im.stanzabus.cluster.hazelcast..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("com.hazelcast..")
                .check(CLASSES);
    }

    /// The drill sees the server as its clients and the operating system do, so that it cannot
    /// share its mistakes. It only starts a PostgreSQL the same way.
    @Test
    void theDrillStandsOutside() {
        noClasses()
                .that()
                .resideInAPackage("im.stanzabus.drill..")
                .should()
                .dependOnClassesThat(resideInAPackage("im.stanzabus..")
                        .and(not(resideInAnyPackage("im.stanzabus.drill..", "im.stanzabus.storage"))))
                .check(CLASSES);
        noClasses()
                .that()
                .resideOutsideOfPackage("im.stanzabus.drill..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("im.stanzabus.drill..")
                .check(CLASSES);
    }

    @Test
    void whatIsForTestsIsUsedByTestsOnly() {
        noClasses()
                .that()
                .resideOutsideOfPackages("..testing..", "im.stanzabus.testkit..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("im.stanzabus..testing..", "im.stanzabus.testkit..")
                .check(CLASSES);
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching("im.stanzabus.(**)").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void onlyTheBusTouchesTheEventBus() {
        noClasses()
                .that()
                .resideOutsideOfPackage("im.stanzabus.bus..")
                .should()
                .dependOnClassesThat()
                .haveNameMatching("io\\.vertx\\.core\\.eventbus\\.(?!EventBusOptions).*")
                .because("what is asked of other processes must be known in one place")
                .check(CLASSES);
    }

    @Test
    void nothingBlocksAnEventLoop() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        "im.stanzabus.stream..", "im.stanzabus.c2s..", "im.stanzabus.s2s..", "im.stanzabus.session..")
                .should()
                .callMethod(Thread.class, "sleep", long.class)
                .orShould()
                .callMethod("io.vertx.core.Future", "await")
                .orShould()
                .callMethod(java.util.concurrent.CompletableFuture.class, "get")
                .orShould()
                .callMethod(java.util.concurrent.CompletableFuture.class, "join")
                .check(CLASSES);
    }
}
