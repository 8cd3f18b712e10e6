package im.stanzabus.cluster.hazelcast;

import im.stanzabus.bus.NodeId;
import im.stanzabus.bus.View;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/// A process that does nothing but be a member, and says who else is; until its standard input ends.
final class JoiningProcess {
    static final int PORT = 5701;

    private JoiningProcess() {}

    /// @param arguments how to join, the name that has all addresses or nothing, the own address
    public static void main(String[] arguments) throws IOException {
        JoinSettings settings = new JoinSettings(
                JoinSettings.Way.valueOf(arguments[0]),
                "namespaces",
                new NodeId(arguments[2]),
                "1.0",
                1,
                "installation",
                arguments[2],
                "",
                PORT,
                arguments[1].isEmpty() ? List.of() : List.of(arguments[1] + ':' + PORT),
                List.of(),
                Duration.ofSeconds(10),
                Duration.ofSeconds(3));
        HazelcastMembership membership = HazelcastMembership.join(settings);
        membership.listen(JoiningProcess::tell);
        tell(membership.view());
        while (System.in.read() >= 0) {
            // Nothing is expected but the end.
        }
        membership.die();
        System.exit(0);
    }

    private static void tell(View view) {
        System.out.println(view.members().stream()
                .map(member -> member.node().name())
                .sorted()
                .collect(Collectors.joining(" ", "members ", "")));
    }
}
