package io.sluice.launcher;

import io.sluice.launcher.admin.AdminClient;
import io.sluice.launcher.admin.AdminClient.RefusedException;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** Lists the live connections of a running Sluice, or ends one. */
@Command(name = "sessions",
        description = "List live connections of the Sluice that runs, the newest first, or end one.")
final class SessionsCommand extends AdminCommand {

    @Option(names = "--listener", paramLabel = "NAME", description = "Only those of this listener.")
    private String listener;

    @Option(names = "--server", paramLabel = "SERVER", description = "Only those on this server, NAME or POOL/NAME.")
    private String server;

    @Option(names = "--client", paramLabel = "ADDRESS", description = "Only those of this client.")
    private String client;

    @Option(names = "--limit", paramLabel = "N", description = "So many at most, up to 1000 (default: 100).")
    private String limit;

    @Option(names = "--end", paramLabel = "ID", description = "End this one by a reset, in place of listing.")
    private String ended;

    @Override
    void run(AdminClient sluice, PrintWriter out) throws IOException, InterruptedException, RefusedException {
        if (ended != null) {
            sluice.send("DELETE", "/sessions/" + AdminClient.encoded(ended), Map.of());
            out.println("session " + ended + " is over");
            return;
        }
        JsonNode found = sluice.get("/sessions" + AdminClient.query("listener", listener, "server", server,
                "client", client, "limit", limit)).json();
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("ID", "LISTENER", "CLIENT", "SERVER", "PHASE", "SECONDS", "TO SERVER", "TO CLIENT",
                "REQUESTS"));
        for (JsonNode session : found.get("sessions")) {
            String on = session.get("server").isNull() ? "-" : text(session, "pool") + "/" + text(session, "server");
            rows.add(List.of(text(session, "id"), text(session, "listener"), text(session, "client"), on,
                    text(session, "phase"), text(session, "seconds"), text(session, "clientBytes"),
                    text(session, "serverBytes"), text(session, "requests")));
        }
        tellTable(rows, out);
        if (found.get("truncated").asBoolean()) {
            out.println("there are more; narrow the list, or raise --limit");
        }
    }
}
