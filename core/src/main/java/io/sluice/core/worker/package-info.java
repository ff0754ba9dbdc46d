/** One worker: its loop, its listeners' sockets and services, its sessions. */
package io.sluice.core.worker;
