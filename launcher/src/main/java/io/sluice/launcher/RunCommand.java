package io.sluice.launcher;

import io.sluice.config.parse.ConfigException;
import io.sluice.launcher.control.LaunchException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** The options of {@code run}; {@link RunArguments} knows those of a usual start as well. */
@Command(name = "run", description = "Run the load balancer in the foreground.",
        mixinStandardHelpOptions = true, versionProvider = SluiceCommand.VersionLine.class)
final class RunCommand implements Callable<Integer> {

    @ParentCommand
    private SluiceCommand root;

    @Option(names = RunArguments.TAKE_OVER, description = "Take the listening sockets over from the Sluice that runs, "
            + "by the upgrade-socket of FILE, and have it drain. 'upgrade' starts the new process so.")
    private boolean takesOver;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws ConfigException, LaunchException, InterruptedException {
        RunArguments arguments = new RunArguments(root.file(), takesOver);
        return new Run(arguments, spec.commandLine().getOut(), spec.commandLine().getErr()).call();
    }
}
