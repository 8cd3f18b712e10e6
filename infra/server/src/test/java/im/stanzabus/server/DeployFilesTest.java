package im.stanzabus.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import im.stanzabus.launcher.LaunchOptions;
import im.stanzabus.launcher.Launcher;
import im.stanzabus.launcher.ServiceModule;
import im.stanzabus.launcher.config.ConfigFile;
import im.stanzabus.launcher.config.ConfigKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/// The files of `infra/deploy`, as far as they can be checked without a cluster: every reference has its
/// object, and the configuration in them is one that the server takes.
class DeployFilesTest {
    private static final Path FOLDER = Path.of("..", "deploy");
    private static final Path KUBERNETES = FOLDER.resolve("kubernetes");
    private static final Set<String> SERVICES = LaunchOptions.modulesOnClassPath().stream()
            .map(ServiceModule::name)
            .collect(Collectors.toCollection(TreeSet::new));

    @TempDir
    Path secrets;

    private final Map<String, List<Node>> files = new LinkedHashMap<>();

    /// A part of a YAML document, asked by path.
    private record Node(Object value) {
        Node at(Object... path) {
            Object now = value;
            for (Object step : path) {
                now = step instanceof Integer index ? ((List<?>) now).get(index) : ((Map<?, ?>) now).get(step);
                if (now == null) {
                    return new Node(null);
                }
            }
            return new Node(now);
        }

        String text(Object... path) {
            return String.valueOf(at(path).value);
        }

        int number(Object... path) {
            return (Integer) at(path).value;
        }

        List<Node> list(Object... path) {
            return at(path).value instanceof List<?> list
                    ? list.stream().map(each -> new Node(each)).toList()
                    : List.of();
        }

        Map<String, Node> map(Object... path) {
            Map<String, Node> map = new LinkedHashMap<>();
            if (at(path).value instanceof Map<?, ?> entries) {
                if (entries.get("<<") instanceof Map<?, ?> base) {
                    base.forEach((key, each) -> map.put(String.valueOf(key), new Node(each)));
                }
                entries.forEach((key, each) -> map.put(String.valueOf(key), new Node(each)));
                map.remove("<<");
            }
            return map;
        }

        Map<String, String> labels(Object... path) {
            return map(path).entrySet().stream()
                    .collect(Collectors.toMap(
                            Map.Entry::getKey, entry -> entry.getValue().text()));
        }
    }

    @BeforeEach
    void read() throws IOException {
        try (Stream<Path> all = Files.list(KUBERNETES)) {
            for (Path file : all.sorted().toList()) {
                files.put(file.getFileName().toString(), documents(file));
            }
        }
    }

    private static List<Node> documents(Path file) throws IOException {
        List<Node> documents = new ArrayList<>();
        new Load(LoadSettings.builder().build())
                .loadAllFromString(Files.readString(file))
                .forEach(document -> documents.add(new Node(document)));
        return documents;
    }

    private Stream<Node> of(String kind) {
        return files.values().stream()
                .flatMap(List::stream)
                .filter(document -> document.text("kind").equals(kind));
    }

    private Node named(String kind, String name) {
        return of(kind).filter(document -> document.text("metadata", "name").equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("there is no " + kind + ' ' + name));
    }

    /// All that have pods.
    private List<Node> workloads() {
        return Stream.concat(of("Deployment"), of("StatefulSet")).toList();
    }

    private static Node pod(Node workload) {
        return workload.at("spec", "template", "spec");
    }

    private static Node container(Node workload) {
        assertThat(pod(workload).list("containers")).hasSize(1);
        return pod(workload).at("containers", 0);
    }

    private List<Node> selected(Map<String, String> selector) {
        List<Node> found = workloads().stream()
                .filter(workload -> workload.labels("spec", "template", "metadata", "labels")
                        .entrySet()
                        .containsAll(selector.entrySet()))
                .toList();
        assertThat(found).as("pods with %s", selector).isNotEmpty();
        return found;
    }

    private static Set<String> portNames(Node workload) {
        return container(workload).list("ports").stream()
                .map(port -> port.text("name"))
                .collect(Collectors.toSet());
    }

