# What changed from one CRD to the next that OpenAPI has no word for: names, versions, rules in CEL, how lists merge.
# usage: jq --slurpfile old OLD.json --slurpfile new NEW.json -n -r -f crd-changes.jq    prints "CHECK|FIELD|WHAT" lines

# The schemas of a version by the path of their field: spec.listeners[].port, spec.podLabels{}.
def schemas(path):
  {key: path, value: .},
  ((.properties // {}) | to_entries[] | .key as $name | .value | schemas(if path == "" then $name else path + "." + $name end)),
  (.items // empty | schemas(path + "[]")),
  (.additionalProperties // empty | objects | schemas(path + "{}"));

def by_name: map({key: .name, value: .}) | from_entries;
def by_field: [.schema.openAPIV3Schema | schemas("")] | from_entries;
def rules: [.["x-kubernetes-validations"][]? | {rule, optionalOldSelf}];
# How the API server merges, prunes and stores a field.
def handling: with_entries(select(.key | test("^x-kubernetes-(?!validations$)")));
def changed($old; $new; $check; $field): if $old == $new then empty else "\($check)|\($field)|\($old | tojson) became \($new | tojson)" end;

def of_names($old; $new):
  (("kind", "plural", "singular", "listKind") as $name | changed($old.spec.names[$name]; $new.spec.names[$name]; "name-changed"; "names." + $name)),
  (("shortNames", "categories") as $name | (($old.spec.names[$name] // []) - ($new.spec.names[$name] // []))[] |
    "name-removed|names.\($name)|\(.) is gone"),
  changed($old.spec.group; $new.spec.group; "group-changed"; "group"),
  changed($old.spec.scope; $new.spec.scope; "scope-changed"; "scope"),
  changed($old.spec.conversion; $new.spec.conversion; "conversion-changed"; "conversion"),
  changed($old.spec.preserveUnknownFields; $new.spec.preserveUnknownFields; "handling-changed"; "preserveUnknownFields");

def of_version($old; $new):
  changed($old.storage; $new.storage; "storage-changed"; ""),
  (if $old.served and ($new.served | not) then "version-not-served||it is not served any more" else empty end),
  (if $new.deprecated and ($old.deprecated | not) then "version-deprecated||it is deprecated" else empty end),
  changed($old.subresources; $new.subresources; "subresource-changed"; "subresources"),
  ((($old.selectableFields // []) - ($new.selectableFields // []))[] | "selectable-field-removed|\(.jsonPath)|it is gone");

def of_fields($old; $new):
  ($old | by_field) as $former | ($new | by_field) | to_entries[] | .key as $field | .value as $schema |
  # A field that is new may have any rule: nobody has written it yet.
  if $former[$field] == null then empty else
    (($schema | rules) - ($former[$field] | rules) | .[] | "rule-added|\($field)|\(.rule | gsub("\\s+"; " "))"),
    # A default is filled in where nothing was written, also in what is stored.
    changed($former[$field].default; $schema.default; "default-changed"; $field),
    changed($former[$field] | handling; $schema | handling; "handling-changed"; $field)
  end;

$old[0] as $old | $new[0] as $new |
of_names($old; $new),
(($new.spec.versions | by_name) as $versions | $old.spec.versions[] |
  if $versions[.name] == null then "version-removed|\(.name)|it is gone"
  else of_version(.; $versions[.name]), of_fields(.; $versions[.name]) end)
