package io.sluice.launcher;

import io.sluice.launcher.admin.AdminClient;
import io.sluice.launcher.admin.AdminClient.RefusedException;
import java.io.IOException;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import tools.jackson.databind.JsonNode;

/** Shows the last requests and responses that a running Sluice has refused as malformed, with the byte at fault. */
@Command(name = "errors", description = "Show the last HTTP requests and responses that were refused as malformed or "
        + "too large, the newest first, with the byte at fault marked.")
final class ErrorsCommand extends AdminCommand {

    private static final String INDENT = "    ";
    /** The most characters shown on either side of the byte at fault. */
    private static final int MOST_SHOWN = 60;

    @Override
    void run(AdminClient client, PrintWriter out) throws IOException, InterruptedException, RefusedException {
        JsonNode errors = client.get("/errors").json();
        if (errors.isEmpty()) {
            out.println("none");
        }
        for (JsonNode error : errors) {
            out.println(text(error, "at") + " " + text(error, "message") + " of " + parties(error) + " at listener "
                    + text(error, "listener") + ": " + text(error, "reason") + ", byte " + text(error, "offset")
                    + " of the " + text(error, "part"));
            String before = text(error, "before");
            String after = text(error, "after");
            String shownBefore = before.substring(Math.max(0, before.length() - MOST_SHOWN));
            out.println(INDENT + shownBefore + text(error, "fault")
                    + after.substring(0, Math.min(after.length(), MOST_SHOWN)));
            out.println(INDENT + " ".repeat(shownBefore.length()) + "^");
        }
    }

    private static String parties(JsonNode error) {
        String client = text(error, "client");
        return error.get("server").isNull() ? client
                : text(error, "pool") + "/" + text(error, "server") + " to " + client;
    }
}
