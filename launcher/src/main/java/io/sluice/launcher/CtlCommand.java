package io.sluice.launcher;

import io.sluice.launcher.admin.AdminClient;
import io.sluice.launcher.admin.AdminClient.RefusedException;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** Watches and changes a running Sluice by its admin address. */
@Command(name = "ctl", description = "Watch and change the Sluice that runs with a configuration file.",
        mixinStandardHelpOptions = true, versionProvider = Main.Version.class,
        subcommands = {CtlCommand.Show.class, CtlCommand.Server.class, CtlConfigCommand.class,
            CtlCommand.Generations.class, CtlCommand.Rollback.class})
final class CtlCommand implements Runnable {

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "which of its commands?");
    }

    /** What there is, in a few lines. */
    @Command(name = "show", description = "Show listeners, pools and servers.")
    static final class Show extends AdminCommand {

        @Option(names = "--json", description = "As JSON, with all there is to be seen.")
        private boolean asJson;

        @Override
        void run(AdminClient client, PrintWriter out) throws IOException, InterruptedException, RefusedException {
            JsonNode status = client.get("/status").json();
            if (asJson) {
                out.println(status.toPrettyString());
                return;
            }
            out.println("Sluice " + text(status, "version") + " is " + text(status, "state") + ", generation "
                    + text(status.get("generation"), "number"));
            List<List<String>> listeners = new ArrayList<>();
            listeners.add(List.of("LISTENER", "PROTOCOL", "ADDRESS", "STATE", "CONNECTIONS"));
            for (JsonNode listener : status.get("listeners")) {
                List<String> binds = listener.get("binds").valueStream().map(JsonNode::asString).toList();
                listeners.add(List.of(text(listener, "name"), text(listener, "protocol"), String.join(" ", binds),
                        text(listener, "state"), text(listener.get("connections"), "now")));
            }
            List<List<String>> servers = new ArrayList<>();
            servers.add(List.of("SERVER", "ADDRESS", "STATE", "WANTED", "WEIGHT", "CONNECTIONS"));
            for (JsonNode pool : status.get("pools")) {
                for (JsonNode server : pool.get("servers")) {
                    servers.add(List.of(text(pool, "name") + "/" + text(server, "name"), text(server, "address"),
                            text(server, "state"), text(server, "adminState"), text(server, "weight"),
                            text(server.get("connections"), "now")));
                }
            }
            tellTable(listeners, out);
            tellTable(servers, out);
        }
    }

    /** Sets a server's state or weight. */
    @Command(name = "server", description = {"Set the state or the weight of a server, from now on and over reloads.",
        "drain: it gets nothing new. maintenance: it is not checked either. ready: it takes part. weight: it gets this "
                + "share. reset: it is as the configuration says again."})
    static final class Server extends AdminCommand {

        enum Action { DRAIN, READY, MAINTENANCE, WEIGHT, RESET }

        @Parameters(index = "0", paramLabel = "ACTION", description = "${COMPLETION-CANDIDATES}")
        private Action action;

        @Parameters(index = "1", paramLabel = "POOL/SERVER")
        private String server;

        @Parameters(index = "2", paramLabel = "WEIGHT", arity = "0..1", description = "From 0 to 256, with weight.")
        private Integer weight;

        @Spec
        private CommandSpec command;

        @Override
        void run(AdminClient client, PrintWriter out) throws IOException, InterruptedException, RefusedException {
            String[] names = server.split("/", -1);
            if (names.length != 2 || (action == Action.WEIGHT) != (weight != null)) {
                throw new ParameterException(command.commandLine(), "expected: ACTION POOL/SERVER, and with the "
                        + "action weight a number");
            }
            JsonNode now = client.send("PATCH", "/pools/" + AdminClient.encoded(names[0]) + "/servers/"
                    + AdminClient.encoded(names[1]), change()).json();
            out.println("server " + server + " is wanted " + text(now, "state") + ", weight " + text(now, "weight"));
        }

        private Map<String, ?> change() {
            return switch (action) {
                case WEIGHT -> Map.of("weight", weight);
                case RESET -> {
                    Map<String, Object> nothing = new HashMap<>();
                    nothing.put("state", null);
                    nothing.put("weight", null);
                    yield nothing;
                }
                case DRAIN, READY, MAINTENANCE ->
                        Collections.singletonMap("state", action.name().toLowerCase(Locale.ROOT));
            };
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
    static final class Rollback extends AdminCommand {

        @Parameters(index = "0", paramLabel = "GENERATION", description = "Its number, as generations lists it.")
        private int number;

        @Override
        void run(AdminClient client, PrintWriter out) throws IOException, InterruptedException, RefusedException {
            tellOutcome(client.send("POST", "/generations/" + number + "/rollback", Map.of()).json(), out);
        }
    }
}
