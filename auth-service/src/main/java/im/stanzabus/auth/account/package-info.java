/// Accounts: what is stored of a password, the table of accounts, and their removal from every service.
@NullMarked
package im.stanzabus.auth.account;

import org.jspecify.annotations.NullMarked;
