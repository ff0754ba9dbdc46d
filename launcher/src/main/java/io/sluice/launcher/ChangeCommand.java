package io.sluice.launcher;

import io.sluice.launcher.admin.AdminClient;
import io.sluice.launcher.admin.AdminClient.RefusedException;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** A command that changes the configuration in force, on request only if it still is the version named. */
@Command
abstract class ChangeCommand extends AdminCommand {

    @Option(names = "--if-version", paramLabel = "VERSION", description = "Only if that is the version in force, as "
            + "'ctl show' tells it: someone else may have changed it meanwhile.")
    private String version;

    JsonNode change(AdminClient client, String method, String path, Map<String, ?> body)
            throws IOException, InterruptedException, RefusedException {
        return client.send(method, path, body, etag()).json();
    }

    /** The version that must be in force; empty for any. */
    Optional<String> etag() {
        return Optional.ofNullable(version).map(text -> '"' + text.replace("\"", "") + '"');
    }
}
