package io.mqttoperator.e2e.outage;

import java.time.Duration;

/**
 * A time without the broker: from the loss of the connection until the client is connected again
 * and, where it subscribes, its subscription works (it is in the session that the broker kept, or
 * is acknowledged anew).
 *
 * @param lostAt by {@link System#nanoTime}
 */
record Absence(String client, long lostAt, Duration duration) {}
