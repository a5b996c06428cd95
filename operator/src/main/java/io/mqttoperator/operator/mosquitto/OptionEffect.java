package io.mqttoperator.operator.mosquitto;

/** When Mosquitto takes a changed option. */
public enum OptionEffect {
  AT_RELOAD,
  /**
   * A reload takes another value, but not that the line is gone: the last value then stays. So a
   * broker starts again where the line comes or goes.
   */
  AT_RELOAD_ONCE_SET,
  AT_START
}
