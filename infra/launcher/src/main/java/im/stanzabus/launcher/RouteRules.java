package im.stanzabus.launcher;

import im.stanzabus.bus.RouteRule;
import im.stanzabus.launcher.config.Settings;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/// Reads the rules by which domains are sent elsewhere than they would go.
final class RouteRules {
    private enum Way {
        SERVICE,
        REMOTE
    }

    private RouteRules() {}

    static List<RouteRule> read(List<Settings> entries) {
        List<RouteRule> rules = new ArrayList<>();
        for (Settings entry : entries) {
            Way way = entry.choice("to", Way.SERVICE);
            String service = entry.domain("service", "");
            if (way == Way.SERVICE && service.isEmpty()) {
                entry.error("service", "is missing: the domain of the service that is to have the stanzas");
            } else if (way == Way.REMOTE && !service.isEmpty()) {
                entry.error("service", "does not fit 'to: remote'");
            }
            rules.add(new RouteRule(domains(entry), way == Way.SERVICE ? service : null));
        }
        return List.copyOf(rules);
    }

    private static Pattern domains(Settings entry) {
        String written = entry.text("domains", "");
        if (written.isEmpty()) {
            entry.error("domains", "is missing: a regular expression for whole domains");
        }
        try {
            return Pattern.compile(written);
        } catch (PatternSyntaxException e) {
            entry.error("domains", "is no regular expression: " + e.getDescription() + " at " + e.getIndex());
            return Pattern.compile("");
        }
    }
}
