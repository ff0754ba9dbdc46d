/** The program: command line, signals, exit codes, and the wiring of everything else. */
package io.sluice.launcher;
