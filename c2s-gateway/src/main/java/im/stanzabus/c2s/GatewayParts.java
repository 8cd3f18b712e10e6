package im.stanzabus.c2s;

import im.stanzabus.bus.Bus;
import im.stanzabus.bus.Router;
import im.stanzabus.bus.SlotTable;
import im.stanzabus.c2s.tls.ClientCertificates;
import im.stanzabus.stream.Admission;
import im.stanzabus.stream.tls.TlsContexts;
import org.jspecify.annotations.Nullable;

/// What the gateways of a process have in common; all of it safe from any thread.
///
/// @param defaultHost the host that speaks where a client names none
/// @param clientCertificates null where no client certificates are asked for
record GatewayParts(
        C2sConfig config,
        Bus bus,
        SlotTable slots,
        Router router,
        String defaultHost,
        TlsContexts tls,
        @Nullable ClientCertificates clientCertificates,
        Admission admission,
        C2sMetrics metrics) {}
