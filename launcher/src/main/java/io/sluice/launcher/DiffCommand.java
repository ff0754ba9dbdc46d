package io.sluice.launcher;

import io.sluice.config.parse.ConfigDiff;
import io.sluice.config.parse.ConfigException;
import io.sluice.config.parse.ConfigParser;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Tells what a reload with one configuration file would change against another one. */
@Command(name = "diff", description = "Tell what a reload with a configuration file would change; changes nothing.",
        mixinStandardHelpOptions = true, versionProvider = Main.Version.class, sortOptions = false)
final class DiffCommand implements Callable<Integer> {

    @ParentCommand
    private Main main;

    @Option(names = "--against", paramLabel = "FILE", required = true,
            description = "The configuration file as it is in force, such as a copy of it.")
    private Path against;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws ConfigException {
        ConfigDiff diff = ConfigDiff.between(ConfigParser.parse(against), ConfigParser.parse(main.file()));
        PrintWriter out = spec.commandLine().getOut();
        if (diff.isEmpty()) {
            out.println("nothing changes");
        }
        diff.lines().forEach(out::println);
        out.flush();
        return ExitCode.OK;
    }
}
