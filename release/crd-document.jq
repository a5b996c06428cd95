# One CRD as an OpenAPI document, for oasdiff: all that users and the operator write is a request.
{
  openapi: "3.0.3",
  info: {title: .spec.names.kind, version: "1"},
  paths: (.spec.versions | map(select(.served)) | map({("/" + .name): {put: {
    requestBody: {required: true, content: {"application/json": {schema: .schema.openAPIV3Schema}}},
    responses: {"204": {description: "stored"}}
  }}}) | add)
}
