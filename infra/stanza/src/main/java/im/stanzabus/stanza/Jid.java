package im.stanzabus.stanza;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// An XMPP address (RFC 7622): `localpart@domainpart/resourcepart`, always in prepared form, so that two addresses
/// are the same exactly when their texts are equal. Immutable and usable as a key from any thread.
public final class Jid implements Comparable<Jid> {
    private final @Nullable String local;
    private final String domain;
    private final @Nullable String resource;
    private final String text;
    private final Jid bare;

    private Jid(@Nullable String local, String domain, @Nullable String resource) {
        this.local = local;
        this.domain = domain;
        this.resource = resource;
        String bareText = local == null ? domain : local + '@' + domain;
        if (resource == null) {
            this.text = bareText;
            this.bare = this;
        } else {
            this.text = bareText + '/' + resource;
            this.bare = new Jid(local, domain, null);
        }
    }

    private Jid(Jid bare, String resource) {
        this.local = bare.local;
        this.domain = bare.domain;
        this.resource = resource;
        this.text = bare.text + '/' + resource;
        this.bare = bare;
    }

    /// Parses and prepares an address from the wire or from a person (RFC 7622 section 3).
    ///
    /// @throws JidSyntaxException if a part is empty, too long, or not allowed by its profile
    public static Jid parse(String text) throws JidSyntaxException {
        Jid cached = JidCache.get(text);
        if (cached != null) {
            return cached;
        }
        int slash = text.indexOf('/');
        String bareText = slash < 0 ? text : text.substring(0, slash);
        int at = bareText.indexOf('@');
        Jid jid = prepared(
                at < 0 ? null : bareText.substring(0, at),
                bareText.substring(at + 1),
                slash < 0 ? null : text.substring(slash + 1));
        JidCache.put(text, jid);
        return jid;
    }

    /// Prepares the three parts of an address; a null part is absent.
    public static Jid prepared(@Nullable String local, String domain, @Nullable String resource)
            throws JidSyntaxException {
        return new Jid(
                local == null ? null : JidParts.localpart(local),
                JidParts.domainpart(domain),
                resource == null ? null : JidParts.resourcepart(resource));
    }

    /// An address known to be right, such as a constant or one that was prepared before.
    ///
    /// @throws IllegalArgumentException if it is not an address after all
    public static Jid of(String text) {
        try {
            return parse(text);
        } catch (JidSyntaxException e) {
            throw new IllegalArgumentException("not an address: " + text + ": " + e.getMessage(), e);
        }
    }

    public @Nullable String local() {
        return local;
    }

    public String domain() {
        return domain;
    }

    public @Nullable String resource() {
        return resource;
    }

    /// This address without its resourcepart.
    public Jid bare() {
        return bare;
    }

    /// The domainpart alone.
    public Jid domainJid() {
        return local == null && resource == null ? this : new Jid(null, domain, null);
    }

    /// This account with a resourcepart, which is prepared first.
    public Jid withResource(String resourcepart) throws JidSyntaxException {
        return new Jid(bare, JidParts.resourcepart(resourcepart));
    }

    /// True for `local@domain` and for `domain`.
    public boolean isBare() {
        return resource == null;
    }

    /// True when there is a resourcepart.
    public boolean isFull() {
        return resource != null;
    }

    /// True when there is a localpart, so that the address is one of an account (or of something in a service).
    public boolean hasLocal() {
        return local != null;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other || (other instanceof Jid jid && text.equals(jid.text));
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public int compareTo(Jid other) {
        return text.compareTo(other.text);
    }

    /// The address as it is written on the wire.
    @Override
    public String toString() {
        return text;
    }

    /// True if both are the same account, whatever their resources.
    public static boolean sameAccount(@Nullable Jid a, @Nullable Jid b) {
        return a != null && b != null && Objects.equals(a.bare, b.bare);
    }
}
