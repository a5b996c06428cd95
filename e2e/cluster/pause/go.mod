module mqtt-operator/pause

go 1.24.0
