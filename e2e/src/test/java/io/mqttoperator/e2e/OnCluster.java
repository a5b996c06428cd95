package io.mqttoperator.e2e;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A test class with a namespace of its own, which is there before the first test and gone after the
 * last; its constructor may take the {@link Cluster}. When a test fails, what the cluster knows of
 * it is printed.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(ClusterExtension.class)
public @interface OnCluster {}
