package io.mqttoperator.e2e.outage;

/** Messages of a feed by their numbers, both ends included. */
record Numbers(int first, int last) {}
