package main

import (
	"context"
	"log"
	"strings"
	"time"

	core "k8s.io/api/core/v1"
	networking "k8s.io/api/networking/v1"
	"sigs.k8s.io/knftables"
)

const tableName = "mqtt-operator-networkpolicy"

// table is the one in the kernel, written whole or not at all.
type table struct {
	nft      knftables.Interface
	podRange string
	written  string
}

func newTable(podRange string) (*table, error) {
	nft, err := knftables.New(knftables.IPv4Family, tableName)
	return &table{nft: nft, podRange: podRange}, err
}

// write makes the table what the snapshot asks for; without one, no pod is known, and all are cut off.
func (t *table) write(ctx context.Context, s *snapshot) error {
	if s == nil {
		s = &snapshot{}
	}
	started := time.Now()
	tx := t.nft.NewTransaction()
	tx.Add(&knftables.Table{}) // so that there is one to delete
	tx.Delete(&knftables.Table{})
	tx.Add(&knftables.Table{Comment: knftables.PtrTo("NetworkPolicies, for tests only")})
	tx.Add(&knftables.Set{Name: "pods", Type: "ipv4_addr"})
	for _, pod := range s.pods {
		tx.Add(&knftables.Element{Set: "pods", Key: []string{pod.Status.PodIP}})
	}
	isolated := t.addDirection(tx, s, networking.PolicyTypeEgress) + t.addDirection(tx, s, networking.PolicyTypeIngress)
	t.addForward(tx)
	if tx.String() == t.written {
		return nil
	}
	if err := t.nft.Run(ctx, tx); err != nil {
		return err
	}
	t.written = tx.String()
	log.Printf("%d pods, %d closed but for what policies allow, written in %v", len(s.pods), isolated, time.Since(started).Round(time.Millisecond))
	return nil
}

// addForward adds the chain that sees what goes from pod to pod, to a pod, or out of one.
func (t *table) addForward(tx *knftables.Transaction) {
	tx.Add(&knftables.Chain{Name: "forward", Type: knftables.PtrTo(knftables.FilterType),
		Hook: knftables.PtrTo(knftables.ForwardHook), Priority: knftables.PtrTo(knftables.FilterPriority)})
	for _, rule := range []string{
		"ct state established,related accept",
		"ip saddr " + t.podRange + " ip saddr != @pods drop",
		"ip daddr " + t.podRange + " ip daddr != @pods drop",
		"ip saddr vmap @egress",
		"ip daddr vmap @ingress",
	} {
		tx.Add(&knftables.Rule{Chain: "forward", Rule: rule})
	}
}

// addDirection adds a chain for each pod that a policy selects, and a map that leads to it by the pod's address.
func (t *table) addDirection(tx *knftables.Transaction, s *snapshot, direction networking.PolicyType) (isolated int) {
	name := strings.ToLower(string(direction))
	tx.Add(&knftables.Map{Name: name, Type: "ipv4_addr : verdict"})
	for _, pod := range s.pods {
		matches, isSelected := s.rules(pod, direction)
		if !isSelected {
			continue
		}
		isolated++
		address := pod.Status.PodIP
		chain := name + "-" + address
		tx.Add(&knftables.Chain{Name: chain, Comment: comment(pod)})
		// A pod always reaches itself, by its Service too.
		tx.Add(&knftables.Rule{Chain: chain, Rule: "ip saddr " + address + " ip daddr " + address + " return"})
		for _, match := range matches {
			tx.Add(&knftables.Rule{Chain: chain, Rule: strings.TrimSpace(match + " return")})
		}
		tx.Add(&knftables.Rule{Chain: chain, Rule: "drop"})
		tx.Add(&knftables.Element{Map: name, Key: []string{address}, Value: []string{"jump " + chain}})
	}
	return isolated
}

func comment(pod *core.Pod) *string {
	text := pod.Namespace + "/" + pod.Name
	return knftables.PtrTo(text[:min(len(text), 120)]) // nftables takes 128 characters
}

func (t *table) remove() {
	tx := t.nft.NewTransaction()
	tx.Add(&knftables.Table{})
	tx.Delete(&knftables.Table{})
	if err := t.nft.Run(context.Background(), tx); err != nil {
		log.Printf("the table is left: %v", err)
	}
}
