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
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** Watches and changes a running Sluice through its admin address. */
@Command(name = "ctl", description = "Watch and change the Sluice that runs with a configuration file.",
        mixinStandardHelpOptions = true, versionProvider = SluiceCommand.VersionLine.class,
        subcommands = {CtlCommand.Show.class, CtlServerCommand.class, CtlPoolCommand.class, CtlListenerCommand.class,
            CtlConfigCommand.class, CtlCommand.Generations.class, CtlCommand.Rollback.class})
final class CtlCommand {

    /** Prints an overview in a few lines. */
    @Command(name = "show", description = "Show listeners, pools and servers.")
    static final class Show extends AdminCommand {

        @Option(names = "--json", description = "As JSON, with all there is to be seen.")
        private boolean asJson;

        @Override
        void run(AdminClient client, PrintWriter out) throws IOException, InterruptedException, RefusedException {
            // The version is read first, so that it is never newer than what is shown.
            String version = client.get("/generations").etag().orElse("-").replace("\"", "");
            JsonNode status = client.get("/status").json();
            if (asJson) {
                out.println(status.toPrettyString());
                return;
            }
            out.println("Sluice " + text(status, "version") + " is " + text(status, "state") + ", generation "
                    + text(status.get("generation"), "number") + ", version " + version);
            tellTable(listeners(status), out);
            tellTable(servers(status), out);
        }

        private static List<List<String>> listeners(JsonNode status) {
            List<List<String>> rows = new ArrayList<>();
            rows.add(List.of("LISTENER", "PROTOCOL", "ADDRESS", "STATE", "CONNECTIONS"));
            for (JsonNode listener : status.get("listeners")) {
                List<String> binds = listener.get("binds").valueStream().map(JsonNode::asString).toList();
                rows.add(List.of(text(listener, "name"), text(listener, "protocol"), String.join(" ", binds),
                        text(listener, "state"), text(listener.get("connections"), "now")));
            }
            return rows;
        }

        /** The table of servers, of what {@code /status} answers. */
        static List<List<String>> servers(JsonNode status) {
            List<List<String>> rows = new ArrayList<>();
            rows.add(List.of("SERVER", "ADDRESS", "STATE", "ROLE", "WANTED", "WEIGHT", "CONNECTIONS"));
            for (JsonNode pool : status.get("pools")) {
                for (JsonNode server : pool.get("servers")) {
                    rows.add(List.of(text(pool, "name") + "/" + text(server, "name"), text(server, "address"),
                            text(server, "state"), text(server, "role"), text(server, "adminState"),
                            text(server, "weight"), text(server.get("connections"), "now")));
                }
            }
            return rows;
        }
    }

    /** Lists the last configurations. */
    @Command(name = "generations", description = "List the last configurations that were put in force.")
    static final class Generations extends AdminCommand {

        @Override
        void run(AdminClient client, PrintWriter out) throws IOException, InterruptedException, RefusedException {
            for (JsonNode generation : client.get("/generations").json()) {
                out.println(text(generation, "number") + "  " + text(generation, "at") + "  "
                        + text(generation, "origin") + (generation.get("inForce").asBoolean() ? "  (in force)" : ""));
                generation.get("changes").forEach(line -> out.println("    " + line.asString()));
            }
        }
    }

    /** Goes back to an earlier configuration. */
    @Command(name = "rollback", description = "Put an earlier configuration in force again, as a new generation.")
    static final class Rollback extends ChangeCommand {

        @Parameters(index = "0", paramLabel = "GENERATION", description = "Its number, as generations lists it.")
        private int number;

        @Override
        void run(AdminClient client, PrintWriter out) throws IOException, InterruptedException, RefusedException {
            tellOutcome(change(client, "POST", "/generations/" + number + "/rollback", Map.of()), out);
        }
    }
}
