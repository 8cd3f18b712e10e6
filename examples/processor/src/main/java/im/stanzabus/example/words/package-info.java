/// A processor that looks at the words of messages: some are not sent, some are masked, some
/// reach nobody.
@NullMarked
package im.stanzabus.example.words;

import org.jspecify.annotations.NullMarked;
