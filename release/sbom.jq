# The Java parts' SBOM as that of the image: with the image's digest, and the Debian packages of its base.
# $packages[0]: what /var/lib/dpkg/status.d tells; $digest: of the image's manifest

# https://github.com/package-url/purl-spec: a plus is a space to some.
def escaped: @uri;
def component: {
  type: "library",
  "bom-ref": "pkg:deb/debian/\(.package | escaped)@\(.version | escaped)?arch=\(.architecture)&distro=debian-13",
  publisher: "Debian",
  name: .package,
  version: .version,
  purl: "pkg:deb/debian/\(.package | escaped)@\(.version | escaped)?arch=\(.architecture)&distro=debian-13",
  properties: [{name: "debian:source", value: ((.source // .package) | split(" ")[0])}]
};

($packages[0] | sort_by(.package) | map(component)) as $debian |
.metadata.component as $operator |
.metadata.component |= (.type = "container" | .purl = "pkg:oci/mqtt-operator@\($digest | escaped)" | .hashes = [{alg: "SHA-256", content: ($digest | ltrimstr("sha256:"))}]) |
.components += $debian |
.dependencies |= map(if .ref == $operator["bom-ref"] then .dependsOn += ($debian | map(.["bom-ref"])) else . end) |
.dependencies += ($debian | map({ref: .["bom-ref"], dependsOn: []}))
