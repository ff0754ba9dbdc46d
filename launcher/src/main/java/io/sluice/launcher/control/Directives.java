package io.sluice.launcher.control;

import io.sluice.config.PoolConfig;
import io.sluice.config.ServerConfig;
import io.sluice.config.ServerConfig.AdminState;
import io.sluice.config.SluiceConfig;
import io.sluice.core.log.FileFailure;
import io.sluice.core.pool.Directive;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * Operators' directives for servers, by the names of pool and server, so that a directive outlives a change of the
 * server's address. With a state file, directives survive a restart. Safe from any thread.
 */
final class Directives {

    private static final Logger LOG = LoggerFactory.getLogger(Directives.class);

    private final Optional<Path> file;
    private final Map<String, Directive> said = new TreeMap<>();
    private int revision;
    /** Whether the last attempt to write the file failed. */
    private boolean failing;
    private boolean left;

    private Directives(Optional<Path> file) {
        this.file = file;
    }

    /** An entry of the state file. @param state null: as configured @param weight null: as configured */
    private record Entry(String server, String state, Integer weight) {

        Entry {
            if (server == null || weight != null && (weight < 0 || weight > ServerConfig.MAX_WEIGHT)) {
                throw new IllegalArgumentException("nobody can have said that of a server");
            }
        }
    }

    /** Reads the directives from the file, if there is one. */
    static Directives load(Optional<Path> file) throws LaunchException {
        Directives directives = new Directives(file);
        // Neither is so where a directory may not be searched: what is in it must not be forgotten.
        if (file.isPresent() && !Files.notExists(file.get())) {
            try {
                List<Entry> entries = JsonMapper.shared().readValue(Files.readString(file.get()),
                        new TypeReference<List<Entry>>() { });
                if (entries == null || entries.contains(null)) {
                    throw new IllegalArgumentException("there is null instead of an entry");
                }
                entries.forEach(entry -> directives.said.put(entry.server(), directive(entry)));
            } catch (JacksonException | CharacterCodingException | IllegalArgumentException e) {
                throw new LaunchException("state-file: " + file.get() + " is not what Sluice writes there"
                        + "\n    remove it to start with what the configuration says of each server");
            } catch (AccessDeniedException e) {
                throw new LaunchException("state-file: permission denied: " + e.getFile()
                        + "\n    give the user that Sluice runs as access to it");
            } catch (IOException e) {
                throw new LaunchException("state-file: " + file.get() + " cannot be read: " + e.getMessage());
            }
        }
        return directives;
    }

    synchronized Directive of(String pool, String server) {
        return said.getOrDefault(key(pool, server), Directive.NONE);
    }

    synchronized void put(String pool, String server, Directive directive) {
        if (directive.equals(Directive.NONE)) {
            said.remove(key(pool, server));
        } else {
            said.put(key(pool, server), directive);
        }
        revision++;
        save();
    }

    /** Drops directives for servers that the configuration lacks: a later server of that name is another one. */
    synchronized void keepFor(SluiceConfig config) {
        Set<String> present = new HashSet<>();
        for (PoolConfig pool : config.pools()) {
            for (ServerConfig server : pool.servers()) {
                present.add(key(pool.name(), server.name()));
            }
        }
        if (said.keySet().retainAll(present)) {
            save();
        }
    }

    /** Changes with each {@link #put}. */
    synchronized int revision() {
        return revision;
    }

    /** Writes the state file no more: it may be another process's from now on. */
    synchronized void leaveFile() {
        left = true;
    }

    /** Writes the state file if the last attempt failed: there may be room again. */
    synchronized void saveIfFailing() {
        if (failing) {
            save();
        }
    }

    /** Writes the state file. A failure is logged, and the directives stay in force. */
    private void save() {
        if (file.isEmpty() || left) {
            return;
        }
        List<Entry> entries = said.entrySet().stream().map(each -> new Entry(each.getKey(),
                each.getValue().state().map(state -> state.name().toLowerCase(Locale.ROOT)).orElse(null),
                each.getValue().weight().orElse(null))).toList();
        try {
            WholeFile.replace(file.get(),
                    JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsBytes(entries));
            if (failing) {
                failing = false;
                LOG.info("state-file: {} is written again", file.get());
            }
        } catch (IOException e) {
            if (!failing) {
                failing = true;
                LOG.error("state-file: {} cannot be written, so a restart will not know of this change, nor of others "
                        + "until it can: {}", file.get(), FileFailure.reasonWithFile(e));
            }
        }
    }

    private static Directive directive(Entry entry) {
        Optional<AdminState> state = Optional.ofNullable(entry.state())
                .map(word -> AdminState.valueOf(word.toUpperCase(Locale.ROOT)));
        return new Directive(state, Optional.ofNullable(entry.weight()));
    }

    private static String key(String pool, String server) {
        return pool + '/' + server;
    }
}
