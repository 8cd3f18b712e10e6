package im.stanzabus.session.iq;

import im.stanzabus.processor.IqQuestion;
import im.stanzabus.processor.IqTarget;
import im.stanzabus.stanza.Element;
import im.stanzabus.stanza.Jid;
import io.vertx.core.Future;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Answers the IQ requests of one namespace. Called on the partition's event loop: must not block,
/// and holds no state of accounts.
public interface IqProcessor {
    /// The namespace of the request's child.
    String namespace();

    /// To whom the request may be addressed; for others the server answers `service-unavailable`.
    Set<IqTarget> targets();

    /// Disco features that every virtual host has because of this processor.
    default List<String> hostFeatures() {
        return List.of();
    }

    /// Disco features that every account has because of this processor.
    default List<String> accountFeatures() {
        return List.of();
    }

    /// Answers. The future's value is the child of the result, or null for an empty result. A
    /// future that fails with {@link im.stanzabus.bus.BusFailure} becomes that stanza error; any
    /// other failure is logged and becomes `internal-server-error`.
    Future<@Nullable Element> process(IqQuestion question);

    /// Completes when what an account was promised by answers is done; does not fail. Called after
    /// an answer.
    default Future<Void> afterwards(Jid account) {
        return Future.succeededFuture();
    }
}
