-- The health of an MqttBroker, MqttUser or MqttAcl for Argo CD: resource.customizations.health in its ConfigMap argocd-cm.
-- The conditions mean the same for all three.
local function find(status, type)
  for _, condition in ipairs(status.conditions or {}) do
    if condition.type == type then return condition end
  end
end

local status = obj.status
if obj.metadata.deletionTimestamp ~= nil then
  return { status = "Progressing", message = "It is being deleted." }
end
if status == nil or status.conditions == nil or status.observedGeneration ~= obj.metadata.generation then
  return { status = "Progressing", message = "The operator has not seen this version yet." }
end
local ready = find(status, "Ready")
local stalled = find(status, "Stalled")
if ready ~= nil and ready.status == "True" then
  return { status = "Healthy", message = ready.message }
end
if ready ~= nil and ready.reason == "Paused" then
  return { status = "Suspended", message = ready.message }
end
if stalled ~= nil and stalled.status == "True" then
  return { status = "Degraded", message = stalled.message }
end
return { status = "Progressing", message = ready ~= nil and ready.message or "The operator is at work." }
