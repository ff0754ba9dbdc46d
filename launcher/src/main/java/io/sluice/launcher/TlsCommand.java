package io.sluice.launcher;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code tls}: the commands for TLS. */
@Command(name = "tls", description = "Look into TLS.", subcommands = {TlsInspectCommand.class,
    CommandLine.HelpCommand.class}, mixinStandardHelpOptions = true, versionProvider = SluiceCommand.VersionLine.class)
final class TlsCommand { }
