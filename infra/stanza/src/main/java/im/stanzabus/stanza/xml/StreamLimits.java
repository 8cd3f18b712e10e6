package im.stanzabus.stanza.xml;

/// What a peer may make us buffer. Each breach is a `policy-violation` stream error before more is read.
///
/// @param maxStanzaBytes bytes of one top-level element, its tags included; also of the stream header
/// @param maxDepth elements inside each other, the top-level element counted as 1
/// @param maxAttributes attributes of one element, namespace declarations included
/// @param maxNameBytes bytes of one element or attribute name
public record StreamLimits(int maxStanzaBytes, int maxDepth, int maxAttributes, int maxNameBytes) {
    /// What a fresh installation allows to an authenticated client.
    public static final StreamLimits DEFAULT = new StreamLimits(262_144, 64, 64, 512);

    public StreamLimits withMaxStanzaBytes(int bytes) {
        return new StreamLimits(bytes, maxDepth, maxAttributes, maxNameBytes);
    }
}
