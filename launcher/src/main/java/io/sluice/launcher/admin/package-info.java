/** The admin address: access checks, the API and the dashboard's pages. */
package io.sluice.launcher.admin;
