package io.sluice.launcher;

import io.sluice.config.parse.ConfigDocument;
import io.sluice.config.parse.ConfigException;
import io.sluice.launcher.admin.AdminClient.RefusedException;
import io.sluice.launcher.admin.AdminClient;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** Shows, compares and replaces the configuration of a running Sluice. */
@Command(name = "config", description = "Show, compare and replace the configuration in force.",
        mixinStandardHelpOptions = true, versionProvider = SluiceCommand.VersionLine.class,
        subcommands = {CtlConfigCommand.Show.class, CtlConfigCommand.Put.class, CtlConfigCommand.Diff.class})
final class CtlConfigCommand {

    static final String YAML = "application/yaml";

    /** Prints the text of the configuration in force. */
    @Command(name = "show", description = "Show its text.")
    static final class Show extends AdminCommand {

        @Option(names = "--defaults", description = "With every default filled in.")
        private boolean defaults;

        @Option(names = "--secrets", description = "With secrets, which are *** otherwise.")
        private boolean secrets;

        @Override
        void run(AdminClient client, PrintWriter out) throws IOException, InterruptedException, RefusedException {
            out.print(client.get("/config?defaults=" + defaults + "&secrets=" + secrets).body());
        }
    }

    /** Puts another configuration in force. */
    @Command(name = "put", description = "Put another configuration in force, which the file on disk need not be.")
    static final class Put extends ChangeCommand {

        @Parameters(index = "0", paramLabel = "FILE", description = "The configuration.")
        private Path file;

        @Option(names = "--save", description = "Write it into the configuration file, too.")
        private boolean save;

        @Override
        void run(AdminClient client, PrintWriter out)
                throws ConfigException, IOException, InterruptedException, RefusedException {
            String text = ConfigDocument.read(file).text();
            tellOutcome(client.send("PUT", "/config?save=" + save, YAML, text, etag()).json(), out);
        }
    }

    /** Prints what another configuration would change. */
    @Command(name = "diff", description = "Tell what another configuration would change; changes nothing.")
    static final class Diff extends AdminCommand {

        @Parameters(index = "0", paramLabel = "FILE", description = "The configuration.")
        private Path file;

        @Override
        void run(AdminClient client, PrintWriter out)
                throws ConfigException, IOException, InterruptedException, RefusedException {
            tellDifference(client, file, out);
        }
    }

    /** Prints a line for each change that a configuration would bring. */
    static void tellDifference(AdminClient client, Path file, PrintWriter out)
            throws ConfigException, IOException, InterruptedException, RefusedException {
        String text = ConfigDocument.read(file).text();
        JsonNode lines = client.send("POST", "/config/diff", YAML, text, Optional.empty()).json().get("lines");
        if (lines.isEmpty()) {
            out.println("nothing changes");
        }
        lines.forEach(line -> out.println(line.asString()));
    }
}
