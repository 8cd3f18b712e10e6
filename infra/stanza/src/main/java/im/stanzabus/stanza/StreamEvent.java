package im.stanzabus.stanza;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a stream parser reads from the peer: the stream's start, stanzas and other elements, the stream's end.
public sealed interface StreamEvent
        permits Stanza, StreamEvent.Opened, StreamEvent.Nonza, StreamEvent.BadStanza, StreamEvent.Closed {

    /// The start tag of the stream (RFC 6120 section 4.7), as the peer wrote it; nothing is judged yet but that it is
    /// `stream` in the streams namespace and that the content namespace is the expected one.
    ///
    /// @param to the raw `to` attribute
    /// @param from the raw `from` attribute
    /// @param id the raw `id` attribute, which the receiver of a stream gives it
    /// @param version the raw `version` attribute; a peer without XMPP 1.0 has none
    /// @param lang the `xml:lang` attribute
    /// @param namespaces those declared beside the content's and the stream's own, which
    ///     announces Server Dialback (XEP-0220 section 2.4.1)
    record Opened(
            @Nullable String to,
            @Nullable String from,
            @Nullable String id,
            @Nullable String version,
            @Nullable String lang,
            Set<String> namespaces)
            implements StreamEvent {}

    /// A top-level element that is not a stanza (XEP-0360).
    record Nonza(Element element) implements StreamEvent {}

    /// A well-formed stanza that cannot be processed: an address or type that is none, an IQ without id or with a wrong
    /// number of children (RFC 6120 sections 8.1 and 8.2.3). To be answered with the stanza error, unless it is an
    /// error or a result itself.
    ///
    /// @param from the sender where it could be read
    /// @param to the receiver where it could be read
    /// @param rawTo the receiver as written
    /// @param type the type where it could be read
    record BadStanza(
            Stanza.Kind kind,
            @Nullable StanzaType type,
            @Nullable String id,
            @Nullable Jid from,
            @Nullable Jid to,
            @Nullable String rawTo,
            StanzaError error)
            implements StreamEvent {}

    /// The end tag of the stream.
    record Closed() implements StreamEvent {}
}
