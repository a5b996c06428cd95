package io.mqttoperator.cli.moving;

import io.mqttoperator.cli.existing.ExistingOption;
import io.mqttoperator.cli.existing.Place;
import io.mqttoperator.cli.moving.LeftOver.Fate;
import java.util.ArrayList;
import java.util.List;

/** All that is left, as it is found. */
final class LeftOvers {

  private final List<LeftOver> all = new ArrayList<>();

  void leaveOut(Place place, String what, String why, String instead) {
    all.add(new LeftOver(Fate.LEFT_OUT, place, what, why, instead));
  }

  void leaveOut(ExistingOption option, String why, String instead) {
    leaveOut(option.place(), option.name(), why, instead);
  }

  void change(Place place, String what, String why, String instead) {
    all.add(new LeftOver(Fate.CHANGED, place, what, why, instead));
  }

  void change(ExistingOption option, String why, String instead) {
    change(option.place(), option.name(), why, instead);
  }

  void needNot(ExistingOption option, String why) {
    needNot(option.place(), option.name(), why);
  }

  void needNot(Place place, String what, String why) {
    all.add(new LeftOver(Fate.NOT_NEEDED, place, what, why, ""));
  }

  List<LeftOver> all() {
    return all.stream().distinct().sorted(LeftOver.ORDER).toList();
  }
}
