/// The way to a remote domain: connections to where it is served, and how long is waited after one has failed.
@NullMarked
package im.stanzabus.s2s.remote;

import org.jspecify.annotations.NullMarked;
