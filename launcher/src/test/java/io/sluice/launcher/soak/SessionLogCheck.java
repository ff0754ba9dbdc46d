package io.sluice.launcher.soak;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Compares the session log with what clients and servers have seen. Used once, by one thread. */
final class SessionLogCheck {

    private final Ledger ledger;
    /** By listener and client: the kernel gives a client's port to others, too, after a while. */
    private final Map<String, List<JsonNode>> lines = new HashMap<>();
    private final Map<String, List<Entry>> sessions = new HashMap<>();

    SessionLogCheck(Ledger ledger) {
        this.ledger = ledger;
    }

    void check(List<JsonNode> log) {
        log.forEach(line -> lines.computeIfAbsent(line.path("listener").asString() + " "
                + line.path("client").asString(), _ -> new ArrayList<>()).add(line));
        ledger.entries().stream().filter(entry -> !entry.listener().isHttp()).forEach(entry -> sessions
                .computeIfAbsent(entry.listener() + " " + entry.address(), _ -> new ArrayList<>()).add(entry));
        sessions.forEach((client, entries) -> check(entries, lines.getOrDefault(client, List.of())));
        lines.forEach((client, those) -> {
            if (!sessions.containsKey(client)) {
                those.forEach(this::checkUnknown);
            }
        });
    }

    /** The sessions and the lines of one client. */
    private void check(List<Entry> entries, List<JsonNode> those) {
        long withBytes = those.stream().filter(line -> !isNobodys(line)).count();
        if (withBytes > entries.size() || those.size() < entries.stream().filter(Entry::wasSeen).count()) {
            ledger.violation("the session log has " + those + " for " + entries);
        } else if (entries.size() == 1 && those.size() == 1 && !isLineOf(entries.getFirst(), those.getFirst())) {
            ledger.violation("the session log is wrong in " + entries.getFirst() + ": " + those.getFirst());
        }
    }

    private void checkUnknown(JsonNode line) {
        if (!isNobodys(line)) {
            ledger.violation("nobody has had what is in the session log: " + line);
        }
    }

    /** A client whose header of the PROXY protocol has not come, or that was reset before it could ask for anything. */
    private static boolean isNobodys(JsonNode line) {
        return !line.path("termination").asString().equals("--") && line.path("client_bytes").asLong() == 0
                && line.path("server_bytes").asLong() == 0;
    }

    private static boolean isLineOf(Entry entry, JsonNode line) {
        Talk talk = entry.talk();
        Receipt receipt = entry.receipt().get();
        int greeting = talk.id().length() + 2;
        int rounds = Math.max(1, talk.rounds());
        long allUp = greeting + (long) rounds * talk.up();
        long allDown = greeting + (long) rounds * talk.down();
        long up = line.path("client_bytes").asLong();
        long down = line.path("server_bytes").asLong();
        String server = line.path("pool").asString() + "/" + line.path("server").asString();
        return (!entry.wasSeen() || entry.servers().getFirst().equals(server))
                && up <= allUp && down <= allDown && down >= receipt.bytes()
                && !line.path("termination").asString().equals("ID")
                && (!receipt.isWhole() || line.path("termination").asString().equals("--") && up == allUp
                        && down == allDown);
    }
}
