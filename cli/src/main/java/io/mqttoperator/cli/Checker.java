package io.mqttoperator.cli;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.mqttoperator.api.MqttAcl;
import io.mqttoperator.cli.check.Change;
import io.mqttoperator.cli.check.CheckResult;
import io.mqttoperator.cli.check.Finding;
import io.mqttoperator.cli.check.Level;
import io.mqttoperator.cli.check.ManifestCheck;
import io.mqttoperator.cli.source.FileResources;
import io.mqttoperator.cli.source.Inventory;
import io.mqttoperator.cli.source.Manifest;
import io.mqttoperator.cli.source.ManifestFiles;
import io.mqttoperator.cli.source.ResourceId;
import io.mqttoperator.operator.access.Orphans;
import io.mqttoperator.operator.kube.Reason;
import io.mqttoperator.operator.kube.ResourceKey;
import io.mqttoperator.operator.kube.Verdict;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Looks for all that is wrong with manifests. */
final class Checker {

  private final String namespace;
  private final List<Finding> findings = new ArrayList<>();

  /**
   * @param namespace of manifests that name none
   */
  Checker(String namespace) {
    this.namespace = namespace;
  }

  /**
   * Checks.
   *
   * @param cluster what is there already, if that is to be taken into account
   */
  CheckResult check(ManifestFiles files, Optional<Inventory> cluster) {
    var form =
        ManifestCheck.of(
            files,
            manifest -> cluster.flatMap(there -> Overlay.present(there, manifest, namespace)));
    findings.addAll(form.findings());
    var asked = FileResources.of(form.usable(), namespace);
    var all = cluster.map(there -> Overlay.of(there, asked)).orElse(asked);
    for (var key : brokers(asked)) {
      rule(Outlook.of(all, key), all, asked.manifests().keySet());
    }
    findings.addAll(unknownUsers(all));
    List<Change> changes = cluster.map(there -> Overlay.changes(there, asked)).orElse(List.of());
    return new CheckResult(form.checked(), findings, changes);
  }

  private static Set<ResourceKey> brokers(Inventory asked) {
    var keys = new LinkedHashSet<ResourceKey>();
    asked.brokers().forEach(broker -> keys.add(ResourceKey.of(broker)));
    asked.users().forEach(user -> keys.add(Inventory.brokerOf(user)));
    asked.acls().forEach(acl -> keys.add(Inventory.brokerOf(acl)));
    return keys;
  }

  /** What the operator would say of a broker, its users and its ACLs. */
  private void rule(Outlook outlook, Inventory all, Set<ResourceId> ours) {
    outlook.broker().ifPresent(broker -> ruleBroker(outlook, broker, all));
    var users =
        outlook.forecast().plan().users().stream()
            .map(user -> new Ruled(user.user(), user.accepted()));
    var acls =
        outlook.forecast().plan().acls().stream().map(acl -> new Ruled(acl.acl(), acl.accepted()));
    Stream.concat(users, acls)
        .filter(ruled -> ours.contains(ResourceId.of(ruled.resource())))
        .forEach(ruled -> rule(ruled, outlook, all));
  }

  private record Ruled(HasMetadata resource, Verdict accepted) {}

  private void ruleBroker(Outlook outlook, HasMetadata broker, Inventory all) {
    var problem = outlook.forecast().problem();
    problem.ifPresent(why -> add(Level.ERROR, Reason.INVALID.text(), broker, all, why));
    if (problem.isEmpty()) {
      outlook
          .forecast()
          .profile()
          .ifPresent(
              profile ->
                  profile
                      .warnings()
                      .forEach(warning -> add(Level.WARNING, "Unsafe", broker, all, warning)));
      outlook
          .forecast()
          .files()
          .problem()
          .ifPresent(why -> add(Level.ERROR, Reason.TOO_LARGE.text(), broker, all, why));
    }
  }

  private void rule(Ruled ruled, Outlook outlook, Inventory all) {
    var resource = ruled.resource();
    var own = resource.getMetadata().getNamespace();
    if (outlook.broker().isEmpty()) {
      var missing = Orphans.brokerNotFound(own, outlook.key());
      if (all.isCluster()) {
        add(Level.ERROR, missing.reason().text(), resource, all, missing.message());
      } else {
        add(
            Level.NOTE,
            missing.reason().text(),
            resource,
            all,
            "MqttBroker %s is not in these files; it is taken to be there"
                .formatted(outlook.key()));
      }
    }
    if (!ruled.accepted().isTrue()) {
      var isGuess =
          ruled.accepted().reason() == Reason.NAMESPACE_NOT_ALLOWED
              && outlook.unknownNamespaces().contains(own);
      add(
          isGuess ? Level.WARNING : Level.ERROR,
          ruled.accepted().reason().text(),
          resource,
          all,
          isGuess
              ? "whether namespace %s is a tenant cannot be told without its Namespace"
                  .formatted(own)
              : ruled.accepted().message());
    }
  }

  /** A name that nobody has is no error for the operator, and often one of typing. */
  private static List<Finding> unknownUsers(Inventory all) {
    var findings = new ArrayList<Finding>();
    for (var acl : all.acls()) {
      var manifest = all.manifests().get(ResourceId.of(acl));
      for (int i = 0; manifest != null && i < acl.getSpec().subjects().size(); i++) {
        var user = acl.getSpec().subjects().get(i).user();
        if (user != null && !isThere(all, acl, user)) {
          findings.add(
              finding(
                  Level.WARNING,
                  "UnknownUser",
                  manifest,
                  "/spec/subjects/" + i,
                  "spec.subjects[%d].user: there is no MqttUser %s of this broker%s"
                      .formatted(i, user, all.isCluster() ? "" : " in these files")));
        }
      }
    }
    return findings;
  }

  private static boolean isThere(Inventory all, MqttAcl acl, String user) {
    return all.usersOf(Inventory.brokerOf(acl)).stream()
        .map(HasMetadata::getMetadata)
        .anyMatch(
            known ->
                known.getName().equals(user)
                    && known.getNamespace().equals(acl.getMetadata().getNamespace()));
  }

  private void add(Level level, String rule, HasMetadata resource, Inventory all, String message) {
    var manifest = all.manifests().get(ResourceId.of(resource));
    if (manifest != null) {
      findings.add(finding(level, rule, manifest, FieldMention.pointer(message), message));
    } else if (level == Level.ERROR) {
      // Of the cluster, and refused because of what these files change.
      findings.add(
          new Finding(level, rule, "cluster", 1, ResourceId.of(resource).toString(), message));
    }
  }

  private static Finding finding(
      Level level, String rule, Manifest manifest, String pointer, String message) {
    return new Finding(
        level, rule, manifest.file(), manifest.line(pointer), manifest.title(), message);
  }
}
