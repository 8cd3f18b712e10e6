/// A service of its own: a domain that rolls dice, and a namespace that accounts answer in.
@NullMarked
package im.stanzabus.example.dice;

import org.jspecify.annotations.NullMarked;
