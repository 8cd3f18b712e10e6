package im.stanzabus.bus;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Who is on the bus, as one process sees it at one moment. Immutable.
///
/// @param members sorted by node
public record View(List<Member> members) {
    public View {
        members = members.stream()
                .sorted(Comparator.comparing(member -> member.node().name()))
                .toList();
    }

    /// The addresses under which a name is served, by members that are not leaving.
    public List<String> serving(String name) {
        List<String> found = new ArrayList<>();
        for (Member member : members) {
            if (!member.leaving() && member.names().contains(name)) {
                found.add(Addresses.at(name, member.node()));
            }
        }
        return found;
    }

    /// The addresses of all names that start like this.
    ///
    /// @param leaving true to have those of leaving members too
    public List<String> servingAll(String prefix, boolean leaving) {
        List<String> found = new ArrayList<>();
        for (Member member : members) {
            if (leaving || !member.leaving()) {
                member.names().stream()
                        .filter(name -> name.startsWith(prefix))
                        .sorted()
                        .forEach(name -> found.add(Addresses.at(name, member.node())));
            }
        }
        return found;
    }

    @Nullable
    public Member member(NodeId node) {
        for (Member member : members) {
            if (member.node().equals(node)) {
                return member;
            }
        }
        return null;
    }

    public boolean has(NodeId node) {
        return member(node) != null;
    }
}
