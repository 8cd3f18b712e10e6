package im.stanzabus.processor.loading;

import im.stanzabus.processor.WrongSetting;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;

/// Which processors a configuration enables.
public final class EnabledProcessors {
    private EnabledProcessors() {}

    /// Makes those that are named. Nobody looks for any where there are no names.
    ///
    /// @param mistakes told what is wrong with the names, one sentence each
    /// @param settings of the processor of a name
    public static ProcessorChain load(
            List<String> names, Consumer<String> mistakes, Function<String, SettingReader> settings) {
        return names.isEmpty() ? ProcessorChain.NONE : load(names, InstalledProcessors.find(), mistakes, settings);
    }

    static ProcessorChain load(
            List<String> names,
            InstalledProcessors installed,
            Consumer<String> mistakes,
            Function<String, SettingReader> settings) {
        installed.faults().forEach(mistakes);
        Map<String, LoadedProcessor> loaded = new TreeMap<>();
        for (String name : names) {
            if (loaded.containsKey(name)) {
                mistakes.accept("'" + name + "' is given twice");
            } else if (installed.has(name)) {
                load(name, installed, mistakes, settings.apply(name), loaded);
            } else {
                List<String> others = installed.names();
                mistakes.accept("there is no processor '" + name + "' on the class path"
                        + (others.isEmpty() ? "" : "; there are: " + String.join(", ", others)));
            }
        }
        return new ProcessorChain(loaded.values());
    }

    private static void load(
            String name,
            InstalledProcessors installed,
            Consumer<String> mistakes,
            SettingReader settings,
            Map<String, LoadedProcessor> loaded) {
        Map<String, String> values = new HashMap<>();
        installed
                .descriptor(name)
                .settings()
                .forEach((setting, value) -> values.put(setting, settings.text(setting, value)));
        try {
            loaded.put(name, installed.load(name, values));
        } catch (WrongSetting e) {
            settings.error(e.setting(), String.valueOf(e.getMessage()));
        } catch (IllegalArgumentException e) {
            mistakes.accept(String.valueOf(e.getMessage()));
        }
    }
}
