package io.sluice.launcher;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code tls}: the commands for TLS. */
@Command(name = "tls", description = "Look into TLS.", subcommands = {TlsInspectCommand.class,
    CommandLine.HelpCommand.class}, mixinStandardHelpOptions = true, versionProvider = SluiceCommand.VersionLine.class)
final class TlsCommand implements Runnable {

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "say what to do, such as inspect");
    }
}
