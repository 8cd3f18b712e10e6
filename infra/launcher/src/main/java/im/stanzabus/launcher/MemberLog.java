package im.stanzabus.launcher;

import im.stanzabus.bus.Member;
import im.stanzabus.bus.View;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes a line for each member that comes or goes. Told of views in order, by one thread at a time.
final class MemberLog implements Consumer<View> {
    private static final Logger LOG = LoggerFactory.getLogger(MemberLog.class);

    private View before;

    MemberLog(View now) {
        before = now;
    }

    @Override
    public void accept(View now) {
        for (Member member : before.members()) {
            if (!now.has(member.node())) {
                if (member.leaving()) {
                    LOG.info("{} has left; members: {}", member.node(), names(now));
                } else {
                    LOG.warn("{} is lost; members: {}", member.node(), names(now));
                }
            }
        }
        for (Member member : now.members()) {
            if (!before.has(member.node())) {
                LOG.info("{} has come; members: {}", member.node(), names(now));
            }
        }
        before = now;
    }

    private static String names(View view) {
        return String.join(
                ", ",
                view.members().stream().map(member -> member.node().name()).toList());
    }
}
