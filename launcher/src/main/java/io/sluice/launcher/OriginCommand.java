package io.sluice.launcher;

import io.sluice.bench.origin.Origin;
import io.sluice.bench.origin.Service;
import io.sluice.config.Endpoint;
import io.sluice.core.address.Addresses;
import io.sluice.launcher.control.LaunchException;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** Serves dummy answers, as a target for load. */
@Command(name = "origin", description = "Serve dummy answers over HTTP, or bytes over TCP, to put load on.",
        footer = {"", "Over HTTP the query says what is answered, on any path:",
            "  ?size=16k    bytes of the body (default: 128); k, m and g are powers of 1024",
            "  &delay=50ms  before the answer", "  &status=503  instead of 200",
            "  &error=1%%    so many answers are a 500",
            "  &reset=1%%    so many requests have their connection reset"},
        mixinStandardHelpOptions = true, versionProvider = SluiceCommand.VersionLine.class, sortOptions = false)
final class OriginCommand implements Callable<Integer> {

    @Option(names = "--bind", paramLabel = "[ADDRESS:]PORT", converter = Bind.class, defaultValue = "127.0.0.1:9000",
            description = "Where it listens; a port alone means on 127.0.0.1 (default: ${DEFAULT-VALUE}).")
    private InetSocketAddress bind;

    @Option(names = "--tcp", paramLabel = "SERVICE", converter = TcpService.class,
            description = "TCP instead of HTTP: echo sends back, send sends without end, discard reads without end.")
    private Service tcp;

    @Option(names = {"-t", "--threads"}, paramLabel = "N", description = "Threads (default: one a core).")
    private Integer threads;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws LaunchException, InterruptedException {
        int count = threads == null ? Runtime.getRuntime().availableProcessors() : threads;
        if (count < 1) {
            throw new ParameterException(spec.commandLine(), "--threads is at least 1");
        }
        CountDownLatch stopped = new CountDownLatch(1);
        Signals.on("INT", stopped::countDown);
        Signals.on("TERM", stopped::countDown);
        try (Origin origin = Origin.start(bind, tcp == null ? Service.HTTP : tcp, count)) {
            PrintWriter out = spec.commandLine().getOut();
            out.println("origin listens on " + Addresses.toText(origin.address()));
            out.flush();
            stopped.await();
        } catch (IOException e) {
            throw new LaunchException("the origin cannot listen on " + Addresses.toText(bind) + ": " + e.getMessage());
        }
        return ExitCode.OK;
    }

    /** What an origin does over TCP, in the words of the command line. */
    static final class TcpService implements ITypeConverter<Service> {

        @Override
        public Service convert(String text) {
            return switch (text) {
                case "echo" -> Service.ECHO;
                case "send" -> Service.SEND;
                case "discard" -> Service.DISCARD;
                default -> throw new TypeConversionException("'" + text + "' is none of echo, send and discard");
            };
        }
    }

    /** An address and a port, or a port. */
    static final class Bind implements ITypeConverter<InetSocketAddress> {

        @Override
        public InetSocketAddress convert(String text) {
            int colon = text.lastIndexOf(':');
            String host = colon < 0 ? "127.0.0.1" : text.substring(0, colon);
            String port = text.substring(colon + 1);
            if (port.matches("\\d{1,5}") && Integer.parseInt(port) <= Endpoint.MAX_PORT) {
                InetSocketAddress address = new InetSocketAddress(host, Integer.parseInt(port));
                if (!address.isUnresolved() && !host.isEmpty()) {
                    return address;
                }
            }
            throw new TypeConversionException("'" + text + "' is no address to listen on, such as 127.0.0.1:9000");
        }
    }
}
