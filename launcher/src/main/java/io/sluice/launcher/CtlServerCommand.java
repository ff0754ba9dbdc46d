package io.sluice.launcher;

import io.sluice.launcher.admin.AdminClient;
import io.sluice.launcher.admin.AdminClient.RefusedException;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;
import tools.jackson.databind.JsonNode;

/** Sets the state and the weight of servers, adds and removes them. */
@Command(name = "server", description = {"Set the state or the weight of a server, from now on and over reloads; add "
        + "or remove one, until the configuration file is read again."},
        mixinStandardHelpOptions = true, versionProvider = SluiceCommand.VersionLine.class,
        subcommands = {CtlServerCommand.Drain.class, CtlServerCommand.Maintenance.class, CtlServerCommand.Ready.class,
            CtlServerCommand.Weight.class, CtlServerCommand.Reset.class, CtlServerCommand.Add.class,
            CtlServerCommand.Remove.class})
final class CtlServerCommand {

    /** The names of a pool and of one of its servers. */
    private record Name(String pool, String server) {

        String path() {
            return "/pools/" + AdminClient.encoded(pool) + "/servers";
        }

        String ownPath() {
            return path() + "/" + AdminClient.encoded(server);
        }

        @Override
        public String toString() {
            return pool + "/" + server;
        }
    }

    private static final class NameConverter implements ITypeConverter<Name> {

        @Override
        public Name convert(String text) {
            String[] names = text.split("/", -1);
            if (names.length != 2 || names[0].isEmpty() || names[1].isEmpty()) {
                throw new TypeConversionException("expected POOL/SERVER, not " + text);
            }
            return new Name(names[0], names[1]);
        }
    }

    /** Sets an operator's directive for a server. */
    @Command
    private abstract static class Directive extends AdminCommand {

        @Parameters(index = "0", paramLabel = "POOL/SERVER", converter = NameConverter.class)
        private Name server;

        abstract Map<String, ?> change();

        @Override
        void run(AdminClient client, PrintWriter out) throws IOException, InterruptedException, RefusedException {
            JsonNode now = client.send("PATCH", server.ownPath(), change()).json();
            out.println("server " + server + ": state " + text(now, "state") + ", weight " + text(now, "weight"));
        }
    }

    /** Drains a server. */
    @Command(name = "drain", description = "It gets nothing new; what it has goes on.")
    static final class Drain extends Directive {

        @Override
        Map<String, ?> change() {
            return Map.of("state", "drain");
        }
    }

    /** Drains a server and stops checking it. */
    @Command(name = "maintenance", description = "It gets nothing new, and is not checked either.")
    static final class Maintenance extends Directive {

        @Override
        Map<String, ?> change() {
            return Map.of("state", "maintenance");
        }
    }

    /** Puts a server back into service. */
    @Command(name = "ready", description = "It takes part.")
    static final class Ready extends Directive {

        @Override
        Map<String, ?> change() {
            return Map.of("state", "ready");
        }
    }

    /** Sets a server's weight. */
    @Command(name = "weight", description = "It gets this share.")
    static final class Weight extends Directive {

        @Parameters(index = "1", paramLabel = "WEIGHT", description = "From 0 to 256.")
        private int weight;

        @Override
        Map<String, ?> change() {
            return Collections.singletonMap("weight", weight);
        }
    }

    /** Drops the directive of a server. */
    @Command(name = "reset", description = "Its state and weight are as the configuration says again.")
    static final class Reset extends Directive {

        @Override
        Map<String, ?> change() {
            Map<String, Object> nothing = new HashMap<>();
            nothing.put("state", null);
            nothing.put("weight", null);
            return nothing;
        }
    }

    /** Adds a server. */
    @Command(name = "add", description = {"Add a server to a pool.",
        "It holds until the configuration file is read again. For example:",
        "    ctl server add shop/shop3 address=10.0.0.3:8080 weight=10"})
    static final class Add extends AddCommand {

        @Parameters(index = "0", paramLabel = "POOL/SERVER", converter = NameConverter.class)
        private Name server;

        @Override
        void run(AdminClient client, PrintWriter out) throws IOException, InterruptedException, RefusedException {
            tellOutcome(change(client, "POST", server.path(), keys(server.server())), out);
        }
    }

    /** Removes a server. */
    @Command(name = "remove", description = {"Remove a server from its pool. It gets nothing new; what it has goes on.",
        "It holds until the configuration file is read again."})
    static final class Remove extends ChangeCommand {

        @Parameters(index = "0", paramLabel = "POOL/SERVER", converter = NameConverter.class)
        private Name server;

        @Override
        void run(AdminClient client, PrintWriter out) throws IOException, InterruptedException, RefusedException {
            tellOutcome(change(client, "DELETE", server.ownPath(), Map.of()), out);
        }
    }
}
