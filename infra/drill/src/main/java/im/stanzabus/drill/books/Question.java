package im.stanzabus.drill.books;

/// A request other than a message, asked again until it succeeded.
///
/// @param kind such as `roster`
/// @param client who asked
/// @param askedAt when it was first asked, in the time of the books
/// @param answeredAt when it succeeded
public record Question(String kind, String client, long askedAt, long answeredAt) {}
