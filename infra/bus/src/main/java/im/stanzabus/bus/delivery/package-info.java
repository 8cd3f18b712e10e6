/// How stanzas get from one part of the server to another and none is lost or doubled on the way:
/// who sends keeps them until they are accepted, who receives takes each in once.
@NullMarked
package im.stanzabus.bus.delivery;

import org.jspecify.annotations.NullMarked;
