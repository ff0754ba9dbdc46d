package io.sluice.launcher.dashboard;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Makes the pictures of config/DASHBOARD.md, when told to. */
class ScreenshotsTest {

    private static final Path PICTURES = Path.of("..", "config", "images");
    /** Of a second each: the charts are full then. */
    private static final int READINGS = 330;

    @Test
    @EnabledIfSystemProperty(named = "sluice.regenerate", matches = "true")
    void makesThePicturesOfTheDocuments() throws Exception {
        try (Chromium chromium = new Chromium()) {
            shoot(chromium, ColorScheme.LIGHT, 1280, 900, "dashboard-light.png");
            shoot(chromium, ColorScheme.DARK, 1280, 900, "dashboard-dark.png");
            shoot(chromium, ColorScheme.DARK, 390, 844, "dashboard-phone.png");
        }
    }

    private static void shoot(Chromium chromium, ColorScheme scheme, int width, int height, String name)
            throws Exception {
        try (FakeSluice sluice = new FakeSluice(0)) {
            sluice.periodMs = 10;
            Page page = chromium.open(new Browser.NewContextOptions()
                    .setViewportSize(width, height).setColorScheme(scheme));
            page.navigate(sluice.url());
            page.fill("#token", FakeSluice.TOKEN);
            page.locator("#login button").click();
            assertThat(page.locator("#live")).hasText("Live");
            while (sluice.readings() < READINGS) {
                page.waitForTimeout(50);     // which lets the page go on
            }
            sluice.periodMs = 1_000;
            page.waitForTimeout(500);
            page.screenshot(new Page.ScreenshotOptions().setPath(PICTURES.resolve(name)));
            page.context().close();
        }
    }
}
