package main

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	core "k8s.io/api/core/v1"
	networking "k8s.io/api/networking/v1"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// snapshot is what the rules are made of: pure, so that the same cluster always gives the same rules.
type snapshot struct {
	pods       []*core.Pod // those that have an address of their own, by address
	namespaces map[string]labels.Set
	policies   []*networking.NetworkPolicy // by namespace and name
}

func newSnapshot(pods []*core.Pod, namespaces []*core.Namespace, policies []*networking.NetworkPolicy) *snapshot {
	s := &snapshot{namespaces: map[string]labels.Set{}, policies: slices.Clone(policies)}
	for _, pod := range pods {
		if hasAddress(pod) {
			s.pods = append(s.pods, pod)
		}
	}
	for _, namespace := range namespaces {
		s.namespaces[namespace.Name] = namespace.Labels
	}
	slices.SortFunc(s.pods, func(a, b *core.Pod) int { return strings.Compare(a.Status.PodIP, b.Status.PodIP) })
	slices.SortFunc(s.policies, func(a, b *networking.NetworkPolicy) int {
		return strings.Compare(a.Namespace+"/"+a.Name, b.Namespace+"/"+b.Name)
	})
	return s
}

// hasAddress tells whether a pod has an address that is not the node's. The address of one that ended may be another's.
func hasAddress(pod *core.Pod) bool {
	address, err := netip.ParseAddr(pod.Status.PodIP)
	ended := pod.Status.Phase == core.PodSucceeded || pod.Status.Phase == core.PodFailed
	return err == nil && address.Is4() && !pod.Spec.HostNetwork && !ended
}

// rules gives what a pod may get or send, one match of nftables each, and whether any policy says so.
func (s *snapshot) rules(pod *core.Pod, direction networking.PolicyType) (matches []string, isSelected bool) {
	for _, policy := range s.policies {
		if policy.Namespace != pod.Namespace || !slices.Contains(policy.Spec.PolicyTypes, direction) ||
			!selects(&policy.Spec.PodSelector, pod.Labels) {
			continue
		}
		isSelected = true
		if direction == networking.PolicyTypeIngress {
			for _, rule := range policy.Spec.Ingress {
				matches = append(matches, s.allow(policy, pod, "saddr", rule.From, rule.Ports)...)
			}
		} else {
			for _, rule := range policy.Spec.Egress {
				matches = append(matches, s.allow(policy, pod, "daddr", rule.To, rule.Ports)...)
			}
		}
	}
	return matches, isSelected
}

// allow gives every pair of a peer and a port. A list that is empty stands for all.
func (s *snapshot) allow(policy *networking.NetworkPolicy, pod *core.Pod, address string,
	peers []networking.NetworkPolicyPeer, ports []networking.NetworkPolicyPort) (matches []string) {
	for _, peer := range s.peers(policy.Namespace, address, peers) {
		if len(ports) == 0 {
			matches = append(matches, peer.match)
		}
		for _, port := range ports {
			if port.Port == nil || port.Port.Type == intstr.Int {
				matches = append(matches, peer.match+" "+numbered(port))
			} else if address == "saddr" { // the port has its name at the pod that is connected to
				matches = append(matches, named(pod, port, peer.match)...)
			} else {
				for _, target := range peer.pods {
					matches = append(matches, named(target, port, "ip daddr "+target.Status.PodIP)...)
				}
			}
		}
	}
	return matches
}

type peerMatch struct {
	match string
	pods  []*core.Pod // none for a block of addresses
}

func (s *snapshot) peers(namespace, address string, peers []networking.NetworkPolicyPeer) (matches []peerMatch) {
	if len(peers) == 0 {
		return []peerMatch{{"", s.pods}}
	}
	for _, peer := range peers {
		if peer.IPBlock != nil {
			if strings.Contains(peer.IPBlock.CIDR, ".") {
				matches = append(matches, peerMatch{block(address, peer.IPBlock), nil})
			}
		} else if pods := s.selected(namespace, peer); len(pods) > 0 {
			matches = append(matches, peerMatch{fmt.Sprintf("ip %s { %s }", address, addresses(pods)), pods})
		}
	}
	return matches
}

func (s *snapshot) selected(namespace string, peer networking.NetworkPolicyPeer) (pods []*core.Pod) {
	for _, pod := range s.pods {
		isIn := pod.Namespace == namespace
		if peer.NamespaceSelector != nil {
			isIn = selects(peer.NamespaceSelector, s.namespaces[pod.Namespace])
		}
		if isIn && (peer.PodSelector == nil || selects(peer.PodSelector, pod.Labels)) {
			pods = append(pods, pod)
		}
	}
	return pods
}

func block(address string, block *networking.IPBlock) string {
	match := fmt.Sprintf("ip %s %s", address, block.CIDR)
	for _, except := range block.Except {
		match += fmt.Sprintf(" ip %s != %s", address, except)
	}
	return match
}

func addresses(pods []*core.Pod) string {
	var all []string
	for _, pod := range pods {
		all = append(all, pod.Status.PodIP)
	}
	return strings.Join(slices.Compact(all), ", ")
}

func numbered(port networking.NetworkPolicyPort) string {
	switch {
	case port.Port == nil:
		return "meta l4proto " + protocol(port.Protocol)
	case port.EndPort != nil:
		return fmt.Sprintf("%s dport %d-%d", protocol(port.Protocol), port.Port.IntVal, *port.EndPort)
	default:
		return fmt.Sprintf("%s dport %d", protocol(port.Protocol), port.Port.IntVal)
	}
}

// named gives the ports that a pod has under the name.
func named(pod *core.Pod, port networking.NetworkPolicyPort, peer string) (matches []string) {
	for _, container := range pod.Spec.Containers {
		for _, candidate := range container.Ports {
			if candidate.Name == port.Port.StrVal && protocol(&candidate.Protocol) == protocol(port.Protocol) {
				matches = append(matches, fmt.Sprintf("%s %s dport %d", peer, protocol(port.Protocol), candidate.ContainerPort))
			}
		}
	}
	return matches
}

func protocol(asked *core.Protocol) string {
	if asked == nil || *asked == "" {
		return "tcp"
	}
	return strings.ToLower(string(*asked))
}

// selects is false for a selector that cannot be read: the API server admits none.
func selects(selector *meta.LabelSelector, of labels.Set) bool {
	parsed, err := meta.LabelSelectorAsSelector(selector)
	return err == nil && parsed.Matches(of)
}
