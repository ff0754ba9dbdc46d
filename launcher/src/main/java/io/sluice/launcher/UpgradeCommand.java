package io.sluice.launcher;

import io.sluice.config.SluiceConfig;
import io.sluice.config.parse.ConfigException;
import io.sluice.config.parse.ConfigParser;
import io.sluice.launcher.control.LaunchException;
import io.sluice.launcher.upgrade.UpgradeRequest;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Makes the running Sluice hand over to a process of this version of the program. */
@Command(name = "upgrade",
        description = "Have the Sluice that runs hand over to a new process of this version, which reads FILE.",
        mixinStandardHelpOptions = true, versionProvider = SluiceCommand.VersionLine.class)
final class UpgradeCommand implements Callable<Integer> {

    @ParentCommand
    private SluiceCommand root;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws ConfigException, LaunchException {
        Path file = root.file().toAbsolutePath().normalize();
        Path socket = socket(ConfigParser.load(file).config(), file);
        PrintWriter out = spec.commandLine().getOut();
        UpgradeRequest.send(socket, command(file), text -> {
            out.println(text);
            out.flush();
        });
        return ExitCode.OK;
    }

    /** The upgrade socket of the configuration. */
    static Path socket(SluiceConfig config, Path file) throws LaunchException {
        return config.upgradeSocket().orElseThrow(() -> new LaunchException(file + " has no upgrade-socket, so the "
                + "process that runs cannot be asked: add one, as in 'upgrade-socket: upgrade.sock', and restart"));
    }

    /** The command that runs this version: its launcher script, or else this process's JVM and jar. */
    private static List<String> command(Path file) {
        Path script = Path.of(System.getProperty("sluice.home", ""), "sluice").toAbsolutePath();
        List<String> command = new ArrayList<>();
        if (Files.isExecutable(script)) {
            command.add(script.toString());
        } else {
            command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
            command.addAll(List.of("-jar", Path.of(System.getProperty("java.class.path")).toAbsolutePath().toString()));
        }
        command.addAll(List.of("run", RunArguments.TAKE_OVER, "-f", file.toString()));
        return command;
    }
}
