/** What Sluice does when it runs short of file descriptors or memory: it takes on less, before it must. */
package io.sluice.launcher.overload;
