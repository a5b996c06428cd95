{{/* What the operator may do in each watched namespace. docs/rbac.md says why; the chart's test compares the two. */}}
{{- define "mqtt-operator.rules" -}}
- apiGroups: [mqttoperator.io]
  resources: [mqttbrokers]
  verbs: [get, list, watch]
- apiGroups: [mqttoperator.io]
  resources: [mqttusers, mqttacls]
  verbs: [get, list, watch, patch]
- apiGroups: [mqttoperator.io]
  resources: [mqttbrokers/status, mqttusers/status, mqttacls/status]
  verbs: [patch]
- apiGroups: [""]
  resources: [secrets]
  verbs: [get, list, watch, create, update, delete]
- apiGroups: [""]
  resources: [configmaps]
  verbs: [get, list, watch, create, update]
- apiGroups: [""]
  resources: [services]
  verbs: [get, list, watch, create, patch, delete]
- apiGroups: [""]
  resources: [serviceaccounts]
  verbs: [get, list, watch, create, patch]
- apiGroups: [""]
  resources: [pods]
  verbs: [get, list, watch, create, patch, delete]
- apiGroups: [""]
  resources: [persistentvolumeclaims]
  verbs: [get, list, watch, patch]
- apiGroups: [apps]
  resources: [statefulsets]
  verbs: [get, list, watch, create, patch]
- apiGroups: [policy]
  resources: [poddisruptionbudgets]
  verbs: [get, list, watch, create, patch]
- apiGroups: [networking.k8s.io]
  resources: [networkpolicies]
  verbs: [get, list, watch, create, patch]
- apiGroups: [events.k8s.io]
  resources: [events]
  verbs: [create]
{{- end }}

{{/* What the uninstall job may do in each watched namespace. */}}
{{- define "mqtt-operator.uninstallRules" -}}
- apiGroups: [mqttoperator.io]
  resources: [mqttusers, mqttacls]
  verbs: [get, list, patch]
{{- end }}

{{/* A part of the uninstall hook; the argument is its place among the parts. */}}
{{- define "mqtt-operator.uninstallHook" -}}
helm.sh/hook: pre-delete
helm.sh/hook-weight: {{ . | quote }}
helm.sh/hook-delete-policy: before-hook-creation,hook-succeeded
{{- end }}
