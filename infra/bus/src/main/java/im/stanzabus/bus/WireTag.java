package im.stanzabus.bus;

/// What follows in a bus message. The order is the wire format: new ones go to the end.
enum WireTag {
    NULL,
    TRUE,
    FALSE,
    INT,
    LONG,
    STRING,
    JID,
    BYTES,
    INSTANT,
    PAYLOAD,
    ENUM,
    LIST,
    SET,
    MAP,
    RECORD;

    private static final WireTag[] ALL = values();

    static WireTag of(byte ordinal) {
        if (ordinal < 0 || ordinal >= ALL.length) {
            throw new IllegalArgumentException("bus message with unknown tag " + ordinal);
        }
        return ALL[ordinal];
    }
}
