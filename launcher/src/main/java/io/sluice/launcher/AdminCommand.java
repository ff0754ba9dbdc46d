package io.sluice.launcher;

import io.sluice.config.parse.ConfigException;
import io.sluice.launcher.admin.AdminClient;
import io.sluice.launcher.admin.AdminClient.RefusedException;
import io.sluice.launcher.table.Cell;
import io.sluice.launcher.table.Table;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** A command that asks a running Sluice, whose configuration file gives the admin address and the token. */
@Command(mixinStandardHelpOptions = true, versionProvider = SluiceCommand.VersionLine.class, sortOptions = false)
abstract class AdminCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    /** Asks and prints the result. */
    abstract void run(AdminClient client, PrintWriter out)
            throws ConfigException, IOException, InterruptedException, RefusedException;

    /** The configuration file of the running Sluice. */
    Path running() {
        return ((SluiceCommand) spec.root().userObject()).file();
    }

    @Override
    public Integer call() throws ConfigException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        try (AdminClient client = AdminClient.of(running())) {
            run(client, out);
            return ExitCode.OK;
        } catch (RefusedException e) {
            err.println(e.getMessage());
            return e.isForConfiguration() ? ExitCode.INVALID_CONFIG : ExitCode.REFUSED;
        } catch (IOException e) {
            err.println(reason(e));
            return ExitCode.REFUSED;
        } finally {
            out.flush();
        }
    }

    private static String reason(IOException e) {
        return switch (e) {
            case NoSuchFileException missing -> "no such file: " + missing.getFile()
                    + "; Sluice makes its token when it starts";
            case AccessDeniedException denied -> "permission denied: " + denied.getFile()
                    + "; only the user that Sluice runs as can read its token";
            default -> e.getMessage() == null ? "the Sluice that runs cannot be reached: " + e : e.getMessage();
        };
    }

    /** Prints the number of the generation in force, its changes and its warnings. A Sluice of before names no file. */
    static void tellOutcome(JsonNode outcome, PrintWriter out) {
        for (JsonNode warning : outcome.get("warnings")) {
            out.println(warning.asString());
        }
        if (outcome.get("changes").isEmpty()) {
            out.println("nothing has changed" + (outcome.hasNonNull("file") ? " in " + text(outcome, "file") : ""));
        }
        for (JsonNode line : outcome.get("changes")) {
            out.println(line.asString());
        }
        out.println("generation " + outcome.get("generation").asInt() + " is in force");
    }

    /** Prints a table, each column as wide as its longest text. */
    static void tellTable(List<List<String>> rows, PrintWriter out) {
        Table table = new Table(rows.getFirst().size(), rows.getFirst().toArray(String[]::new));
        rows.stream().skip(1).forEach(row -> table.row(row.stream().map(Cell::of).toArray(Cell[]::new)));
        table.lines(Integer.MAX_VALUE, false).forEach(out::println);
    }

    /** A member as text; {@code -} if it is absent. */
    static String text(JsonNode of, String member) {
        JsonNode value = of.path(member);
        return value.isNull() || value.isMissingNode() ? "-" : value.asString();
    }
}
