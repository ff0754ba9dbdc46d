package io.sluice.launcher;

import io.sluice.config.HttpListenerConfig;
import io.sluice.config.ListenerConfig;
import io.sluice.config.SluiceConfig;
import io.sluice.config.parse.ConfigException;
import io.sluice.config.parse.ConfigParser;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** Prints how a request would be routed, without sending anything. */
@Command(name = "route", description = "Tell which route an HTTP request takes and what it does; nothing is sent.",
        mixinStandardHelpOptions = true, versionProvider = SluiceCommand.VersionLine.class, sortOptions = false)
final class RouteCommand implements Callable<Integer> {

    @ParentCommand
    private SluiceCommand root;

    @Parameters(index = "0", paramLabel = "METHOD", description = "Such as GET; capitals count.")
    private String method;

    @Parameters(index = "1", paramLabel = "URL", description = "Such as http://shop.example.com/api/orders/1, "
            + "or *, with the host as -H 'Host: NAME'.")
    private String url;

    @Option(names = {"-H", "--header"}, paramLabel = "'NAME: VALUE'", description = "A header field; may be repeated.")
    private List<String> fields = new ArrayList<>();

    @Option(names = "--client", paramLabel = "IP", converter = Address.class, defaultValue = "127.0.0.1",
            description = "The address that connects (default: ${DEFAULT-VALUE}).")
    private InetAddress client;

    @Option(names = "--listener", paramLabel = "NAME",
            description = "Of one listener (default: of each HTTP listener).")
    private String listener;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws ConfigException {
        SluiceConfig config = ConfigParser.load(root.file()).config();
        PrintWriter out = spec.commandLine().getOut();
        out.print(String.join("\n", chosen(config.listeners()).stream()
                .map(one -> new RouteReport(config, one, client).text(head())).toList()));
        out.flush();
        return ExitCode.OK;
    }

    private List<HttpListenerConfig> chosen(List<ListenerConfig> listeners) {
        List<HttpListenerConfig> chosen = listeners.stream()
                .filter(config -> listener == null || config.name().equals(listener))
                .filter(HttpListenerConfig.class::isInstance).map(HttpListenerConfig.class::cast).toList();
        if (chosen.isEmpty()) {
            throw wrong(listener == null ? "no listener of " + root.file() + " speaks HTTP"
                    : "no HTTP listener of " + root.file() + " is named " + listener);
        }
        return chosen;
    }

    /** The request as a client would send it. */
    private String head() {
        if (url.equals("*")) {
            return head("*", "");
        }
        int authority = url.startsWith("http://") ? 7 : url.startsWith("https://") ? 8 : -1;
        if (authority < 0) {
            throw wrong("a URL begins with http:// or https://, unlike " + url);
        }
        int end = authority;
        while (end < url.length() && "/?#".indexOf(url.charAt(end)) < 0) {
            end++;
        }
        boolean namesHost = fields.stream().anyMatch(field -> field.regionMatches(true, 0, "host:", 0, 5));
        return head(target(authority, end), namesHost ? "" : "Host: " + url.substring(authority, end) + "\r\n");
    }

    private String head(String target, String host) {
        StringBuilder head = new StringBuilder(method).append(' ').append(target).append(" HTTP/1.1\r\n").append(host);
        fields.forEach(field -> head.append(field).append("\r\n"));
        return head.append("\r\n").toString();
    }

    private String target(int authority, int end) {
        if (method.equals("CONNECT")) {
            String server = url.substring(authority, end);
            return server.matches(".*:\\d+") ? server : server + (url.startsWith("https") ? ":443" : ":80");
        }
        int fragment = url.indexOf('#', end);
        String rest = url.substring(end, fragment < 0 ? url.length() : fragment);
        return rest.startsWith("/") ? rest : '/' + rest;
    }

    private ParameterException wrong(String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    /** Converts an IP address without name resolution. */
    static final class Address implements ITypeConverter<InetAddress> {

        @Override
        public InetAddress convert(String text) {
            try {
                return InetAddress.ofLiteral(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException("'" + text + "' is not an IP address");
            }
        }
    }
}
