package io.mqttoperator.operator.testing;

import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Sees every request of a client, and can cut its connection at the n-th write: from then on
 * nothing arrives, as if the process had died there.
 */
public final class RequestFaults implements Interceptor {

  /** Where the n-th write is lost. */
  public enum Cut {
    /** The API server never hears of it. */
    BEFORE,
    /** The API server has taken it, but its answer is lost. */
    AFTER
  }

  private static final Set<String> READS = Set.of("GET", "HEAD");

  private final AtomicInteger count = new AtomicInteger();
  private final List<String> writes = new CopyOnWriteArrayList<>();
  private volatile Cut cut = Cut.BEFORE;
  private volatile int at = Integer.MAX_VALUE;
  private volatile Follower follower = new Follower("", () -> {});

  private record Follower(String pathEnd, Runnable action) {}

  /**
   * Cuts once.
   *
   * @param which the number of the write, from 1, counted from now
   */
  public void cutAt(Cut where, int which) {
    cut = where;
    at = count.get() + which;
  }

  /** Somebody else acts each time that this was written, before its writer goes on. */
  public void follow(String pathEnd, Runnable action) {
    follower = new Follower(pathEnd, action);
  }

  /** Method and path of each write that was asked for, in order. */
  public List<String> writes() {
    return List.copyOf(writes);
  }

  /** Whether the connection has been cut. */
  public boolean isCut() {
    return count.get() >= at;
  }

  @Override
  public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
    if (READS.contains(request.method())) {
      if (isCut()) {
        throw lost();
      }
      return;
    }
    var number = count.incrementAndGet();
    writes.add(request.method() + " " + request.uri().getPath());
    if (number > at || (number == at && cut == Cut.BEFORE)) {
      throw lost();
    }
  }

  @Override
  public void after(
      HttpRequest request,
      HttpResponse<?> response,
      AsyncBody.Consumer<List<ByteBuffer>> consumer) {
    if (cut == Cut.AFTER && isCut() && !READS.contains(request.method())) {
      throw lost();
    }
    var now = follower;
    if (!READS.contains(request.method()) && request.uri().getPath().endsWith(now.pathEnd())) {
      now.action().run();
    }
  }

  private static UncheckedIOException lost() {
    return new UncheckedIOException(new IOException("the test has cut the connection"));
  }
}
