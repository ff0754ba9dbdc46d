package io.sluice.launcher.dashboard;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import io.sluice.launcher.observe.FakeReadings;
import java.io.IOException;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The dashboard in a real browser, before a Sluice that does as the test says. */
class DashboardTest {

    private static Chromium chromium;

    private FakeSluice sluice;
    private Page page;

    @BeforeAll
    static void startBrowser() {
        chromium = new Chromium();
    }

    @AfterAll
    static void stopBrowser() {
        chromium.close();
    }

    @BeforeEach
    void start() throws IOException {
        sluice = new FakeSluice(0);
        open(new Browser.NewContextOptions());
    }

    @AfterEach
    void stop() {
        page.context().close();
        sluice.close();
        assertEquals(List.of(), chromium.complaints(), "what the browser's console has complained of");
    }

    @Test
    void asksForTheTokenAndSaysWhenItIsWrong() {
        signIn("wrong");
        assertThat(page.locator("#login-error")).hasText("The token is not accepted.");
        assertThat(page.locator("#dashboard")).isHidden();
        signIn(FakeSluice.TOKEN);
        assertThat(page.locator("#live")).hasText("Live");
        assertThat(page.locator("#login")).isHidden();
        assertEquals(1, chromium.complaints().size(), "the browser itself notes the 401");
    }

    @Test
    void keepsTheTokenForThisTabUntilSigningOut() {
        signIn(FakeSluice.TOKEN);
        assertThat(page.locator("#live")).hasText("Live");
        page.reload();
        assertThat(page.locator("#live")).hasText("Live");
        button("Sign out").click();
        assertThat(page.locator("#token")).isVisible();
        page.reload();
        assertThat(page.locator("#token")).isVisible();
    }

    @Test
    void showsWhatArrives() {
        signIn(FakeSluice.TOKEN);
        assertThat(page.locator(".pool")).hasCount(3);
        assertThat(server("db1")).containsText("primary");
        assertThat(server("shop-4")).containsText("down");
        assertThat(page.locator(".listener").first()).containsText("0.0.0.0:443");
        assertThat(page.locator("#event-list li").first()).containsText("db3");
        assertThat(page.locator("#yaml")).containsText("balance: least-connections");
        assertThat(page.locator("#generation")).containsText("Generation 7, from /etc/sluice/sluice.yaml");
        String before = page.locator(".legend").first().innerText();
        assertThat(page.locator(".legend").first()).not().hasText(before);
    }

    @Test
    void drawsCharts() {
        signIn(FakeSluice.TOKEN);
        Locator canvas = page.locator(".chart canvas").first();
        assertThat(canvas).hasAttribute("aria-label", Pattern.compile("Requests and sessions now: web .*"));
        assertTrue((Boolean) canvas.evaluate("canvas => new Uint32Array(canvas.getContext('2d')"
                + ".getImageData(0, 0, canvas.width, canvas.height).data.buffer).some(pixel => pixel !== 0)"));
        page.selectOption("#scope", "orders-db");
        assertThat(page.locator(".legend").first()).containsText("sessions");
    }

    @Test
    void drainsAServerAndEnablesItAgain() {
        signIn(FakeSluice.TOKEN);
        button("Drain shop-1").click();
        assertThat(page.getByRole(AriaRole.DIALOG)).containsText("shop-1 of shop");
        page.locator("dialog").getByRole(AriaRole.BUTTON, named("Drain shop-1")).click();
        assertThat(server("shop-1")).containsText("draining");
        assertThat(page.locator("#toast")).hasText("shop-1: state drain.");
        assertEquals("drain", sluice.model.wish("shop-1").state());
        button("Enable shop-1").click();
        page.locator("dialog").getByRole(AriaRole.BUTTON, named("Enable shop-1")).click();
        assertThat(server("shop-1").locator(".state")).hasText("up");
    }

    @Test
    void changesNothingWithoutConfirmation() {
        signIn(FakeSluice.TOKEN);
        button("Drain shop-1").click();
        page.keyboard().press("Escape");
        assertThat(page.locator("dialog")).isHidden();
        assertEquals("ready", sluice.model.wish("shop-1").state());
    }

    @Test
    void changesStateAndWeightByKeyboardAlone() {
        signIn(FakeSluice.TOKEN);
        page.getByLabel("More about the state and weight of db2").focus();
        page.keyboard().press("Enter");
        page.locator("input[value=ready]").focus();
        page.keyboard().press("ArrowUp");
        page.keyboard().press("Tab");
        page.keyboard().type("7");
        page.keyboard().press("Enter");
        assertThat(page.locator("dialog")).isHidden();
        assertThat(server("db2").locator(".state")).hasText("maintenance");
        assertEquals(new FakeReadings.Wish("maintenance", 7), sluice.model.wish("db2"));
    }

    @Test
    void warnsBeforeTheLastServerOfAPoolIsTakenOut() {
        signIn(FakeSluice.TOKEN);
        sluice.model.wish("edge-a", new FakeReadings.Wish("drain", 100));
        assertThat(server("edge-a")).containsText("draining");
        button("Drain edge-b").click();
        assertThat(page.locator("dialog .warning")).containsText("the only server of partners that is up");
    }

    @Test
    void saysWhyAChangeWasRefusedAndLetsOneTryAgain() {
        signIn(FakeSluice.TOKEN);
        sluice.refusal = "the configuration is being replaced";
        button("Drain shop-2").click();
        Locator confirm = page.locator("dialog").getByRole(AriaRole.BUTTON, named("Drain shop-2"));
        confirm.click();
        assertThat(page.locator("dialog .error")).hasText("the configuration is being replaced");
        sluice.refusal = null;
        confirm.click();
        assertThat(server("shop-2")).containsText("draining");
        assertEquals(1, chromium.complaints().size(), "the browser itself notes the 409");
    }

