package io.sluice.launcher;

import io.sluice.launcher.admin.AdminClient;
import io.sluice.launcher.admin.AdminClient.RefusedException;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Map;
import picocli.CommandLine.Command;

/** Makes a running Sluice reload its configuration file, and prints the result. */
@Command(name = "reload", description = "Have the Sluice that runs put its configuration file in force as it is now.")
final class ReloadCommand extends AdminCommand {

    @Override
    void run(AdminClient client, PrintWriter out) throws IOException, InterruptedException, RefusedException {
        tellOutcome(client.send("POST", "/reload", Map.of()).json(), out);
    }
}
