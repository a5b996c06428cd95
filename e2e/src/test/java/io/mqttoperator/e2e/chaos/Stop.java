package io.mqttoperator.e2e.chaos;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Tells everybody who goes on until told otherwise. */
final class Stop {

  private final CountDownLatch told = new CountDownLatch(1);

  void tell() {
    told.countDown();
  }

  boolean isTold() {
    return told.getCount() == 0;
  }

  /** Whether it was told before so much time had passed. */
  boolean isToldWithin(Duration time) {
    try {
      return told.await(time.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }
}
