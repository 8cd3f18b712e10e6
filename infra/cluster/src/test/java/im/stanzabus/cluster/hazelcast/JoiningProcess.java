package im.stanzabus.cluster.hazelcast;

import im.stanzabus.bus.NodeId;
import im.stanzabus.bus.View;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/// A process that does nothing but be a member, and says who else is; until its standard input ends.
final class JoiningProcess {
    private JoiningProcess() {}

    /// @param arguments how to join, the cluster, a seed or nothing, the own name, address and port
    public static void main(String[] arguments) throws IOException {
        JoinSettings settings = new JoinSettings(
                JoinSettings.Way.valueOf(arguments[0]),
                arguments[1],
                new NodeId(arguments[3]),
                "1.0",
                1,
                "installation",
                arguments[4],
                "",
                Integer.parseInt(arguments[5]),
                arguments[2].isEmpty() ? List.of() : List.of(arguments[2]),
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
