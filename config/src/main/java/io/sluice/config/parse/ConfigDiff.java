package io.sluice.config.parse;

import io.sluice.config.AdminConfig;
import io.sluice.config.HttpPoolConfig.Sticky.Secret;
import io.sluice.config.PoolConfig;
import io.sluice.config.SluiceConfig;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedSet;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The differences between two configurations, part by part: listeners, pools and servers by their names, all else by
 * key. Defaults count as if they were written. Immutable.
 *
 * @param changes in the order of the reference; empty if both mean the same
 */
public record ConfigDiff(List<Change> changes) {

    /** Lists whose entries are identified by name, and the word for an entry. */
    private static final Map<String, String> NAMED =
            Map.of("listeners", "listener", "servers", "server", "demo-servers", "demo server");
    /** Keys whose values must not show in a log or on a screen. */
    static final Set<String> SECRET = Set.of("secret", "token");
    private static final String INDENT = "  ";

    /** What has happened to a part. */
    public enum Kind { ADDED, REMOVED, CHANGED }

    /**
     * A part that differs.
     *
     * @param part   such as {@code listener web}, {@code server db1}, or a key: {@code timeouts.client}
     * @param within the parts of this part that differ
     * @param values the old and the new value of a key, for people; otherwise empty
     */
    public record Change(String part, Kind kind, List<Change> within, String values) {

        public Change {
            within = List.copyOf(within);
        }

        private boolean isKey() {
            return kind == Kind.CHANGED && within.isEmpty();
        }

        /** The change in one line, without values. */
        private String summary() {
            if (kind != Kind.CHANGED || within.isEmpty()) {
                return part + " " + word();
            }
            String keys = within.stream().filter(Change::isKey).map(Change::part).collect(Collectors.joining(", "));
            List<String> parts = new ArrayList<>();
            if (!keys.isEmpty()) {
                parts.add("changed (" + keys + ")");
            }
            within.stream().filter(change -> !change.isKey()).map(Change::summary).forEach(parts::add);
            boolean keysOnly = parts.size() == 1 && !keys.isEmpty();
            return part + (keysOnly ? " " : ": ") + String.join(", ", parts);
        }

        private void addLines(String indent, List<String> lines) {
            if (within.isEmpty()) {
                lines.add(indent + part + (values.isEmpty() ? " " + word() : ": " + values));
            } else {
                lines.add(indent + part + ":");
                within.forEach(change -> change.addLines(indent + INDENT, lines));
            }
        }

        private String word() {
            return switch (kind) {
                case ADDED -> "added";
                case REMOVED -> "removed";
                case CHANGED -> "changed";
            };
        }
    }

    public ConfigDiff {
        changes = List.copyOf(changes);
    }

    /** The changes when {@code after} replaces {@code before}. */
    public static ConfigDiff between(SluiceConfig before, SluiceConfig after) {
        List<Change> changes = new ArrayList<>();
        Map<String, Object> old = asMap(RootSections.ROOT.write(before));
        Map<String, Object> now = asMap(RootSections.ROOT.write(after));
        Map<String, Object> oldPools = withSecrets(before, old.remove("pools"));
        Map<String, Object> newPools = withSecrets(after, now.remove("pools"));
        addToken(before, old);
        addToken(after, now);
        compareKeys("", old, now, changes);
        compareNamed("pool", oldPools, newPools, changes);
        return new ConfigDiff(changes);
    }

    /** Puts secrets back into what is written, which hides them, so that a changed secret counts as a change. */
    private static Map<String, Object> withSecrets(SluiceConfig config, Object written) {
        Map<String, Object> pools = asMap(written);
        for (PoolConfig pool : config.pools()) {
            Map<String, Object> keys = asMap(pools.get(pool.name()));
            pool.http().sticky().ifPresent(sticky -> {
                Map<String, Object> within = asMap(keys.get("sticky"));
                within.put("secret", sticky.secret().map(Secret::key).orElse(null));
                keys.put("sticky", within);
            });
            pools.put(pool.name(), keys);
        }
        return pools;
    }