    @Test
    void everyManifestIsAppliedOrAnExample() {
        Set<String> applied = files.get("kustomization.yaml").getFirst().list("resources").stream()
                .map(Node::text)
                .collect(Collectors.toSet());
        assertThat(files.keySet().stream()
                        .filter(name -> !name.equals("kustomization.yaml") && !name.endsWith(".example.yaml")))
                .containsExactlyInAnyOrderElementsOf(applied);
        files.forEach((name, documents) -> documents.stream()
                .filter(document -> !name.equals("kustomization.yaml"))
                .forEach(document -> assertThat(
                                document.text("kind").equals("Namespace")
                                        ? document.text("metadata", "name")
                                        : document.text("metadata", "namespace"))
                        .as(name)
                        .isEqualTo("stanzabus")));
    }

    @Test
    void everyServiceRunsTwiceAndIsNeverDisruptedWhole() {
        assertThat(of("Deployment").map(document -> document.text("metadata", "name")))
                .containsExactlyInAnyOrderElementsOf(SERVICES);
        for (String service : SERVICES) {
            Node deployment = named("Deployment", service);
            assertThat(container(deployment).list("args").stream().map(Node::text))
                    .containsExactly("run", service);
            assertThat(deployment.number("spec", "replicas")).isGreaterThanOrEqualTo(2);
            assertThat(deployment.number("spec", "strategy", "rollingUpdate", "maxUnavailable"))
                    .isZero();
            Node budget = named("PodDisruptionBudget", service);
            assertThat(budget.number("spec", "maxUnavailable")).isOne();
            assertThat(selected(budget.labels("spec", "selector", "matchLabels")))
                    .containsExactly(deployment);
        }
    }

    @Test
    void selectorsAndPortsResolve() {
        for (Node workload : workloads()) {
            assertThat(selected(workload.labels("spec", "selector", "matchLabels")))
                    .containsExactly(workload);
        }
        of("Service").forEach(service -> {
            List<Node> targets = selected(service.labels("spec", "selector"));
            for (Node port : service.list("spec", "ports")) {
                assertThat(targets)
                        .allSatisfy(target -> assertThat(portNames(target)).contains(port.text("targetPort")));
            }
        });
        of("NetworkPolicy").forEach(policy -> {
            List<Node> targets = selected(policy.labels("spec", "podSelector", "matchLabels"));
            for (Node rule : policy.list("spec", "ingress")) {
                rule.list("from").forEach(from -> selected(from.labels("podSelector", "matchLabels")));
                for (Node port : rule.list("ports")) {
                    assertThat(targets)
                            .allSatisfy(target -> assertThat(portNames(target)).contains(port.text("port")));
                }
            }
        });
    }

    @Test
    void whatIsMountedIsThere() {
        for (Node workload : workloads()) {
            Map<String, Node> volumes = pod(workload).list("volumes").stream()
                    .collect(Collectors.toMap(volume -> volume.text("name"), volume -> volume));
            workload.list("spec", "volumeClaimTemplates")
                    .forEach(claim -> volumes.put(claim.text("metadata", "name"), claim));
            assertThat(container(workload).list("volumeMounts").stream().map(mount -> mount.text("name")))
                    .containsExactlyInAnyOrderElementsOf(volumes.keySet());
            volumes.values().forEach(volume -> {
                if (volume.at("configMap").value != null) {
                    named("ConfigMap", volume.text("configMap", "name"));
                } else if (volume.at("secret").value != null) {
                    Node secret = named("Secret", volume.text("secret", "secretName"));
                    volume.list("secret", "items")
                            .forEach(
                                    item -> assertThat(secret.map("stringData")).containsKey(item.text("key")));
                }
            });
            container(workload).list("volumeMounts").stream()
                    .filter(mount -> mount.at("subPath").value != null)
                    .forEach(mount -> assertThat(
                                    named("ConfigMap", "stanzabus-config").map("data"))
                            .containsKey(mount.text("subPath")));
        }
    }

