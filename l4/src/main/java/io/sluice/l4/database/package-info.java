/** What makes TCP good for databases: health checks that log in and learn each server's role. */
package io.sluice.l4.database;
