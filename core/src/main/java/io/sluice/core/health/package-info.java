/** Whether servers work: active checks and name resolution, on control-plane threads. */
package io.sluice.core.health;
