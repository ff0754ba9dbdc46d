package io.sluice.config.parse;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearestTest {

    private static final List<String> KNOWN =
            List.of("name", "bind", "pool", "max-connections", "timeouts", "allow", "deny", "b");

    @ParameterizedTest
    @CsvSource({"nmae,name", "Name,name", "binds,bind", "bnd,bind", "max_connections,max-connections",
        "maxconnections,max-connections", "timeout,timeouts", "alow,allow", "connections,max-connections"})
    void findsTheWordThatWasMeant(String word, String meant) {
        assertEquals("did you mean \"" + meant + "\"?", Nearest.hint(word, KNOWN));
    }

    @ParameterizedTest
    @CsvSource({"''", "zebra", "http", "backlog"})
    void listsWhatIsKnownWhenNothingIsNear(String word) {
        assertEquals("known here: name, bind, pool, max-connections, timeouts, allow, deny, b",
                Nearest.hint(word, KNOWN));
    }

    @Test
    void translatesWordsOfPeersOnlyWhereTheyAreWords() {
        List<String> known = List.of("http", "b");
        assertEquals("write http; for TLS, give the listener or the pool a section tls", Nearest.hint("https", known));
        assertEquals("did you mean \"http\"?", Nearest.hintByLetters("https", known));
        assertEquals("known here: http, b", Nearest.hintByLetters("websocket", known));
    }

    @Test
    void doesNotCompareVeryLongWords() {
        assertEquals("known here: name", Nearest.hint("name".repeat(1_000_000), List.of("name")));
    }
}
