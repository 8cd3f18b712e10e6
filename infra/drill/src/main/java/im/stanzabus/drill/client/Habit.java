package im.stanzabus.drill.client;

/// What a client does when its stream breaks, and whether it stays.
public enum Habit {
    /// Resumes the stream, on the next gateway.
    RESUMES,
    /// Logs in anew, without resumption.
    LOGS_IN_AGAIN,
    /// Resumes, and is offline for some seconds from time to time by its own wish.
    LEAVES
}
