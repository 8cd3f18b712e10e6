package im.stanzabus.cluster.hazelcast;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.HazelcastInstanceAware;
import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.IdentifiedDataSerializable;
import java.io.IOException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/// Brings one member's announcement to another and takes that one's back. It goes from member to member
/// directly: no partition of a distributed map is needed, so none can be lost on the way.
final class Exchange implements Callable<byte[]>, IdentifiedDataSerializable, HazelcastInstanceAware {
    static final int FACTORY = 5222;
    static final int ID = 1;

    /// Where a member's {@link Announcements} are in its user context.
    static final String CONTEXT = "stanzabus.announcements";

    private byte[] announcement;
    private @Nullable HazelcastInstance instance;

    /// Made empty by the receiver.
    Exchange() {
        this(new byte[0]);
    }

    Exchange(byte[] announcement) {
        this.announcement = announcement;
    }

    @Override
    public void setHazelcastInstance(HazelcastInstance receiver) {
        instance = receiver;
    }

    @Override
    public byte[] call() {
        if (instance != null && instance.getUserContext().get(CONTEXT) instanceof Announcements announcements) {
            announcements.learn(announcement);
            return announcements.own();
        }
        return new byte[0];
    }

    @Override
    public int getFactoryId() {
        return FACTORY;
    }

    @Override
    public int getClassId() {
        return ID;
    }

    @Override
    public void writeData(ObjectDataOutput out) throws IOException {
        out.writeByteArray(announcement);
    }

    @Override
    public void readData(ObjectDataInput in) throws IOException {
        byte[] read = in.readByteArray();
        announcement = read == null ? new byte[0] : read;
    }
}
