{{/* The name of the operator's objects in its own namespace. At most 40 characters, so that each suffix fits into 63. */}}
{{- define "mqtt-operator.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{ .Values.fullnameOverride }}
{{- else if contains .Chart.Name .Release.Name -}}
{{ .Release.Name | replace "." "-" | trunc 40 | trimSuffix "-" }}
{{- else -}}
{{ printf "%s-%s" .Release.Name .Chart.Name | replace "." "-" | trunc 40 | trimSuffix "-" }}
{{- end -}}
{{- end }}

{{/* The name of objects outside the operator's namespace: two releases in two namespaces do not meet there. */}}
{{- define "mqtt-operator.scopedName" -}}
{{ include "mqtt-operator.fullname" . }}.{{ .Release.Namespace }}
{{- end }}

{{- define "mqtt-operator.serviceAccountName" -}}
{{ .Values.serviceAccount.name | default (include "mqtt-operator.fullname" .) }}
{{- end }}

{{- define "mqtt-operator.selectorLabels" -}}
app.kubernetes.io/name: mqtt-operator
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/component: operator
{{- end }}

{{/* Labels of an object; .component says which part of the chart it belongs to. */}}
{{- define "mqtt-operator.labels" -}}
app.kubernetes.io/name: mqtt-operator
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
app.kubernetes.io/part-of: mqtt-operator
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version | replace "+" "_" }}
{{- end }}

{{- define "mqtt-operator.image" -}}
{{- with .Values.image -}}
{{- if .digest -}}
{{ .repository }}@{{ .digest }}
{{- else -}}
{{ .repository }}:{{ .tag | default $.Chart.AppVersion }}
{{- end -}}
{{- end -}}
{{- end }}

{{/* The watched namespaces, comma-separated; empty: all. */}}
{{- define "mqtt-operator.watchNamespaces" -}}
{{- if .Values.watch.own -}}
{{ .Release.Namespace }}
{{- else -}}
{{ join "," .Values.watch.namespaces }}
{{- end -}}
{{- end }}
