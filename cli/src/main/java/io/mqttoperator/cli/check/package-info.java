/** What is wrong with manifests, and how it is reported. */
@NullMarked
package io.mqttoperator.cli.check;

import org.jspecify.annotations.NullMarked;
