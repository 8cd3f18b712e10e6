package im.stanzabus.launcher;

/// A domain that this installation serves, with its policy.
///
/// @param domain in prepared form (RFC 7622 section 3.2)
/// @param anonymous SASL ANONYMOUS is offered
/// @param external SASL EXTERNAL with a client certificate is offered
/// @param registration unknown clients may create accounts (XEP-0077)
public record VirtualHost(String domain, boolean anonymous, boolean external, boolean registration) {}
