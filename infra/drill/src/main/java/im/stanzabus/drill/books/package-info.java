/// What clients sent, got confirmed and received, and what follows from it. Pure: no threads, no clock.
@NullMarked
package im.stanzabus.drill.books;

import org.jspecify.annotations.NullMarked;
