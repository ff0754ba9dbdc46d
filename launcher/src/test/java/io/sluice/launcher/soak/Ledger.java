package io.sluice.launcher.soak;

import java.util.Collection;
import java.util.EnumMap;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;

/** What both ends of a run's talks say about them, and what was wrong. Safe from any thread. */
final class Ledger {

    /** By the talks' ids. */
    private final Map<String, Entry> entries = new ConcurrentHashMap<>();
    private final Map<Kind, AtomicInteger> connections = new EnumMap<>(Kind.class);
    /** By what decides them. */
    private final Map<String, String> pools = new ConcurrentHashMap<>();
    private final Map<String, AtomicInteger> outcomes = new ConcurrentHashMap<>();
    private final Queue<String> violations = new ConcurrentLinkedQueue<>();

    Ledger() {
        for (Kind kind : Kind.values()) {
            connections.put(kind, new AtomicInteger());
        }
    }

    /** A client connects. */
    void onConnecting(Kind listener) {
        connections.get(listener).incrementAndGet();
    }

    /** How often clients have connected. */
    int connections(Kind listener) {
        return connections.get(listener).get();
    }

    /** A client is about to begin it. @param address that it has, as servers are told it */
    Entry onAsked(Talk talk, Kind listener, String address) {
        Entry entry = new Entry(talk, listener, address, new CopyOnWriteArrayList<>(), new AtomicBoolean(),
                new AtomicReference<>(Receipt.NOTHING));
        entries.put(talk.id(), entry);
        return entry;
    }

    /** Null if no client has begun it. */
    Entry entry(String id) {
        return entries.get(id);
    }

    Collection<Entry> entries() {
        return entries.values();
    }

    /**
     * A server has got its beginning.
     *
     * @param source the address that the PROXY protocol has told; null without it
     * @return null if no client has sent it
     */
    Talk onSeen(String id, String source, String server) {
        Entry entry = entries.get(id);
        if (entry == null) {
            violation(server + " got what no client has asked: " + id);
            return null;
        }
        if (source != null && !source.equals(entry.address())) {
            violation(server + " was told another source, " + source + ": " + entry);
        }
        if (entry.wasSeen() && !entry.talk().isRepeatable()) {
            violation(server + " got it a second time: " + entry);
        }
        entry.servers().add(server);
        return entry.talk();
    }

    /** A request has come to a pool, as will all others that this decides about. */
    void onPool(String decidedBy, String pool) {
        String other = pools.putIfAbsent(decidedBy, pool);
        if (other != null && !other.equals(pool)) {
            violation(decidedBy + " leads to " + other + " and to " + pool);
        }
    }

    void count(String outcome) {
        outcomes.computeIfAbsent(outcome, _ -> new AtomicInteger()).incrementAndGet();
    }

    void violation(String what) {
        violations.add(what);
    }

    boolean isClean() {
        return violations.isEmpty();
    }

    /** How often what has come out, and what was wrong, for a reader. */
    @Override
    public String toString() {
        return new TreeMap<>(outcomes) + violations.stream().map(one -> "\n  " + one).collect(Collectors.joining());
    }
}
