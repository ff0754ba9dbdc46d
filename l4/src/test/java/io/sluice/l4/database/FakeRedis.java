package io.sluice.l4.database;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Answers to commands of Redis by their first word; to those that it does not know, with an error. */
final class FakeRedis implements FakeServer.Manners {

    private final Map<String, String> replies = new ConcurrentHashMap<>(Map.of("PING", "+PONG"));

    /** @param reply as on the wire, the line breaks written as {@code ~}; without the last one */
    FakeRedis reply(String command, String reply) {
        replies.put(command, reply);
        return this;
    }

    @Override
    public void serve(InputStream in, OutputStream out) throws IOException {
        // A connection that reads what others write is what this double needs, too.
        RedisConnection commands = new RedisConnection(new Socket() {
            @Override
            public InputStream getInputStream() {
                return in;
            }

            @Override
            public OutputStream getOutputStream() {
                return out;
            }
        });
        for (;;) {
            List<?> words = (List<?>) commands.reply();
            String reply = replies.getOrDefault(words.getFirst(), "-ERR unknown command");
            out.write((reply + '~').replace("~", "\r\n").getBytes(StandardCharsets.ISO_8859_1));
        }
    }
}
