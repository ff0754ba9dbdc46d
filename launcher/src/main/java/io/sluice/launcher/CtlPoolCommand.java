package io.sluice.launcher;

import io.sluice.launcher.admin.AdminClient;
import io.sluice.launcher.admin.AdminClient.RefusedException;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Adds and removes pools. */
@Command(name = "pool", description = "Add or remove a pool, until the configuration file is read again.",
        mixinStandardHelpOptions = true, versionProvider = SluiceCommand.VersionLine.class,
        subcommands = {CtlPoolCommand.Add.class, CtlPoolCommand.Remove.class})
final class CtlPoolCommand {

    /** Adds a pool. */
    @Command(name = "add", description = {"Add a pool.",
        "It holds until the configuration file is read again. For example:",
        "    ctl pool add shop balance=first 'servers=[{ name: a, address: 10.0.0.1:80 }]'"})
    static final class Add extends AddCommand {

        @Parameters(index = "0", paramLabel = "POOL")
        private String name;

        @Override
        void run(AdminClient client, PrintWriter out) throws IOException, InterruptedException, RefusedException {
            tellOutcome(change(client, "POST", "/pools", keys(name)), out);
        }
    }

    /** Removes a pool. */
    @Command(name = "remove", description = {"Remove a pool that no listener leads to. Its connections go on.",
        "It holds until the configuration file is read again."})
    static final class Remove extends ChangeCommand {

        @Parameters(index = "0", paramLabel = "POOL")
        private String name;

        @Override
        void run(AdminClient client, PrintWriter out) throws IOException, InterruptedException, RefusedException {
            tellOutcome(change(client, "DELETE", "/pools/" + AdminClient.encoded(name), Map.of()), out);
        }
    }
}
