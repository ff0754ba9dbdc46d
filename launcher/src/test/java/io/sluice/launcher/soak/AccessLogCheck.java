package io.sluice.launcher.soak;

import io.sluice.launcher.soak.Talk.Fate;
import io.sluice.launcher.soak.Talk.Method;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Compares the access log with what clients and servers have seen. Used once, by one thread. */
final class AccessLogCheck {

    /** Why Sluice answers by itself. */
    private static final Map<Integer, Set<String>> CAUSES = Map.of(
            408, Set.of("cR", "cD"),
            429, Set.of("PR"),
            502, Set.of("SC", "SH", "PH", "RC", "DD"),
            503, Set.of("SC", "sQ", "PQ"),
            504, Set.of("sC", "sH"));

    private final Ledger ledger;
    private final Map<String, JsonNode> lines = new HashMap<>();

    AccessLogCheck(Ledger ledger) {
        this.ledger = ledger;
    }

    void check(List<JsonNode> log) {
        log.forEach(this::add);
        for (Entry entry : ledger.entries()) {
            JsonNode line = lines.get(entry.talk().id());
            if (line != null) {
                check(line, entry);
            } else if (entry.listener().isHttp() && (entry.wasSeen() || entry.receipt().get().status() > 0)) {
                ledger.violation("not in the access log: " + entry);
            }
        }
    }

    private void add(JsonNode line) {
        if (line.has("target")) {
            String id = Talk.id(line.path("target").asString());
            if (ledger.entry(id) == null) {
                ledger.violation("nobody has asked what is in the access log: " + line);
            } else if (lines.put(id, line) != null) {
                ledger.violation("twice in the access log: " + line);
            }
        } else if (!line.path("termination").asString().matches("[CcK]R")) {
            ledger.violation("without a request in the access log: " + line);
        }
    }

    private void check(JsonNode line, Entry entry) {
        expect(isRequestOf(entry, line), "request", line, entry);
        expect(isServerOf(entry, line), "server", line, entry);
        expect(isStatusOf(entry, line), "status", line, entry);
        expect(isCauseOf(entry, line), "cause", line, entry);
        expect(areBytesOf(entry, line), "bytes", line, entry);
    }

    private void expect(boolean isRight, String what, JsonNode line, Entry entry) {
        if (!isRight) {
            ledger.violation("the access log has the wrong " + what + " for " + entry + ": " + line);
        }
    }

    private static boolean isRequestOf(Entry entry, JsonNode line) {
        Talk talk = entry.talk();
        String client = line.path("client_ip").asString() + ":" + line.path("client_port").asInt();
        return line.path("listener").asString().equals(entry.listener().toString()) && client.equals(entry.address())
                && (line.path("method").asString() + " " + line.path("target").asString() + " HTTP/1.1")
                        .equals(Requests.startLine(talk))
                && (!line.has("route") || line.path("route").asString().equals(talk.route().toString()));
    }

    /** Which of several servers was the last one to be asked is only certain if it has answered. */
    private static boolean isServerOf(Entry entry, JsonNode line) {
        Receipt receipt = entry.receipt().get();
        String server = line.path("pool").asString() + "/" + line.path("server").asString();
        return (!entry.wasSeen() || line.has("server"))
                && (!receipt.isFromServer() || server.equals(receipt.server()))
                && line.path("retries").asInt() >= entry.servers().size() - 1;
    }

    /** One that no client has got may have been lost with its connection. */
    private static boolean isStatusOf(Entry entry, JsonNode line) {
        int status = line.path("status").asInt();
        int received = entry.receipt().get().status();
        return received == 0 ? entry.wasSeen() || status != 200 : status == received;
    }

    private static boolean isCauseOf(Entry entry, JsonNode line) {
        String cause = line.path("termination").asString();
        Receipt receipt = entry.receipt().get();
        if (receipt.isFromServer()) {
            return !receipt.isWhole() || cause.equals("--") || entry.talk().fate() == Fate.EARLY_ANSWER;
        }
        return !cause.equals("ID") && (receipt.status() == 0
                || CAUSES.getOrDefault(receipt.status(), Set.of()).contains(cause));
    }

    private static boolean areBytesOf(Entry entry, JsonNode line) {
        Talk talk = entry.talk();
        Receipt receipt = entry.receipt().get();
        long up = line.path("request_bytes").asLong();
        long down = line.path("response_bytes").asLong();
        boolean hasAll = receipt.isWhole() || line.path("termination").asString().equals("--");
        boolean isAnswer = line.path("status").asInt() == 200;
        long leastUp = hasAll && isAnswer && !talk.isStream() ? talk.up() : 0;
        long leastDown = hasAll && isAnswer && talk.method() != Method.HEAD ? talk.down() : 0;
        return up >= leastUp && up <= talk.up() && down >= Math.max(leastDown, receipt.bytes())
                && (!receipt.isWhole() || down == receipt.bytes());
    }
}
