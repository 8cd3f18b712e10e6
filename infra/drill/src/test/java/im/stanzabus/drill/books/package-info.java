@NullMarked
package im.stanzabus.drill.books;

import org.jspecify.annotations.NullMarked;
