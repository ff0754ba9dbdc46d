package io.sluice.launcher.soak;

import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/** What both ends of a run's talks say about them, and what was wrong. Safe from any thread. */
final class Ledger {

    /** By the talks' ids: the address that the client has, as servers are told it. */
    private final Map<String, String> asked = new ConcurrentHashMap<>();
    private final Map<String, AtomicInteger> seen = new ConcurrentHashMap<>();
    /** Ids of talks that their clients have done with, or given up. */
    private final Set<String> left = ConcurrentHashMap.newKeySet();
    private final Map<String, AtomicInteger> outcomes = new ConcurrentHashMap<>();
    private final Queue<String> violations = new ConcurrentLinkedQueue<>();

    /** A client is about to begin it. */
    void onAsked(Talk talk, String address) {
        asked.put(talk.id(), address);
    }

    /** A client is about to go away. */
    void onLeft(Talk talk) {
        left.add(talk.id());
    }

    boolean hasLeft(Talk talk) {
        return left.contains(talk.id());
    }

    /**
     * A server has got its beginning.
     *
     * @param source the address that the PROXY protocol has told; null without it
     * @return null if no client has sent it
     */
    Talk onSeen(String id, String source, String server) {
        String address = asked.get(id);
        if (address == null) {
            violation(server + " got what no client has asked: " + id);
            return null;
        }
        if (source != null && !source.equals(address)) {
            violation(server + " was told that " + id + " comes from " + source + " instead of " + address);
        }
        Talk talk = Talk.of(id);
        if (seen.computeIfAbsent(id, _ -> new AtomicInteger()).incrementAndGet() > 1 && !talk.isRepeatable()) {
            violation(server + " got " + talk + " a second time");
        }
        return talk;
    }

    /** Whether any server has got its beginning. */
    boolean wasSeen(Talk talk) {
        return seen.containsKey(talk.id());
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
