package io.mqttoperator.operator.kube;

/** The namespace is being deleted: nothing new can be made there, and all in it will go. */
public final class NamespaceEnding extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public NamespaceEnding(String namespace, Throwable cause) {
    super("namespace " + namespace + " is being deleted", cause);
  }
}
