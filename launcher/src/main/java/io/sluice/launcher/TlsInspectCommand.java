package io.sluice.launcher;

import io.sluice.config.Endpoint;
import io.sluice.config.pem.PemException;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Security;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code tls inspect}: prints what a listener offers, found out by handshakes with all versions and ciphers. */
@Command(name = "inspect", description = "Say what a TLS listener offers: versions, ciphers, certificates, protocols, "
        + "and whether sessions are taken up again.", mixinStandardHelpOptions = true,
        versionProvider = SluiceCommand.VersionLine.class, sortOptions = false)
final class TlsInspectCommand implements Callable<Integer> {

    @Parameters(index = "0", paramLabel = "HOST:PORT", description = "Where it listens, such as shop.example.com:443.")
    private String address;

    @Option(names = "--servername", paramLabel = "NAME",
            description = "The name to ask for (SNI) and to verify (default: the host).")
    private String serverName;

    @Option(names = "--ca", paramLabel = "FILE",
            description = "Whom to trust, in PEM format (default: those that the Java runtime trusts).")
    private Path ca;

    @Option(names = "--timeout", paramLabel = "MS", defaultValue = "5000",
            description = "How long each step may take, in milliseconds (default: ${DEFAULT-VALUE}).")
    private int timeoutMs;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws GeneralSecurityException {
        int colon = address.lastIndexOf(':');
        String port = address.substring(colon + 1);
        if (colon < 1 || !port.matches("[0-9]{1,5}") || Integer.parseInt(port) > Endpoint.MAX_PORT) {
            throw new ParameterException(spec.commandLine(), "expected HOST:PORT, not " + address);
        }
        if (timeoutMs < 1) {
            throw new ParameterException(spec.commandLine(), "--timeout is at least 1");
        }
        // Enables outdated versions and ciphers in this process, so that they can be found.
        Security.setProperty("jdk.tls.disabledAlgorithms", "");
        String host = address.substring(0, colon).replaceAll("^\\[(.*)]$", "$1");
        String asked = serverName == null ? host : serverName;
        try {
            TlsInspection.serverNames(asked);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), asked + " cannot be asked for: " + e.getMessage()
                    + "; --servername sets another name", e);
        }
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        try {
            InetSocketAddress target = new InetSocketAddress(host, Integer.parseInt(port));
            if (target.isUnresolved()) {
                err.println("the host " + host + " is not known");
                return ExitCode.NOTHING_ANSWERED;
            }
            TlsInspection inspection = new TlsInspection(target, asked, Optional.ofNullable(ca), timeoutMs);
            out.print(new TlsReport(address, inspection).text());
            out.flush();
            return ExitCode.OK;
        } catch (PemException e) {
            err.println(e.getMessage());
            return ExitCode.CANNOT_START;
        } catch (IOException e) {
            err.println(address + ": " + e.getMessage());
            return ExitCode.NOTHING_ANSWERED;
        }
    }
}
