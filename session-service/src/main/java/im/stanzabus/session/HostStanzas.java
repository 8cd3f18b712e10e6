package im.stanzabus.session;

import im.stanzabus.session.iq.IqTarget;
import im.stanzabus.stanza.Stanza;
import im.stanzabus.stanza.StanzaError.Condition;
import im.stanzabus.stanza.StanzaType;
import org.jspecify.annotations.Nullable;

/// Stanzas to a virtual host itself (RFC 6120 section 10.5.1 and 10.5.2). Confined to the partition's
/// context.
final class HostStanzas {
    private @Nullable Post post;
    private @Nullable IqAnswers iqAnswers;

    void wire(Post toPost, IqAnswers toAnswers) {
        post = toPost;
        iqAnswers = toAnswers;
    }

    void handle(Stanza stanza) {
        if (post == null || iqAnswers == null) {
            throw new IllegalStateException("not wired");
        }
        boolean resource = stanza.to() != null && stanza.to().isFull();
        if (stanza.isIq() && !resource) {
            iqAnswers.answer(stanza, IqTarget.HOST, null);
        } else if (!stanza.isPresence() && stanza.type() != StanzaType.HEADLINE) {
            post.bounce(stanza, Condition.SERVICE_UNAVAILABLE);
        }
    }
}
