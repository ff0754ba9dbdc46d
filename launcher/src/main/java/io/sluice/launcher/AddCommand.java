package io.sluice.launcher;

import io.sluice.config.parse.YamlValue;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/** Adds a part to the configuration in force, by the keys that it would have in the file. */
@Command
abstract class AddCommand extends ChangeCommand {

    @Parameters(index = "1..*", arity = "0..*", paramLabel = "KEY=VALUE", converter = OneKey.class,
            description = "Keys and values as in the configuration file; a list or a section as in "
                    + "'health-check={ type: tcp }'.")
    private List<Entry> entries = List.of();

    record Entry(String key, Object value) { }

    /** The keys of the new part, its name included. */
    Map<String, Object> keys(String name) {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("name", name);
        entries.forEach(entry -> keys.put(entry.key(), entry.value()));
        return keys;
    }

    static final class OneKey implements ITypeConverter<Entry> {

        @Override
        public Entry convert(String text) {
            int equals = text.indexOf('=');
            if (equals <= 0) {
                throw new TypeConversionException("expected KEY=VALUE, not " + text);
            }
            try {
                return new Entry(text.substring(0, equals), YamlValue.parse(text.substring(equals + 1)));
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }
}
