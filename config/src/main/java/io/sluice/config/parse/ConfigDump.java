package io.sluice.config.parse;

import io.sluice.config.SluiceConfig;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;

/**
 * Writes a configuration with every default filled in. Parsed again, the text gives an equal configuration, unless
 * there are secrets: these are hidden, and the parser refuses such a text. Safe from any thread.
 */
public final class ConfigDump {

    private ConfigDump() { }

    /** The configuration as YAML, keys in the order of the reference. Paths are absolute. */
    public static String toYaml(SluiceConfig config) {
        DumpSettings settings = DumpSettings.builder()
                .setDefaultFlowStyle(FlowStyle.BLOCK)
                .setIndicatorIndent(2)
                .setIndentWithIndicator(true)
                .setSplitLines(false)
                // Equal values, such as empty lists, are written out each time and not as YAML aliases.
                .setDereferenceAliases(true)
                .build();
        return new Dump(settings).dumpToString(RootSections.ROOT.write(config));
    }
}