    private static void addToken(SluiceConfig config, Map<String, Object> keys) {
        config.admin().flatMap(AdminConfig::token).ifPresent(token -> {
            Map<String, Object> admin = asMap(keys.get("admin"));
            admin.put("token", token);
            keys.put("admin", admin);
        });
    }

    public boolean isEmpty() {
        return changes.isEmpty();
    }

    /** All changes in one line, for a log. */
    public String summary() {
        return changes.stream().map(Change::summary).collect(Collectors.joining("; "));
    }

    /** A line for each change, with values, indented below the part that it belongs to. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        changes.forEach(change -> change.addLines("", lines));
        return lines;
    }

    private static void compareKeys(String prefix, Map<String, Object> old, Map<String, Object> now,
                                    List<Change> changes) {
        for (String key : union(old, now)) {
            Object before = old.get(key);
            Object after = now.get(key);
            String path = prefix.isEmpty() ? key : prefix + "." + key;
            if (NAMED.containsKey(key)) {
                compareLists(key, asList(before), asList(after), changes);
            } else if (before instanceof Map && after instanceof Map) {
                compareKeys(path, asMap(before), asMap(after), changes);
            } else if (!Objects.equals(before, after)) {
                changes.add(new Change(path, Kind.CHANGED, List.of(), values(key, before, after)));
            }
        }
    }

    private static void compareLists(String key, List<Object> before, List<Object> after, List<Change> changes) {
        Map<String, Object> old = byName(before);
        Map<String, Object> now = byName(after);
        compareNamed(NAMED.get(key), old, now, changes);
        List<String> oldOrder = old.keySet().stream().filter(now::containsKey).toList();
        List<String> newOrder = now.keySet().stream().filter(old::containsKey).toList();
        if (!oldOrder.equals(newOrder)) {
            changes.add(new Change("order of " + key, Kind.CHANGED, List.of(), ""));
        }
    }

    private static void compareNamed(String what, Map<String, Object> old, Map<String, Object> now,
                                     List<Change> changes) {
        for (String name : union(old, now)) {
            String part = what + " " + name;
            if (!now.containsKey(name)) {
                changes.add(new Change(part, Kind.REMOVED, List.of(), ""));
            } else if (!old.containsKey(name)) {
                changes.add(new Change(part, Kind.ADDED, List.of(), ""));
            } else {
                List<Change> within = new ArrayList<>();
                compareKeys("", asMap(old.get(name)), asMap(now.get(name)), within);
                if (!within.isEmpty()) {
                    changes.add(new Change(part, Kind.CHANGED, within, ""));
                }
            }
        }
    }

    private static SequencedSet<String> union(Map<String, Object> old, Map<String, Object> now) {
        SequencedSet<String> keys = new LinkedHashSet<>(old.keySet());
        keys.addAll(now.keySet());
        return keys;
    }

    private static Map<String, Object> byName(List<Object> entries) {
        Map<String, Object> byName = new LinkedHashMap<>();
        entries.forEach(entry -> byName.put(String.valueOf(asMap(entry).get("name")), entry));
        return byName;
    }

    /** The old and the new value; empty for lists and sections, which are too long to show. */
    private static String values(String key, Object before, Object after) {
        boolean isShown = isScalar(before) && isScalar(after) && !SECRET.contains(key);
        return isShown ? shown(before) + " -> " + shown(after) : "";
    }

    private static boolean isScalar(Object value) {
        return !(value instanceof Map) && !(value instanceof List);
    }

    private static String shown(Object value) {
        return value == null ? "(none)" : value.toString();
    }

    private static List<Object> asList(Object written) {
        return written == null ? List.of() : new ArrayList<>((List<?>) written);
    }

    /** A section with its keys as text; some keys are numbers, as in error-pages. */
    private static Map<String, Object> asMap(Object written) {
        Map<String, Object> map = new LinkedHashMap<>();
        ((Map<?, ?>) written).forEach((key, value) -> map.put(String.valueOf(key), value));
        return map;
    }
}
