package io.sluice.launcher;

import io.sluice.launcher.admin.AdminClient;
import io.sluice.launcher.admin.AdminClient.RefusedException;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Adds and removes listeners. */
@Command(name = "listener", description = "Add or remove a listener, until the configuration file is read again.",
        mixinStandardHelpOptions = true, versionProvider = SluiceCommand.VersionLine.class,
        subcommands = {CtlListenerCommand.Add.class, CtlListenerCommand.Remove.class})
final class CtlListenerCommand {

    /** Adds a listener. */
    @Command(name = "add", description = {"Add a listener.",
        "It holds until the configuration file is read again. For example:",
        "    ctl listener add web bind=0.0.0.0:80 protocol=http pool=shop"})
    static final class Add extends AddCommand {

        @Parameters(index = "0", paramLabel = "LISTENER")
        private String name;

        @Override
        void run(AdminClient client, PrintWriter out) throws IOException, InterruptedException, RefusedException {
            tellOutcome(change(client, "POST", "/listeners", keys(name)), out);
        }
    }

    /** Removes a listener. */
    @Command(name = "remove", description = {"Remove a listener. Its address is free at once; its connections go on.",
        "It holds until the configuration file is read again."})
    static final class Remove extends ChangeCommand {

        @Parameters(index = "0", paramLabel = "LISTENER")
        private String name;

        @Override
        void run(AdminClient client, PrintWriter out) throws IOException, InterruptedException, RefusedException {
            tellOutcome(change(client, "DELETE", "/listeners/" + AdminClient.encoded(name), Map.of()), out);
        }
    }
}
