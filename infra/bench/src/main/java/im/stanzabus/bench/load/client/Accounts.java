package im.stanzabus.bench.load.client;

/// The users that there are, or that are to be made.
///
/// @param name with `%d` in place of the number
/// @param password likewise, or without
/// @param first number of the first one
public record Accounts(String name, String password, int first, String domain) {
    private static final String NUMBER = "%d";

    /// @throws IllegalArgumentException if all users would have the same name
    public Accounts {
        if (!name.contains(NUMBER)) {
            throw new IllegalArgumentException("the name of the users needs a %d for their number: " + name);
        }
        if (first < 0) {
            throw new IllegalArgumentException("the number of the first user must not be below 0: " + first);
        }
    }

    /// @param index from 0
    public Account account(int index) {
        String number = Integer.toString(first + index);
        return new Account(index, name.replace(NUMBER, number), password.replace(NUMBER, number), domain);
    }
}
