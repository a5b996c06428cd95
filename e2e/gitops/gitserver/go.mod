module local-cluster/gitserver

go 1.24.0
