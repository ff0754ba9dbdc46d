package io.sluice.launcher;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import io.sluice.launcher.dashboard.Chromium;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The dashboard of a Sluice that runs, in a real browser. */
class DashboardSystemTest {

    @TempDir
    private Path directory;
    private final HttpClient http = HttpClient.newHttpClient();
    private HttpOrigin one;
    private HttpOrigin two;
    private AdminFixture fixture;
    private Chromium chromium;
    private Page page;

    @BeforeEach
    void start() throws Exception {
        one = HttpOrigin.start("one");
        two = HttpOrigin.start("two");
        fixture = AdminFixture.launch(config(""), directory);
        chromium = new Chromium();
        page = chromium.open(new Browser.NewContextOptions());
        InetSocketAddress admin = fixture.sluice().admin().orElseThrow().address();
        page.navigate("http://127.0.0.1:" + admin.getPort() + "/");
        page.fill("#token", Files.readString(directory.resolve("admin.token")).strip());
        page.locator("#login button").click();
        assertThat(page.locator("#live")).hasText("Live");
    }

    @AfterEach
    void stop() throws Exception {
        List<String> complaints = chromium.complaints();
        chromium.close();
        fixture.close();
        one.close();
        two.close();
        assertEquals(List.of(), complaints, "what the browser's console has complained of");
    }

    @Test
    void showsRequestsAsTheyAreServed() throws Exception {
        Locator total = page.locator("#tiles .tile").first().locator(".more");
        assertThat(total).hasText("0 in all");
        askedServers(3);
        assertThat(total).hasText("3 in all");
        assertThat(page.locator(".listener")).containsText("Answers 2xx");
        assertThat(server("one").locator(".latency-text")).hasText(Pattern.compile(".+ · .+"));
    }

    @Test
    void takesAServerOutOfServiceAndPutsItBack() throws Exception {
        assertEquals(Set.of("one", "two"), askedServers(4));
        change("Drain one");
        assertThat(server("one").locator(".state")).hasText("draining");
        assertThat(page.locator("#event-list")).containsText("ready weight 1 -> drain weight 1");
        assertEquals(Set.of("two"), askedServers(4));
        change("Enable one");
        assertThat(server("one").locator(".state")).hasText("up");
        assertEquals(Set.of("one", "two"), askedServers(4));
    }

    @Test
    void showsANewGenerationAndItsConfiguration() throws Exception {
        assertThat(page.locator("#generation")).containsText("Generation 1");
        fixture.putConfig("admin: { bind: 127.0.0.1:0 }\n" + config("max-connections: 77"), Optional.empty());
        assertThat(page.locator("#generation")).containsText("Generation 2");
        assertThat(page.locator("#yaml")).containsText("max-connections: 77");
        assertThat(page.locator("#facts")).containsText("generation 2");
    }

    private String config(String more) {
        return """
                workers: 1
                listeners: [{ name: in, bind: 127.0.0.1:0, protocol: http, pool: pool, access-log: off }]
                pools: { pool: { balance: round-robin, servers: %s } }
                %s
                """.formatted(HttpOrigin.entries(one, two), more);
    }

    private void change(String what) {
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName(what).setExact(true)).click();
        page.locator("dialog button[type=submit]").click();
        assertThat(page.locator("dialog")).isHidden();
    }

    private Locator server(String name) {
        return page.locator(".servers tbody").filter(new Locator.FilterOptions().setHasText(name));
    }

    /** Who has answered so many requests. */
    private Set<String> askedServers(int requests) throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + fixture.address("in").getPort() + "/");
        Set<String> answered = new TreeSet<>();
        for (int i = 0; i < requests; i++) {
            String body = http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString()).body();
            answered.add(body.strip().split("\\W")[0]);
        }
        return answered;
    }
}
