package im.stanzabus.drill.client;

import org.jspecify.annotations.Nullable;

/// An account with what its clients remember of its login.
final class Account {
    private final String name;
    private final String domain;
    private final String password;
    private @Nullable ScramKeys keys;

    Account(String name, String domain, String password) {
        this.name = name;
        this.domain = domain;
        this.password = password;
    }

    String name() {
        return name;
    }

    String domain() {
        return domain;
    }

    String password() {
        return password;
    }

    String jid() {
        return name + '@' + domain;
    }

    /// The keys that belong to a salt, derived once: a client may keep them instead of the password (RFC 5802).
    ScramKeys keys(String salt, int iterations) {
        ScramKeys known = keys;
        if (known == null || !known.belongsTo(salt, iterations)) {
            known = ScramKeys.derive(password, salt, iterations);
            keys = known;
        }
        return known;
    }
}
