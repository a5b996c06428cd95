// Package register names the generators that are tried.
package register

import (
	_ "github.com/external-secrets/external-secrets/pkg/generator/password"
)
