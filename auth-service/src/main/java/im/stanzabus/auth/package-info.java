/// Accounts and login: SASL for the client gateways, registration, passwords, removal. Served at
/// {@link im.stanzabus.bus.Addresses#AUTH} by any number of instances that share nothing but the database.
@NullMarked
package im.stanzabus.auth;

import org.jspecify.annotations.NullMarked;
