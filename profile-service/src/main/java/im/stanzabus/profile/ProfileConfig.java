package im.stanzabus.profile;

import im.stanzabus.launcher.config.Settings;

/// How much accounts may keep.
///
/// @param vcardMaxBytes the size of a vCard with its photo, as it was sent
/// @param privateMaxBytes the size of what is stored under one element name
/// @param privateMaxElements how many element names an account may store something under
public record ProfileConfig(int vcardMaxBytes, int privateMaxBytes, int privateMaxElements) {
    static final ProfileConfig DEFAULT = new ProfileConfig(256 * 1024, 64 * 1024, 200);

    private static final int KIB = 1024;
    private static final int MIB = 1024 * KIB;

    static ProfileConfig read(Settings settings) {
        return new ProfileConfig(
                settings.bytes("vcard-max-size", DEFAULT.vcardMaxBytes, KIB, 16 * MIB),
                settings.bytes("private-max-size", DEFAULT.privateMaxBytes, KIB, 16 * MIB),
                settings.number("private-max-elements", DEFAULT.privateMaxElements, 1, 100_000));
    }
}