    @Test
    void doesNotOverwriteWhatAnotherOperatorHasChanged() {
        signIn(FakeSluice.TOKEN);
        page.waitForResponse("**/servers/shop-3", () -> button("Drain shop-3").click());
        sluice.model.wish("shop-3", new FakeReadings.Wish("ready", 5));
        page.locator("dialog").getByRole(AriaRole.BUTTON, named("Drain shop-3")).click();
        assertThat(page.locator("dialog .error")).containsText("Someone else has changed this");
        assertEquals(new FakeReadings.Wish("ready", 5), sluice.model.wish("shop-3"));
        assertEquals(1, chromium.complaints().size(), "the browser itself notes the 412");
    }

    @Test
    void saysWhenTheNumbersAreOldAndReconnectsByItself() {
        signIn(FakeSluice.TOKEN);
        assertThat(page.locator("#live")).hasText("Live");
        sluice.goAway();
        assertThat(page.locator("#live")).containsText("Stale");
        assertThat(page.locator("#stale")).containsText("These numbers are old.");
        sluice.silent = false;
        assertThat(page.locator("#live")).containsText("Live");
        assertThat(page.locator("#stale")).isHidden();
        assertTrue(chromium.complaints().stream().allMatch(each -> each.startsWith("Failed to load resource")));
    }

    @Test
    void showsHostileNamesAsTheText() {
        String hostile = "<img src=x onerror=\"window.hacked=1\"><script>window.hacked=1</script>\"'&amp;";
        sluice.model.append(hostile);
        sluice.configuration = "pools: # " + hostile + "\n  " + hostile + ": 1\n";
        signIn(FakeSluice.TOKEN);
        assertThat(page.locator(".pool h3").first()).hasText("shop" + hostile);
        page.locator(".unfold").first().click();
        assertThat(page.locator(".details").first()).containsText("status 200");
        button("Drain shop-1" + hostile).click();
        assertThat(page.locator("dialog h2")).containsText(hostile);
        assertThat(page.locator("#yaml")).containsText(hostile);
        assertThat(page.locator("#event-list")).containsText(hostile);
        assertThat(page.locator("main img[src=x], main script")).hasCount(0);
        assertNull(page.evaluate("window.hacked ?? null"));
    }

    @Test
    void fitsAPhoneWithoutScrollingSideways() {
        open(new Browser.NewContextOptions().setViewportSize(360, 740).setHasTouch(true));
        signIn(FakeSluice.TOKEN);
        assertThat(page.locator(".pool")).hasCount(3);
        page.locator(".unfold").first().click();
        assertEquals(360, page.evaluate("document.documentElement.scrollWidth"));
        assertEquals(List.of(), page.evaluate("""
                () => [...document.querySelectorAll('main *')]
                    .filter(each => !each.closest('.scroll, .yaml, .visually-hidden'))
                    .filter(each => each.getBoundingClientRect().right > 360.5)
                    .map(each => each.outerHTML.slice(0, 80))"""), "what is cut off at the right");
    }

    @Test
    void followsTheSystemsThemeUnlessToldOtherwise() {
        Object light = background();
        open(new Browser.NewContextOptions().setColorScheme(ColorScheme.DARK));
        Object dark = background();
        assertNotEquals(light, dark);
        button("Theme: auto").click();
        assertEquals(light, background());
        page.reload();
        assertEquals(light, background());
        button("Theme: light").click();
        assertEquals(dark, background());
    }

    @Test
    void findsServersByNameAddressAndTrouble() {
        signIn(FakeSluice.TOKEN);
        page.fill("#filter", "10.0.2.1");
        assertThat(page.locator(".servers tbody")).hasCount(3);
        page.check("#troubled");
        assertThat(page.locator(".servers tbody")).hasCount(1);
        assertThat(server("db3")).isVisible();
        page.fill("#filter", "no such");
        assertThat(page.locator("#no-pools")).isVisible();
    }

    @Test
    void writesNumbersInFewDigits() {
        assertEquals("3 0.3 12k 9.4M 1,234,567 999 B 1.5 kB/s 420 µs 1.0 ms 12 ms 1.0 s 1 min 1 d 2 h 0.1 % – –",
                page.evaluate("""
                        async () => {
                          const f = await import('./format.js');
                          return [f.short(3), f.short(0.25), f.short(12345), f.short(9.4e6), f.count(1234567),
                            f.bytes(999), f.speed(1500), f.seconds(0.00042), f.seconds(0.0009999), f.seconds(0.0123),
                            f.seconds(0.9999), f.seconds(75), f.span(93784), f.percent(0.0011), f.seconds(null),
                            f.count(null)].join(' ');
                        }"""));
    }

    private void open(Browser.NewContextOptions options) {
        if (page != null) {
            page.context().close();
        }
        page = chromium.open(options);
        page.navigate(sluice.url());
    }

    private void signIn(String token) {
        page.fill("#token", token);
        page.locator("#login button").click();
    }

    private Locator button(String name) {
        return page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    private Locator server(String name) {
        return page.locator(".servers tbody").filter(new Locator.FilterOptions().setHas(button(name)));
    }

    private static Locator.GetByRoleOptions named(String name) {
        return new Locator.GetByRoleOptions().setName(name);
    }

    private Object background() {
        return page.evaluate("getComputedStyle(document.body).backgroundColor");
    }
}
