package io.sluice.config.parse;

import io.sluice.config.HealthCheckConfig.StatusRange;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The types of values in HTTP messages (RFC 9110, RFC 3986). */
final class HttpTypes {

    private static final long MOST_BODY_BYTES = 1L << 60;
    private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]{1,128}");
    private static final Pattern FIELD_VALUE = Pattern.compile("[^\\p{Cntrl}]*+");
    private static final Pattern PATH = Pattern.compile("/[!$%&'()*+,./0-9:;=@A-Z\\[\\]^_`a-z{|}~-]*");
    private static final Pattern PREFIX_END = Pattern.compile("/\\*\\*?$");
    private static final Pattern BROKEN_ENCODING = Pattern.compile("%(?![0-9A-Fa-f]{2})|%00");
    private static final Pattern DOT_SEGMENT = Pattern.compile("/(\\.|%2[Ee]){1,2}(/|$)");
    private static final Pattern HOST =
            Pattern.compile("(?:\\*\\.)?[0-9A-Za-z_-][0-9A-Za-z._-]{0,252}|\\[[0-9A-Fa-f:.]+]");
    private static final Pattern HOST_AND_PORT = Pattern.compile("([^:]+|\\[.*]):[0-9]+");
    private static final Pattern LOCATION = Pattern.compile("(?:https?://[^/?#]+)?/?[!-~&&[^\"<>\\\\]]*");
    private static final Pattern AUTHORITY = Pattern.compile("https?://(?<authority>[^/?#]*)");
    private static final Pattern HOST_AND_MAYBE_PORT =
            Pattern.compile("(?:\\*|[0-9A-Za-z._~-]+|\\[[0-9A-Fa-f:.]+])(?::[0-9]{1,5})?");
    private static final Pattern VARIABLE = Pattern.compile("[${%]");
    /** As nginx (not within a word, such as a password), HAProxy, Sluice's own log templates and Caddy write them. */
    private static final Pattern WHOLE_VARIABLE = Pattern.compile("(?<![\\w$])\\$\\{?[a-z]\\w+}?|%\\[[^]]+]|%\\{[^}]+}"
            + "|\\{(?:env|http|system|time|tls)(?:\\.[\\w-]+)+}");
    private static final Pattern STATUS_RANGE = Pattern.compile("([1-5][0-9]{2})(?:-([1-5][0-9]{2}))?");
    private static final Set<String> USUAL_METHODS =
            Set.of("GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH");
    static final String HIDDEN = "***";
    private static final Map<String, Object> TEXT_SCHEMA = Json.object("type", List.of("string", "number", "boolean"));

    private HttpTypes() { }

    /** The most bytes of a request's body. */
    static ValueType<Long> bodyBytes() {
        return Quantities.size(0, MOST_BODY_BYTES).or("unlimited", Long.MAX_VALUE);
    }

    /** A name of a header field, cookie or the like. */
    static Scalar<String> token(String what) {
        return new Scalar<>(what, TEXT_SCHEMA, text -> {
            if (!TOKEN.matcher(text).matches()) {
                throw new InvalidValueException(
                        "a " + what + " is letters, digits and a few signs such as -, not " + Nodes.quoted(text));
            }
            return text;
        }, text -> text);
    }

    /** One line of text. */
    static Scalar<String> line() {
        return new Scalar<>("text", TEXT_SCHEMA, text -> {
            if (!FIELD_VALUE.matcher(text).matches()) {
                throw new InvalidValueException("control characters such as line breaks must not be in it");
            }
            return text;
        }, text -> text);
    }

    /** The same type for what goes out as it is written, so that variables of other proxies do nothing there. */
    static ValueType<String> withoutVariables(ValueType<String> type) {
        return type.then((text, node, reading) -> {
            Matcher variable = WHOLE_VARIABLE.matcher(text);
            if (variable.find()) {
                reading.warning(node, reading.path(),
                        Nodes.quoted(variable.group()) + " is sent as it stands: there are no variables");
            }
            return text;
        });
    }

    /** One line that the dump hides. The parser refuses what the dump shows instead, so nobody uses it unawares. */
    static ValueType<String> secret() {
        return line().then((text, node, reading) -> {
            if (text.equals(HIDDEN)) {
                reading.error(node, HIDDEN + " stands for a value that the dump does not show: write the value itself");
            }
            return text;
        }).map(text -> text, _ -> HIDDEN);
    }

    /** Any text, of several lines too. */
    static Scalar<String> text() {
        return new Scalar<>("text", TEXT_SCHEMA, text -> text, text -> text);
    }

    /** A request method; case-sensitive. */
    static Scalar<String> method() {
        Scalar<String> token = token("method");
        return new Scalar<>("method", token.schema(), text -> {
            String upper = text.toUpperCase(Locale.ROOT);
            if (!text.equals(upper) && USUAL_METHODS.contains(upper)) {
                throw new InvalidValueException("the case of a method counts", "write " + upper);
            }
            if (text.contains("|")) {
                throw new InvalidValueException("no method has a | in its name",
                        "write a list: [" + String.join(", ", text.split("\\|")) + "]");
            }
            return token.parser().parse(text);
        }, text -> text);
    }

    /** A host to match: exact or everything below a domain. In lower case, without the dot at its end. */
    static Scalar<String> host() {
        return new Scalar<>("host, or `\"*.example.com\"`", TEXT_SCHEMA, text -> {
            if (HOST_AND_PORT.matcher(text).matches()) {
                throw new InvalidValueException("a host is matched without its port",
                        "write " + text.substring(0, text.lastIndexOf(':')));
            }
            String host = (text.endsWith(".") ? text.substring(0, text.length() - 1) : text).toLowerCase(Locale.ROOT);
            if (!HOST.matcher(host).matches() || host.contains("..") || host.endsWith(".") || host.equals("_")) {
                throw new InvalidValueException("expected a host such as shop.example.com or *.example.com, not "
                        + Nodes.quoted(text), hostInstead(text).orElse(null));
            }
            return host;
        }, text -> text);
    }

    /** A hint for hosts that nginx and others write in another way: {@code *}, {@code _}, {@code .example.com}. */
    private static Optional<String> hostInstead(String text) {
        if (text.equals("*") || text.equals("_")) {
            return Optional.of("without this key every host is taken");
        }
        if (!text.startsWith(".")) {
            return Optional.empty();
        }
        String domain = text.substring(1);
        return HOST.matcher(domain).matches()
                ? Optional.of("write *." + domain + " for all below it, " + domain + " for itself") : Optional.empty();
    }

    /** A path to match: exact, or with {@code /*} or {@code /**} at its end everything below. */
    static Scalar<String> pathPattern() {
        return new Scalar<>("path, `/x/*` or `/x/**`", TEXT_SCHEMA, text -> {
            String bare = PREFIX_END.matcher(text).replaceFirst("/");
            if (bare.indexOf('*') >= 0) {
                throw new InvalidValueException("a * stands only at the end, as /x/* or /x/**, not in "
                        + Nodes.quoted(text));
            }
            checkedPath(bare);
            return text;
        }, text -> text);
    }

    /** The end of a path. */
    static Scalar<String> pathSuffix() {
        return new Scalar<>("end of a path", TEXT_SCHEMA, text -> {
            if (text.isEmpty() || text.equals("*")) {
                throw new InvalidValueException("every path ends with nothing", "without this key every path is taken");
            }
            if (text.startsWith("*")) {
                throw new InvalidValueException("a suffix is written without a *", "write " + text.substring(1));
            }
            checkPath('/' + text, text);
            return text;
        }, text -> text);
    }

    /** A path, or the start of one. */
    static Scalar<String> path() {
        return new Scalar<>("path", TEXT_SCHEMA, HttpTypes::checkedPath, text -> text);
    }

    private static String checkedPath(String text) throws InvalidValueException {
        if (!text.startsWith("/")) {
            throw new InvalidValueException("a path begins with a slash, unlike " + Nodes.quoted(text));
        }
        checkPath(text, text);
        return text;
    }

    /** @param written what the operator has written of the path */
    private static void checkPath(String path, String written) throws InvalidValueException {
        if (path.indexOf('?') >= 0 || path.indexOf('#') >= 0) {
            throw new InvalidValueException("a path has no query and no fragment, unlike " + Nodes.quoted(written));
        }
        if (!PATH.matcher(path).matches() || BROKEN_ENCODING.matcher(path).find()) {
            throw new InvalidValueException("not a path: " + Nodes.quoted(written),
                    "write other characters as % and two hexadecimal digits for each byte");
        }
        if (DOT_SEGMENT.matcher(written).find()) {
            throw new InvalidValueException("no request has a path with dot segments: they are resolved before");
        }
    }

    /** A path with its query, as a health check asks for. */
    static Scalar<String> target() {
        return new Scalar<>("path with query", TEXT_SCHEMA, text -> {
            int query = text.indexOf('?');
            if (query < 0) {
                return checkedPath(text);
            }
            checkedPath(text.substring(0, query));
            return checkedLocation(text);
        }, text -> text);
    }

    /** Where a redirect leads. */
    static Scalar<String> location() {
        return new Scalar<>("URI or path", TEXT_SCHEMA, text -> {
            boolean pathOnly = text.startsWith("/") && !text.startsWith("//");
            if (!pathOnly && !text.startsWith("http://") && !text.startsWith("https://")) {
                throw new InvalidValueException("expected http://..., https://... or a path, not "
                        + Nodes.quoted(text));
            }
            checkAuthority(text);
            return checkedLocation(text);
        }, text -> text);
    }

    private static void checkAuthority(String location) throws InvalidValueException {
        Matcher start = AUTHORITY.matcher(location);
        if (start.lookingAt() && !HOST_AND_MAYBE_PORT.matcher(start.group("authority")).matches()) {
            String authority = start.group("authority");
            throw new InvalidValueException("no host can be named " + Nodes.quoted(authority),
                    VARIABLE.matcher(authority).find() ? "there are no variables: https://*/ leads to the host, path "
                            + "and query that the client asks for" : null);
        }
    }

    private static String checkedLocation(String text) throws InvalidValueException {
        if (!LOCATION.matcher(text).matches()) {
            throw new InvalidValueException("not a URI: " + Nodes.quoted(text),
                    "write other characters as % and two hexadecimal digits for each byte");
        }
        return text;
    }

    /** A name or a value in a query, in its encoded form. */
    static Scalar<String> queryPart() {
        return new Scalar<>("text", TEXT_SCHEMA, text -> {
            if (!text.matches("[!-~&&[^&#]]*")) {
                throw new InvalidValueException("a part of a query is written as it is on the wire, unlike "
                        + Nodes.quoted(text), "write other characters as % and two hexadecimal digits for each byte");
            }
            return text;
        }, text -> text);
    }

    /** One status code or a range of them. */
    static Scalar<StatusRange> statusRange() {
        Map<String, Object> schema = Json.object("anyOf", List.of(
                Json.object("type", "integer", "minimum", 100, "maximum", 599),
                Json.object("type", "string", "pattern", "^" + STATUS_RANGE + "$")));
        return new Scalar<>("status or range such as `200-399`", schema, text -> {
            Matcher matcher = STATUS_RANGE.matcher(text);
            if (!matcher.matches()) {
                throw new InvalidValueException("expected a status such as 200 or a range such as 200-399, not "
                        + Nodes.quoted(text));
            }
            int first = Integer.parseInt(matcher.group(1));
            int last = matcher.group(2) == null ? first : Integer.parseInt(matcher.group(2));
            if (last < first) {
                throw new InvalidValueException("the range ends before it begins", "write " + last + "-" + first);
            }
            return new StatusRange(first, last);
        }, range -> range.first() == range.last() ? (Object) range.first() : range.first() + "-" + range.last());
    }
}
