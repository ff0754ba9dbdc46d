package io.sluice.launcher.soak;

import io.sluice.launcher.soak.Talk.Method;
import java.io.IOException;
import java.util.List;
import java.util.Random;

/** What clients of HTTP send. */
final class Requests {

    private Requests() { }

    static String startLine(Talk talk) {
        return (talk.method() == Method.UPGRADE ? "GET" : talk.method().name()) + " " + talk.path() + " HTTP/1.1";
    }

    /** Sends the requests one behind the other; one whose client leaves is the last, and is not whole. */
    static void send(Wire wire, List<Talk> talks, String cookie) throws IOException {
        for (Talk talk : talks) {
            Random random = talk.random("client's request");
            wire.peer().send(head(talk, cookie));
            if (!talk.method().hasBody()) {
                continue;
            }
            int until = talk.isLeftInRequest() ? talk.up() / 2 : talk.up();
            if (talk.upInChunks()) {
                wire.sendChunks(talk.upKey(), until, talk.isLeftInRequest(), talk, random);
            } else {
                wire.send(talk.upKey(), 0, until, talk, random);
            }
        }
    }

    private static String head(Talk talk, String cookie) {
        StringBuilder head = new StringBuilder(startLine(talk)).append("\r\n").append(talk.requestFields());
        if (!cookie.isEmpty()) {
            head.append("Cookie: ").append(cookie).append("\r\n");
        }
        if (talk.method() == Method.UPGRADE) {
            head.append("Connection: upgrade\r\nUpgrade: soak\r\n");
        } else if (talk.method().hasBody()) {
            head.append(talk.upInChunks() ? "Transfer-Encoding: chunked\r\n" : "Content-Length: " + talk.up() + "\r\n")
                    .append(talk.expectsContinue() ? "Expect: 100-continue\r\n" : "");
        }
        return head.append("\r\n").toString();
    }
}
