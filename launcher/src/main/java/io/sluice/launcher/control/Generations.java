package io.sluice.launcher.control;

import io.sluice.config.parse.ConfigDiff;
import io.sluice.config.parse.ConfigDocument;
import io.sluice.config.parse.LoadedConfig;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The last generations of the configuration, numbered. Safe from any thread; one is added at a time. */
final class Generations {

    private static final int REMEMBERED = 10;

    private static final Logger LOG = LoggerFactory.getLogger(Generations.class);

    /** What is served differs, but the configuration does not: it names the files of error pages, not their content. */
    private static final ConfigDiff ERROR_PAGES = new ConfigDiff(
            List.of(new ConfigDiff.Change("error pages", ConfigDiff.Kind.CHANGED, List.of(), "")));

    private final Deque<Generation> last = new ArrayDeque<>();
    private volatile int lastNumber;
    private volatile ConfigDocument document;

    /** All that are remembered, oldest first; the last one is in force. */
    synchronized List<Generation> all() {
        return List.copyOf(last);
    }

    int lastNumber() {
        return lastNumber;
    }

    /** The text of the configuration in force. */
    ConfigDocument document() {
        return document;
    }

    /** Notes that another configuration is in force. @return the new generation; empty if nothing changes */
    synchronized Optional<Generation> remember(Assembly before, Assembly next, LoadedConfig loaded, String origin) {
        document = loaded.document();
        boolean isFirst = last.isEmpty();
        ConfigDiff changes = isFirst ? new ConfigDiff(List.of()) : ConfigDiff.between(before.config(), next.config());
        if (!isFirst && changes.isEmpty()) {
            if (next.servesAs(before)) {
                LOG.info("generation {} goes on: nothing has changed", lastNumber);
                return Optional.empty();
            }
            changes = ERROR_PAGES;
        }
        Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        Generation generation = new Generation(lastNumber + 1, now, origin, loaded, changes);
        last.addLast(generation);
        if (last.size() > REMEMBERED) {
            last.removeFirst();
        }
        lastNumber = generation.number();
        if (!isFirst) {
            LOG.info("generation {}: {}", lastNumber, changes.summary());
        }
        return Optional.of(generation);
    }
}
