package im.stanzabus.drill.books;

import java.util.List;
import java.util.Set;

/// One fault as it happened. Times are those of the books.
///
/// @param kind what was done, such as `kill session-service`
/// @param victim to which process, or what else
/// @param startedAt when
/// @param wholeAt when all processes were ready and all clients online again
/// @param touched the clients that were connected to the victim itself; their messages do not count for the pause of
///     the others
/// @param clientsBackAfter how long the last of them took to be online again, in milliseconds; -1 if nobody was touched
/// @param failures what should not have happened, such as a process that did not come back
public record Incident(
        String kind,
        String victim,
        long startedAt,
        long wholeAt,
        Set<String> touched,
        long clientsBackAfter,
        List<String> failures) {

    /// The accounts of the touched clients.
    boolean touchesAccount(String account) {
        String start = account + '/';
        return touched.stream().anyMatch(client -> client.startsWith(start));
    }
}
