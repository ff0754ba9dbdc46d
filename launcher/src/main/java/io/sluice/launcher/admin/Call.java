package io.sluice.launcher.admin;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;

/**
 * A request that has passed the access checks. Immutable.
 *
 * @param parts   the variable parts of the path, by their names in the route
 * @param query   the last value of each parameter
 * @param who     the client's address, for the audit log
 */
record Call(Map<String, String> parts, Map<String, String> query, byte[] body, HttpFields headers, String who) {

    /** The value of a header; empty if it is absent. */
    String header(HttpHeader name) {
        return Objects.requireNonNullElse(headers.get(name), "");
    }

    String part(String name) {
        return parts.get(name);
    }

    Optional<String> parameter(String name) {
        return Optional.ofNullable(query.get(name));
    }

    /** The value of a boolean parameter; false if it is absent. */
    boolean flag(String name) {
        return switch (query.getOrDefault(name, "false")) {
            case "true", "" -> true;
            case "false" -> false;
            default -> throw Problem.badRequest(name + " is true or false");
        };
    }

    /** The value of a numeric parameter. @throws Problem if it is not a number within the bounds */
    int number(String name, int least, int most, int otherwise) {
        String text = query.get(name);
        if (text == null) {
            return otherwise;
        }
        try {
            int number = Integer.parseInt(text);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Reported below.
        }
        throw Problem.badRequest(name + " is a number from " + least + " to " + most);
    }

    /** The body. @throws Problem if it is not UTF-8 */
    String text() {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
        } catch (CharacterCodingException e) {
            throw Problem.badRequest("the body is not UTF-8 text");
        }
    }
}
