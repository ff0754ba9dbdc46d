package io.sluice.launcher.admin;

import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** The files of the dashboard, from the class path; served without a token. Safe from any thread. */
final class Pages {

    private static final String HOME = "/io/sluice/launcher/dashboard/";
    private static final String WEBJARS = "/webjars/";
    private static final Pattern PATH = Pattern.compile("(/[A-Za-z0-9_@-][A-Za-z0-9._@-]*)+");
    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html; charset=utf-8", "js", "text/javascript; charset=utf-8",
            "mjs", "text/javascript; charset=utf-8", "css", "text/css; charset=utf-8", "svg", "image/svg+xml",
            "png", "image/png", "ico", "image/x-icon", "json", "application/json", "woff2", "font/woff2");

    private Pages() { }

    /** The file at that path, if there is one. */
    static Optional<Answer> find(String path) throws IOException {
        String asked = path.equals("/") ? "/index.html" : path;
        String type = TYPES.get(asked.substring(asked.lastIndexOf('.') + 1));
        if (type == null || !PATH.matcher(asked).matches()) {
            return Optional.empty();
        }
        String resource = asked.startsWith(WEBJARS) ? "/META-INF/resources" + asked : HOME + asked.substring(1);
        try (InputStream in = Pages.class.getResourceAsStream(resource)) {
            return in == null ? Optional.empty()
                    : Optional.of(new Answer.Whole(200, type, in.readAllBytes(), Map.of("Cache-Control", "no-cache")));
        }
    }
}
