package io.sluice.launcher;

import io.sluice.bench.load.HttpRequest;
import io.sluice.bench.load.Mode;
import io.sluice.bench.load.Target;
import io.sluice.bench.load.TargetUrl;
import io.sluice.l7.http.HttpMethod;
import io.sluice.launcher.control.LaunchException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The options of {@code bench} that say what is sent. */
final class TargetOptions {

    private static final int BULK_BYTES = 256 * 1024;
    private static final int DEFAULT_PING_BYTES = 128;
    private static final String DEFAULT_METHOD = "GET";

    @Option(names = {"-m", "--method"}, paramLabel = "NAME", description = "The HTTP method (default: GET).")
    private String method;

    @Option(names = {"-H", "--header"}, paramLabel = "'NAME: VALUE'", description = "A header field; may be repeated.")
    private List<String> fields = new ArrayList<>();

    @Option(names = {"-b", "--body"}, paramLabel = "TEXT|@FILE", description = "The body of each request.")
    private String body;

    @Option(names = "--connect-per-request",
            description = "A new connection for each request; its latency includes connecting.")
    private boolean connectPerRequest;

    @Option(names = "--mode", paramLabel = "MODE", converter = TcpMode.class, description = "Over tcp://: ping-pong "
            + "(default; the server echoes), upload (it discards), download (it sends) or duplex (it echoes).")
    private Mode mode;

    @Option(names = "--size", paramLabel = "SIZE", converter = PingBytes.class,
            description = "Bytes of a ping and of a pong, such as 128 or 16k (default: 128).")
    private Integer pingBytes;

    /** @throws IllegalArgumentException if the options do not fit together */
    Target target(String text) throws LaunchException {
        TargetUrl url = TargetUrl.parse(text);
        if (url.isHttp()) {
            require(mode == null && pingBytes == null, "--mode and --size are for tcp://");
            HttpRequest request =
                    HttpRequest.of(method == null ? DEFAULT_METHOD : method, url, fields, body(), connectPerRequest);
            return new Target(text, address(url), Mode.HTTP, request.method(), request.bytes(), connectPerRequest);
        }
        require(method == null && fields.isEmpty() && body == null, "--method, --header and --body are for http://");
        Mode chosen = mode == null ? Mode.PING_PONG : mode;
        require(!chosen.isBulk() || !connectPerRequest && pingBytes == null,
                "--connect-per-request and --size are for ping-pong");
        int bytes = chosen.isBulk() ? BULK_BYTES : pingBytes == null ? DEFAULT_PING_BYTES : pingBytes;
        return new Target(text, address(url), chosen, HttpMethod.OTHER, new byte[bytes], connectPerRequest);
    }

    private byte[] body() throws LaunchException {
        if (body == null) {
            return new byte[0];
        }
        if (!body.startsWith("@")) {
            return body.getBytes(StandardCharsets.UTF_8);
        }
        try {
            return Files.readAllBytes(Path.of(body.substring(1)));
        } catch (IOException e) {
            throw new LaunchException("the body cannot be read: " + e);
        }
    }

    private static InetSocketAddress address(TargetUrl url) throws LaunchException {
        try {
            return new InetSocketAddress(InetAddress.getByName(url.host()), url.port());
        } catch (UnknownHostException e) {
            throw new LaunchException("the host " + url.host() + " is not known");
        }
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }

    /** Converts the size of a ping, which is held in memory as a whole. */
    static final class PingBytes implements ITypeConverter<Integer> {

        private static final long MOST_BYTES = 64 * 1024 * 1024;

        @Override
        public Integer convert(String text) {
            long size = Quantity.sizeBytes(text);
            if (size < 1 || size > MOST_BYTES) {
                throw new TypeConversionException("'" + text + "' is not a size from 1 to 64m");
            }
            return (int) size;
        }
    }

    /** The modes of TCP, in the words of the command line. */
    static final class TcpMode implements ITypeConverter<Mode> {

        @Override
        public Mode convert(String text) {
            return switch (text) {
                case "ping-pong" -> Mode.PING_PONG;
                case "upload" -> Mode.UPLOAD;
                case "download" -> Mode.DOWNLOAD;
                case "duplex" -> Mode.DUPLEX;
                default -> throw new TypeConversionException(
                        "'" + text + "' is none of ping-pong, upload, download and duplex");
            };
        }
    }
}
