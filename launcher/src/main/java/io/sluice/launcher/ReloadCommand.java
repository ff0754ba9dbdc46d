package io.sluice.launcher;

import io.sluice.launcher.admin.AdminClient;
import io.sluice.launcher.admin.AdminClient.RefusedException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import picocli.CommandLine.Command;
import tools.jackson.databind.JsonNode;

/** Makes a running Sluice reload its configuration file, and prints the result. */
@Command(name = "reload", description = "Have the Sluice that runs put its configuration file in force as it is now.")
final class ReloadCommand extends AdminCommand {

    @Override
    void run(AdminClient client, PrintWriter out) throws IOException, InterruptedException, RefusedException {
        try {
            JsonNode outcome = client.send("POST", "/reload", Map.of()).json();
            tellIfAnother(outcome, out);
            tellOutcome(outcome, out);
        } catch (RefusedException e) {
            tellIfAnother(e.problem(), out);
            throw e;
        }
    }

    /** @param answer names the file that was read, but not if it comes from a Sluice of before */
    private void tellIfAnother(JsonNode answer, PrintWriter out) {
        if (answer.hasNonNull("file") && !isSame(Path.of(text(answer, "file")), running())) {
            out.println("Sluice runs with " + text(answer, "file") + " and reads that; " + running() + " only says "
                    + "where to ask it, and ctl config put would put it in force");
        }
    }

    /** Whether both are the same file, on whatever paths; not if the other process's is not to be seen from here. */
    private static boolean isSame(Path read, Path named) {
        try {
            return Files.isSameFile(read, named);
        } catch (IOException e) {
            return false;
        }
    }
}
