package io.sluice.launcher;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** What a {@link NamedServer} does with one client; when it returns, the connection is closed. */
@FunctionalInterface
public interface Conversation {

    /** Answers each line with the server's name, a space, and the line. */
    Conversation ANSWER_LINES = (name, client) -> {
        BufferedReader lines =
                new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.US_ASCII));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            client.getOutputStream().write((name + " " + line + "\n").getBytes(StandardCharsets.US_ASCII));
        }
    };

    /** Answers one HTTP request with {@code ok}. */
    Conversation ANSWER_OK = (name, client) -> {
        client.getInputStream().read();
        client.getOutputStream().write("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok"
                .getBytes(StandardCharsets.US_ASCII));
        client.close();
    };

    void hold(String serverName, Socket client) throws IOException;
}
