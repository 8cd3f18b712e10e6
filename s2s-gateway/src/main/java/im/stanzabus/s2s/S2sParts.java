package im.stanzabus.s2s;

import im.stanzabus.bus.Bus;
import im.stanzabus.bus.Router;
import im.stanzabus.bus.SlotTable;
import im.stanzabus.s2s.dialback.DialbackKey;
import im.stanzabus.stream.Admission;

/// What the event loops of the gateway share. Safe from any thread.
///
/// @param defaultHost speaks where a peer names no domain of ours
/// @param key of dialback, the same in every process of the installation
record S2sParts(
        S2sConfig config,
        Bus bus,
        SlotTable slots,
        Router router,
        String defaultHost,
        ServerTls tls,
        DialbackKey key,
        Admission admission,
        S2sMetrics metrics) {}
