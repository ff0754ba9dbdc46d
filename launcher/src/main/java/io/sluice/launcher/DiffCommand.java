package io.sluice.launcher;

import io.sluice.config.parse.ConfigDiff;
import io.sluice.config.parse.ConfigException;
import io.sluice.config.parse.ConfigParser;
import io.sluice.launcher.admin.AdminClient;
import io.sluice.launcher.admin.AdminClient.RefusedException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Prints what a reload with a configuration file would change, compared with another file or with what runs. */
@Command(name = "diff", description = "Tell what a reload with a configuration file would change against what runs, or "
        + "against another file; changes nothing.")
final class DiffCommand extends AdminCommand {

    @Option(names = "--against", paramLabel = "FILE",
            description = "The configuration file as it is in force, such as a copy of it; without it, a Sluice that "
                    + "runs is asked.")
    private Path against;

    @Option(names = "--running", paramLabel = "FILE",
            description = "The configuration file that says where that Sluice is asked, if it is another one.")
    private Path running;

    @Spec
    private CommandSpec spec;

    @Override
    Path running() {
        return running == null ? super.running() : running;
    }

    @Override
    public Integer call() throws ConfigException, InterruptedException {
        if (against == null) {
            return super.call();
        }
        ConfigDiff diff = ConfigDiff.between(ConfigParser.load(against).config(),
                ConfigParser.load(super.running()).config());
        PrintWriter out = spec.commandLine().getOut();
        if (diff.isEmpty()) {
            out.println("nothing changes");
        }
        diff.lines().forEach(out::println);
        out.flush();
        return ExitCode.OK;
    }

    @Override
    void run(AdminClient client, PrintWriter out)
            throws ConfigException, IOException, InterruptedException, RefusedException {
        CtlConfigCommand.tellDifference(client, super.running(), out);
    }
}
