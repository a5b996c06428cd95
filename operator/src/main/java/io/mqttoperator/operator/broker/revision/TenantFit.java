package io.mqttoperator.operator.broker.revision;

import io.mqttoperator.operator.access.AccessPlan;
import io.mqttoperator.operator.access.Tenancy;
import io.mqttoperator.operator.broker.observation.DoNotFit;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What is granted, as far as it fits: where the broker's files, or its pods' memory, do not hold
 * all, the tenant that takes the most is left out. So none can keep a broker from taking a
 * revocation.
 *
 * @param choice the revision that says so
 */
public record TenantFit<T>(AccessPlan plan, T choice) {

  /** Chooses a revision for what is granted. */
  @FunctionalInterface
  public interface Chooser<T> {
    T choose(AccessPlan plan) throws InterruptedException, DoNotFit;
  }

  /**
   * Leaves out as many tenants as it takes.
   *
   * @param isTooLarge whether a choice is refused for its size
   * @throws DoNotFit if what is the broker's own does not fit
   */
  public static <T> TenantFit<T> of(
      AccessPlan plan, Tenancy tenancy, Chooser<T> chooser, Predicate<T> isTooLarge)
      throws InterruptedException, DoNotFit {
    try {
      var choice = chooser.choose(plan);
      var largest =
          isTooLarge.test(choice) ? plan.largestTenant(tenancy) : Optional.<String>empty();
      if (largest.isEmpty()) {
        return new TenantFit<>(plan, choice);
      }
      // What is too large may not be the tenants' at all: then none of them has to go.
      var without = plan.without(largest.get());
      var smaller = chooser.choose(without);
      return isTooLarge.test(smaller)
          ? new TenantFit<>(plan, choice)
          : new TenantFit<>(without, smaller);
    } catch (DoNotFit tooLarge) {
      var largest = plan.largestTenant(tenancy);
      if (largest.isEmpty()) {
        throw tooLarge;
      }
      return of(plan.without(largest.get()), tenancy, chooser, isTooLarge);
    }
  }
}