    @Test
    void processesAreProbedAndStopInTheirOwnTime() throws IOException {
        for (String service : SERVICES) {
            Node deployment = named("Deployment", service);
            Node container = container(deployment);
            assertThat(container.text("readinessProbe", "httpGet", "path")).isEqualTo("/health/ready");
            for (String probe : List.of("startupProbe", "livenessProbe")) {
                assertThat(container.text(probe, "httpGet", "path")).isEqualTo("/health/live");
            }
            for (String probe : List.of("startupProbe", "livenessProbe", "readinessProbe")) {
                assertThat(portNames(deployment)).contains(container.text(probe, "httpGet", "port"));
            }
            int before = container.number("lifecycle", "preStop", "sleep", "seconds");
            assertThat((long) pod(deployment).number("terminationGracePeriodSeconds"))
                    .isGreaterThan(before + stopSeconds(Set.of(service), configurationOf(service)));
        }
    }

    /// How long a process takes to stop at most.
    private static long stopSeconds(Set<String> services, ConfigFile file) {
        return Launcher.stopLimit(LaunchOptions.of(file).withServices(services)).toSeconds();
    }

    @Test
    void podsMayDoNoMoreThanTheyMust() {
        for (Node workload : workloads()) {
            assertThat(pod(workload).at("securityContext", "runAsNonRoot").value)
                    .isEqualTo(true);
            assertThat(pod(workload).text("securityContext", "seccompProfile", "type"))
                    .isEqualTo("RuntimeDefault");
            assertThat(pod(workload).at("automountServiceAccountToken").value).isEqualTo(false);
            assertThat(pod(workload).at("enableServiceLinks").value)
                    .as("variables STANZABUS_... would be taken for keys")
                    .isEqualTo(false);
            Node container = container(workload);
            assertThat(container.at("securityContext", "readOnlyRootFilesystem").value)
                    .isEqualTo(true);
            assertThat(container.at("securityContext", "allowPrivilegeEscalation").value)
                    .isEqualTo(false);
            assertThat(container.text("securityContext", "capabilities", "drop", 0))
                    .isEqualTo("ALL");
            assertThat(container.map("resources", "requests")).containsKeys("cpu", "memory");
            assertThat(container.map("resources", "limits")).containsKey("memory");
            assertThat(container.text("image")).matches("[a-z]+(:[0-9a-z.-]+)?");
        }
    }

    /// The version of the image is written once, and every container has a memory limit of which the JVM takes its
    /// share.
    @Test
    void theImageIsNamedOnceAndSizedByItsLimit() throws IOException {
        Node image = files.get("kustomization.yaml").getFirst().at("images", 0);
        assertThat(image.text("newTag")).isNotEmpty().isNotEqualTo("latest");
        for (String service : SERVICES) {
            assertThat(container(named("Deployment", service)).text("image")).isEqualTo(image.text("name"));
        }
        documents(FOLDER.resolve("compose.yaml")).getFirst().map("services").keySet().stream()
                .filter(name -> !name.equals("postgres"))
                .forEach(name -> assertThat(composeService(name)).containsKey("mem_limit"));
        String script = Files.readString(FOLDER.resolve("container.sh"));
        assertThat(script).contains("-XX:MaxRAMPercentage=").contains("-XX:MaxDirectMemorySize=");
        assertThat(Files.isExecutable(FOLDER.resolve("container.sh"))).isTrue();
        assertThat(Files.readString(FOLDER.resolve("Dockerfile")))
                .contains("infra/deploy/container.sh /usr/local/bin/stanzabus")
                .contains("ENTRYPOINT [\"/usr/local/bin/stanzabus\"]");
        List<String> ignored = Files.readAllLines(FOLDER.resolve("Dockerfile.dockerignore"));
        assertThat(ignored.indexOf("!infra/deploy/container.sh"))
                .as("later lines win")
                .isGreaterThan(ignored.indexOf("infra/deploy"));
    }

