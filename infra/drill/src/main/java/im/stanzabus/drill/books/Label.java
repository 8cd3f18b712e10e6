package im.stanzabus.drill.books;

import org.jspecify.annotations.Nullable;

/// What is written on a message so that it is known again wherever it turns up.
///
/// @param sender a client, such as `u7/a`
/// @param receiver an account, such as `u9`
/// @param number counts the messages of this pair from 0
public record Label(String sender, String receiver, int number) {
    /// The message as it is sent on one stream.
    public Copy on(int stream) {
        return new Copy(this, stream);
    }

    public String text() {
        return sender + ' ' + receiver + ' ' + number;
    }

    /// The `id` of the stanza, the same whenever the client sends it.
    public String stanzaId() {
        return sender.replace('/', '-') + '_' + receiver + '_' + number;
    }

    /// The label of a stanza with this `id`; null if it is none.
    public static @Nullable Label ofStanzaId(String id) {
        String[] parts = id.split("_", -1);
        int dash = parts[0].lastIndexOf('-');
        if (parts.length != 3 || dash < 0) {
            return null;
        }
        return parse(
                parts[0].substring(0, dash) + '/' + parts[0].substring(dash + 1) + ' ' + parts[1] + ' ' + parts[2]);
    }

    /// The label that was written like that; null if it is none.
    public static @Nullable Label parse(String text) {
        String[] parts = text.split(" ", -1);
        if (parts.length != 3 || !parts[2].matches("[0-9]{1,9}")) {
            return null;
        }
        return new Label(parts[0], parts[1], Integer.parseInt(parts[2]));
    }
}
