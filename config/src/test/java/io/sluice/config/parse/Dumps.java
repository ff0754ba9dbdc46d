package io.sluice.config.parse;

import io.sluice.config.PoolConfig;
import io.sluice.config.SluiceConfig;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Dumps that can be parsed again. */
final class Dumps {

    private static final Pattern HIDDEN = Pattern.compile(Pattern.quote("'***'"));

    private Dumps() { }

    /** The dump with its secrets put back, in order. */
    static String withSecrets(SluiceConfig config) {
        String dump = ConfigDump.toYaml(config);
        for (PoolConfig pool : config.pools()) {
            Optional<String> secret = pool.http().sticky().flatMap(sticky -> sticky.secret())
                    .filter(key -> key.file().isEmpty()).map(key -> key.key());
            if (secret.isPresent()) {
                String quoted = "\"" + secret.get().replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
                dump = HIDDEN.matcher(dump).replaceFirst(Matcher.quoteReplacement(quoted));
            }
        }
        return dump;
    }
}
