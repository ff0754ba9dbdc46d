package io.sluice.launcher.soak;

/** How well things go. */
enum Mood {
    /** Nothing goes wrong, so nobody may notice anything. */
    CALM,
    /** The client or its server does something wrong, which concerns nobody else. */
    ROUGH,
    /** Everything goes wrong: requests may fail, but nobody may get anything but what is meant for them. */
    WILD
}
