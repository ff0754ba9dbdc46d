package io.sluice.launcher;

import io.sluice.config.SluiceConfig;
import io.sluice.config.parse.ConfigDump;
import io.sluice.config.parse.ConfigException;
import io.sluice.config.parse.ConfigParser;
import io.sluice.config.parse.LoadedConfig;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Checks a configuration and prints all of its errors. */
@Command(name = "validate", description = "Check a configuration file; tells all mistakes at once.",
        mixinStandardHelpOptions = true, versionProvider = SluiceCommand.VersionLine.class)
final class ValidateCommand implements Callable<Integer> {

    @ParentCommand
    private SluiceCommand root;

    @Option(names = "--dump", description = "Print the effective configuration, every default filled in.")
    private boolean dump;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws ConfigException {
        return validate(root.file(), dump, spec.commandLine().getOut(), spec.commandLine().getErr());
    }

    static int validate(Path file, boolean dump, PrintWriter out, PrintWriter err) throws ConfigException {
        LoadedConfig loaded = ConfigParser.load(file);
        loaded.warnings().forEach(warning -> err.println(warning.render()));
        SluiceConfig config = loaded.config();
        if (dump) {
            out.print(ConfigDump.toYaml(config));
        } else {
            out.println(file + " is valid: " + count(config.listeners().size(), "listener") + ", "
                    + count(config.pools().size(), "pool") + ", "
                    + count(config.pools().stream().mapToInt(pool -> pool.servers().size()).sum(), "server"));
        }
        out.flush();
        return ExitCode.OK;
    }

    private static String count(int number, String noun) {
        return number + " " + noun + (number == 1 ? "" : "s");
    }
}
