package io.sluice.launcher;

import io.sluice.config.parse.ConfigException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The whole command line: {@code run}, {@code validate}, and the short forms that users of nginx and HAProxy know. */
@Command(
        name = "sluice",
        description = "A load balancer for TCP and HTTP/1.1.",
        mixinStandardHelpOptions = true,
        versionProvider = SluiceCommand.VersionLine.class,
        sortOptions = false,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:Done as asked; also after TERM or INT.",
            "1:The configuration is not valid.",
            "2:The command line is not valid.",
            "3:Sluice could not start: an address is in use, a file cannot be opened.",
            "4:A second TERM or INT ended it at once.",
            "5:It broke: out of memory, or a bug; the log says more.",
            "6:'bench' or 'tls inspect' got no answer at all.",
            "7:The Sluice that runs cannot be asked, or it refused what it was asked.",
            "8:Done as asked, but not all of the output could be written."
        })
final class SluiceCommand implements Callable<Integer> {

    /** By name, in the order in which help lists them. */
    private static final Map<String, Class<?>> COMMANDS = commands(
            Map.entry("run", RunCommand.class),
            Map.entry("validate", ValidateCommand.class),
            Map.entry("route", RouteCommand.class),
            Map.entry("diff", DiffCommand.class),
            Map.entry("reload", ReloadCommand.class),
            Map.entry("upgrade", UpgradeCommand.class),
            Map.entry("ctl", CtlCommand.class),
            Map.entry("sessions", SessionsCommand.class),
            Map.entry("top", TopCommand.class),
            Map.entry("errors", ErrorsCommand.class),
            Map.entry("tls", TlsCommand.class),
            Map.entry("bench", BenchCommand.class),
            Map.entry("origin", OriginCommand.class),
            Map.entry("help", CommandLine.HelpCommand.class));

    /** The commands that read no configuration. */
    private static final Set<String> WITHOUT_FILE = Set.of("tls", "bench", "origin");

    @Option(names = {"-f", "--file"}, paramLabel = "FILE", scope = ScopeType.INHERIT, converter = FileName.class,
            description = "The configuration file (default: config/sluice.yaml beside the program).")
    private Path file = RunArguments.defaultFile();

    @Option(names = {"-t", "-c"}, description = "Only check the configuration, as 'validate' does.")
    private boolean checkOnly;

    @Spec
    private CommandSpec spec;

    /** The command line with all commands. */
    static CommandLine commandLine() {
        return commandLine(COMMANDS.keySet());
    }

    /**
     * The command line with the commands that the arguments name; with all if they name none or ask for help. Building
     * the models of all commands takes longer than the rest of a start.
     */
    static CommandLine commandLine(String... arguments) {
        Set<String> named = new LinkedHashSet<>(COMMANDS.keySet());
        named.retainAll(List.of(arguments));
        return named.isEmpty() || named.contains("help") ? commandLine() : commandLine(named);
    }

    private static CommandLine commandLine(Set<String> names) {
        CommandLine commandLine = new CommandLine(new SluiceCommand());
        names.forEach(name -> commandLine.addSubcommand(COMMANDS.get(name)));
        commandLine.getSubcommands().forEach((name, command) -> {
            if (WITHOUT_FILE.contains(name)) {
                dropFile(command);
            }
        });
        CommandLine.IParameterExceptionHandler usual = commandLine.getParameterExceptionHandler();
        return commandLine
                .setParameterExceptionHandler((e, arguments) -> explain(e, arguments, usual))
                .setExecutionExceptionHandler(SluiceCommand::explain)
                .setExpandAtFiles(false);
    }

    /** Takes the option for the file, which is inherited, from a command. */
    private static void dropFile(CommandLine command) {
        CommandSpec spec = command.getCommandSpec();
        spec.remove(spec.findOption("-f"));
        command.getSubcommands().values().forEach(SluiceCommand::dropFile);
    }

    @SafeVarargs
    private static Map<String, Class<?>> commands(Map.Entry<String, Class<?>>... entries) {
        Map<String, Class<?>> commands = new LinkedHashMap<>();
        for (Map.Entry<String, Class<?>> entry : entries) {
            commands.put(entry.getKey(), entry.getValue());
        }
        return commands;
    }

    /** Runs without a command: checks the configuration if asked to, or else prints help. */
    @Override
    public Integer call() throws ConfigException {
        if (checkOnly) {
            return ValidateCommand.validate(file, false, spec.commandLine().getOut(), spec.commandLine().getErr());
        }
        spec.commandLine().usage(spec.commandLine().getErr());
        return ExitCode.USAGE;
    }

    Path file() {
        return file;
    }

    private static int explain(CommandLine.ParameterException error, String[] arguments,
                               CommandLine.IParameterExceptionHandler usual) throws Exception {
        if (error instanceof CommandLine.UnmatchedArgumentException unmatched && unmatched.getUnmatched().size() == 1) {
            String word = unmatched.getUnmatched().getFirst();
            if (word.endsWith(".yaml") || word.endsWith(".yml")) {
                error.getCommandLine().getErr().println("A configuration file is named by -f: -f " + word);
                return ExitCode.USAGE;
            }
        }
        return usual.handleParseException(error, arguments);
    }

    private static int explain(Exception error, CommandLine command, CommandLine.ParseResult parsed) {
        return Failure.explain(error, command.getErr());
    }

    /** The version, for {@code --version} of each command. */
    static final class VersionLine implements IVersionProvider {

        @Override
        public String[] getVersion() {
            return new String[] {"Sluice " + Version.get() + ", Java " + Runtime.version()};
        }
    }
}
