package im.stanzabus.session;

import im.stanzabus.bus.SessionEvent;
import im.stanzabus.bus.delivery.Intake;
import im.stanzabus.processor.IqTarget;
import im.stanzabus.stanza.Namespaces;
import im.stanzabus.stanza.Stanza;
import im.stanzabus.stanza.StanzaError.Condition;
import im.stanzabus.stanza.StanzaType;
import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;

/// Stanzas to a virtual host itself (RFC 6120 section 10.5.1 and 10.5.2). Confined to the
/// partition's context.
final class HostStanzas {
    private @Nullable Post post;
    private @Nullable IqAnswers iqAnswers;
    private @Nullable Intake intake;

    void wire(Post toPost, IqAnswers toAnswers) {
        post = toPost;
        iqAnswers = toAnswers;
        intake = new Intake(toPost::accept);
    }

    /// One that another part of the server passes on: from another server, or from a service. What is
    /// sent again is not done again.
    void take(SessionEvent.Inbound inbound) {
        if (intake == null) {
            throw new IllegalStateException("not wired");
        }
        intake.take(inbound, taken -> handle(taken.stanza()).onComplete(_ -> taken.done()));
    }

    /// Completes when it is answered.
    Future<Void> handle(Stanza stanza) {
        if (post == null || iqAnswers == null) {
            throw new IllegalStateException("not wired");
        }
        boolean resource = stanza.to() != null && stanza.to().isFull();
        if (stanza.isIq() && !resource && !isRegistration(stanza)) {
            return iqAnswers.answer(stanza, IqTarget.HOST, null);
        }
        if (!stanza.isPresence() && stanza.type() != StanzaType.HEADLINE) {
            post.bounce(stanza, Condition.SERVICE_UNAVAILABLE);
        }
        return Future.succeededFuture();
    }

    /// No client that is logged in has sent it, so it is nobody's own account (XEP-0077 section 3).
    private static boolean isRegistration(Stanza iq) {
        return iq.isRequest() && iq.payload().hasNamespace(Namespaces.REGISTER);
    }
}