    /// The image asks for what pods are asked for, where the containers that Docker asks have it, and hears a refusal.
    @Test
    void theImageAsksWhetherItsProcessIsReady() throws Exception {
        String check = Files.readString(FOLDER.resolve("Dockerfile"))
                .replace("\\\n", " ")
                .lines()
                .filter(line -> line.startsWith("HEALTHCHECK "))
                .reduce("", String::concat);
        Matcher parts = Pattern.compile("HEALTHCHECK --interval=(\\d+)s --timeout=(\\d+)s --start-period=\\d+s"
                        + " --retries=\\d +CMD (\\[.*])")
                .matcher(check);
        assertThat(check).matches(parts.pattern());
        assertThat(parts.matches()).isTrue();
        assertThat(Integer.parseInt(parts.group(2))).isLessThan(Integer.parseInt(parts.group(1)));
        List<String> command = texts(new Node(new Load(LoadSettings.builder().build()).loadFromString(parts.group(3))));
        Node probe = container(named("Deployment", "c2s-gateway")).at("readinessProbe", "httpGet");
        assertThat(command.getLast()).contains("'GET " + probe.text("path") + " HTTP/1.0");
        Node compose = documents(FOLDER.resolve("compose.yaml")).getFirst();
        for (String name : compose.map("services").keySet()) {
            if (!name.equals("postgres")) {
                Map<String, String> keys = checked(composeConfiguration(compose, compose.map("services", name)));
                assertThat(keys).containsEntry("http.host", "0.0.0.0");
                assertThat(command.getLast()).contains("/dev/tcp/127.0.0.1/" + keys.get("http.port") + " ");
            }
        }
        assertThat(exitCode(command, 200)).isZero();
        assertThat(exitCode(command, 503)).isNotZero();
    }

