/** Where the resources come from: files, or a cluster that is only read. */
@NullMarked
package io.mqttoperator.cli.source;

import org.jspecify.annotations.NullMarked;
