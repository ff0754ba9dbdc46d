/** The admin address: who may come in, the API and what it changes, the pages. */
package io.sluice.launcher.admin;
