# The schemas of a CRD's version by the paths to them, and what those fields are called.
def schema_paths:
  . as $schema |
  def below($path): ($schema | getpath($path)) as $here | $path,
    (($here.properties // {}) | keys[] as $name | below($path + ["properties", $name])),
    (("items", "additionalProperties") as $key | select($here[$key] | type == "object") | below($path + [$key]));
  below([]);

def field: reduce .[] as $step ("";
  if $step == "items" then . + "[]" elif $step == "additionalProperties" then . + "{}" elif $step == "properties" then .
  else (if . == "" then "" else . + "." end) + $step end);

def schema: .spec.versions[0].schema.openAPIV3Schema;
# A property that no other is below of.
def is_leaf($schema): .[-2] == "properties" and ([. as $path | $schema | getpath($path) | .. | objects | has("properties")] | any | not);
