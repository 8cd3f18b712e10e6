package im.stanzabus.drill.books;

import org.jspecify.annotations.Nullable;

/// A message as a client sent it on one of its streams. One that could not resume a stream, and does not know
/// whether the server has the message, sends another copy on the next stream.
///
/// @param stream counts the streams of the client from 1; one that is resumed is the same
public record Copy(Label label, int stream) {
    /// The body of the message.
    public String text() {
        return label.text() + ' ' + stream;
    }

    /// The copy that a body tells of; null if it tells of none.
    public static @Nullable Copy parse(String text) {
        int last = text.lastIndexOf(' ');
        Label label = last < 0 ? null : Label.parse(text.substring(0, last));
        String stream = text.substring(last + 1);
        return label == null || !stream.matches("[0-9]{1,9}") ? null : new Copy(label, Integer.parseInt(stream));
    }
}
