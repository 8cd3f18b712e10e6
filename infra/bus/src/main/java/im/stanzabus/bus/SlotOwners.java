package im.stanzabus.bus;

import im.stanzabus.stanza.Jid;

/// Who owns which account. An account hashes to one of {@link #SLOTS} slots; here all slots belong to the
/// session-service partitions of one node.
public final class SlotOwners {
    /// How many slots there are, in every installation.
    public static final int SLOTS = 1024;

    private final String[] partitions;

    public SlotOwners(NodeId node, int partitionCount) {
        partitions = new String[partitionCount];
        for (int i = 0; i < partitionCount; i++) {
            partitions[i] = Addresses.sessions(node, i);
        }
    }

    /// The bus address of the account's owner.
    public String addressOf(Jid account) {
        return partitions[slot(account) % partitions.length];
    }

    /// How many partitions the session-service of this node has.
    public int partitionCount() {
        return partitions.length;
    }

    /// The slot of an account: the same on every node and in every version.
    public static int slot(Jid account) {
        int hash = account.bare().toString().hashCode();
        hash ^= hash >>> 16;
        hash *= 0x85ebca6b;
        hash ^= hash >>> 13;
        return hash & (SLOTS - 1);
    }
}
