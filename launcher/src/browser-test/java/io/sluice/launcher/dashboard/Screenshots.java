package io.sluice.launcher.dashboard;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import java.nio.file.Path;

/** Makes the pictures of the documents: {@code Screenshots DIRECTORY}. */
final class Screenshots {

    private static final int READINGS_SHOWN = 240;

    private Screenshots() { }

    public static void main(String[] arguments) throws Exception {
        try (FakeSluice sluice = new FakeSluice(0); Chromium chromium = new Chromium()) {
            shoot(chromium, sluice, ColorScheme.LIGHT, 1280, 2, Path.of(arguments[0], "dashboard-light.png"));
            shoot(chromium, sluice, ColorScheme.DARK, 1280, 2, Path.of(arguments[0], "dashboard-dark.png"));
            shoot(chromium, sluice, ColorScheme.DARK, 390, 1, Path.of(arguments[0], "dashboard-phone.png"));
        }
    }

    private static void shoot(Chromium chromium, FakeSluice sluice, ColorScheme scheme, int width, int factor, Path file) {
        Page page = chromium.open(new Browser.NewContextOptions().setViewportSize(width, 900).setColorScheme(scheme));
        page.navigate(sluice.url());
        page.fill("#token", FakeSluice.TOKEN);
        page.click("#login button");
        page.waitForTimeout(READINGS_SHOWN * 250.0 / factor / 4);
        page.screenshot(new Page.ScreenshotOptions().setPath(file).setFullPage(true));
        page.context().close();
    }
}
