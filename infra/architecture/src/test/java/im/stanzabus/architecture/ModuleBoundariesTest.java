package im.stanzabus.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The walls between the parts of the server, which no module system holds here.
class ModuleBoundariesTest {
    private static final List<String> SERVICES = List.of("c2s", "session", "roster", "offline", "auth", "profile");

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
                        "im.stanzabus.bus..",
                        "im.stanzabus.storage..",
                        "im.stanzabus.launcher..")
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

    @Test
    void gatewaysKnowNothingOfStorage() {
        noClasses()
                .that()
                .resideInAnyPackage("im.stanzabus.c2s..", "im.stanzabus.session..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.vertx.sqlclient..", "io.vertx.pgclient..", "im.stanzabus.storage..")
                .because("gateways know streams, the session manager knows soft state")
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
                .haveFullyQualifiedName("io.vertx.core.eventbus.EventBus")
                .check(CLASSES);
    }

    @Test
    void nothingBlocksAnEventLoop() {
        noClasses()
                .that()
                .resideInAnyPackage("im.stanzabus.c2s..", "im.stanzabus.session..")
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