    /// Of the image's question, when that is the answer.
    private static int exitCode(List<String> command, int answer) throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/health/ready", exchange -> {
            exchange.sendResponseHeaders(answer, -1);
            exchange.close();
        });
        server.start();
        List<String> there = command.stream()
                .map(part -> part.replaceFirst(
                        "/127.0.0.1/\\d+", "/127.0.0.1/" + server.getAddress().getPort()))
                .toList();
        try {
            return new ProcessBuilder(there).start().waitFor();
        } finally {
            server.stop(0);
        }
    }

    private static Map<String, Node> composeService(String name) {
        try {
            return documents(FOLDER.resolve("compose.yaml")).getFirst().map("services", name);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// What the launcher and all services make of a configuration.
    private static Map<String, String> checked(ConfigFile file) {
        Launcher.check(LaunchOptions.of(file));
        return file.keys().stream()
                .collect(Collectors.toMap(ConfigKey::path, ConfigKey::valueText, (first, _) -> first));
    }

    /// A configuration with the paths of secrets led to files. It can be read once.
    private ConfigFile configuration(
            String yaml, String secretFolder, Set<String> keys, Map<String, String> environment) throws IOException {
        for (String key : keys) {
            Files.writeString(secrets.resolve(key), "secret\n");
        }
        return ConfigFile.of(yaml.replace(secretFolder, secrets.toString()), secrets, environment);
    }

    private ConfigFile configurationOf(String service) throws IOException {
        Map<String, String> environment = new HashMap<>();
        for (Node variable : container(named("Deployment", service)).list("env")) {
            assertThat(variable.text("valueFrom", "fieldRef", "fieldPath")).isIn("status.podIP", "metadata.name");
            environment.put(
                    variable.text("name"),
                    variable.text("valueFrom", "fieldRef", "fieldPath").equals("status.podIP")
                            ? "10.1.2.3"
                            : service + "-5d8f-x2x");
        }
        return configuration(
                named("ConfigMap", "stanzabus-config").text("data", "stanzabus.yaml"),
                "/etc/stanzabus/secret",
                named("Secret", "stanzabus-secret").map("stringData").keySet(),
                environment);
    }

    @Test
    void theConfigurationOfThePodsIsRight() throws IOException {
        for (String service : SERVICES) {
            Node container = container(named("Deployment", service));
            Map<String, String> keys = checked(configurationOf(service));
            Node cluster = named("Service", keys.get("cluster.dns"));
            assertThat(cluster.text("spec", "clusterIP")).isEqualTo("None");
            assertThat(cluster.at("spec", "publishNotReadyAddresses").value).isEqualTo(true);
            assertThat(selected(cluster.labels("spec", "selector"))).contains(named("Deployment", service));
            named("Service", keys.get("database.host"));
            assertThat(keys).containsEntry("cluster.host", "10.1.2.3");
            assertThat(named("ConfigMap", "stanzabus-config").text("data", "stanzabus.yaml"))
                    .as("not counted from the node's processors")
                    .contains("instances:", "partitions:");
            for (Node port : container.list("ports")) {
                assertThat(port.text("containerPort")).as(port.text("name")).isEqualTo(keys.get(keyOf(port)));
            }
        }
    }

    private static String keyOf(Node port) {
        return switch (port.text("name")) {
            case "client" -> "c2s-gateway.port";
            case "client-tls" -> "c2s-gateway.direct-tls.port";
            case "server" -> "s2s-gateway.port";
            case "server-tls" -> "s2s-gateway.direct-tls.port";
            case "http" -> "http.port";
            case "membership" -> "cluster.port";
            case "bus" -> "cluster.bus-port";
            default -> throw new AssertionError(port);
        };
    }

    private static List<String> texts(Node list) {
        return list.list().stream().map(Node::text).toList();
    }

    private ConfigFile composeConfiguration(Node compose, Map<String, Node> service) throws IOException {
        return configuration(
                Files.readString(FOLDER.resolve("stanzabus.yaml")),
                "/run/secrets",
                compose.map("secrets").keySet(),
                service.get("environment").labels());
    }

    /// They insert what is to be sent, and must not speak to the processes.
    @Test
    void inComposeOtherProgramsReachTheDatabaseOnly() throws Exception {
        Node compose = documents(FOLDER.resolve("compose.yaml")).getFirst();
        assertThat(compose.map("networks")).containsKey("database");
        compose.map("services").forEach((name, _) -> {
            Node networks = compose.map("services", name).get("networks");
            boolean reached = networks.value() instanceof Map<?, ?> of
                    ? of.containsKey("database")
                    : texts(networks).contains("database");
            assertThat(reached).as(name).isEqualTo(name.equals("postgres"));
        });
    }

    @Test
    void composeRunsEveryServiceTwice() throws Exception {
        Node compose = documents(FOLDER.resolve("compose.yaml")).getFirst();
        List<String> run = new ArrayList<>();
        for (String name : compose.map("services").keySet()) {
            Map<String, Node> service = compose.map("services", name);
            assertThat(compose.map("secrets").keySet()).containsAll(texts(service.get("secrets")));
            if (name.equals("postgres")) {
                continue;
            }
            List<String> command = texts(service.get("command"));
            assertThat(command.getFirst()).isEqualTo("run");
            int times = service.containsKey("deploy") ? service.get("deploy").number("replicas") : 1;
            IntStream.range(0, times).forEach(_ -> run.addAll(command.subList(1, command.size())));
            Map<String, String> keys = checked(composeConfiguration(compose, service));
            assertThat(service.get("networks").text("bus", "aliases", 0)).isEqualTo(keys.get("cluster.dns"));
            assertThat(compose.map("networks")).containsKey("bus");
            assertThat(compose.map("services")).containsKey(keys.get("database.host"));
            String grace = service.get("stop_grace_period").text();
            Set<String> services = Set.copyOf(command.subList(1, command.size()));
            assertThat(Long.parseLong(grace.replaceFirst("s$", "")))
                    .isGreaterThan(stopSeconds(services, composeConfiguration(compose, service)));
            for (String port : texts(service.getOrDefault("ports", new Node(List.of())))) {
                assertThat(port.substring(port.indexOf(':') + 1))
                        .isIn(
                                keys.get("c2s-gateway.port"),
                                keys.get("c2s-gateway.direct-tls.port"),
                                keys.get("s2s-gateway.port"),
                                keys.get("s2s-gateway.direct-tls.port"));
            }
        }
        assertThat(run).hasSize(2 * SERVICES.size());
        assertThat(new TreeSet<>(run)).isEqualTo(SERVICES);
    }
}
