// Enforces the NetworkPolicies of the local cluster, whose bridge plugin does not. FOR TESTS ONLY.
//
// It watches Pods, Namespaces and NetworkPolicies, and writes all that they say into one table of nftables, in one
// transaction, whenever that changes. Its chain is in the forward hook of the ip family: with bridge-nf-call-iptables,
// which Services need too, frames from pod to pod pass there, after the address of a Service was replaced by a pod's.
// What the node itself sends or gets (kubelet's probes, the API server, DNS) does not, and is always allowed, as the
// documentation of NetworkPolicy says.
//
// It fails closed: an address of the pods' range that no running pod is known to have gets and sends nothing. So a new
// pod is never open, but cut off until kubelet has told the API server its address, about a second. From the start of
// this program until it has read the cluster, no connection can be made. Killed, it leaves its table, so that what was
// closed stays closed and new pods stay cut off; ended by SIGTERM or SIGINT, it removes it.
//
// A connection that was allowed when it was made stays, as with most implementations.
//
// Left out: IPv6, nodes other than this one, a named port together with an ipBlock (allows nothing), AdminNetworkPolicy,
// and the repair of a table that somebody else has changed.
package main

import (
	"context"
	"flag"
	"log"
	"os/signal"
	"syscall"
	"time"

	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/cache"
	"k8s.io/client-go/tools/clientcmd"
)

const retryDelay = time.Second

func main() {
	kubeconfig := flag.String("kubeconfig", "", "file that says how to reach the API server")
	podRange := flag.String("pod-range", "", "range of the pods' addresses, such as 10.85.0.0/16")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, *kubeconfig, *podRange); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context, kubeconfig, podRange string) error {
	config, err := clientcmd.BuildConfigFromFlags("", kubeconfig)
	if err != nil {
		return err
	}
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		return err
	}
	table, err := newTable(podRange)
	if err != nil {
		return err
	}
	if err := table.write(ctx, nil); err != nil {
		return err
	}
	defer table.remove()
	return enforce(ctx, informers.NewSharedInformerFactory(client, 0), table)
}

// enforce writes the table at every change until it is told to stop.
func enforce(ctx context.Context, factory informers.SharedInformerFactory, table *table) error {
	changed := make(chan struct{}, 1)
	pods := factory.Core().V1().Pods()
	namespaces := factory.Core().V1().Namespaces()
	policies := factory.Networking().V1().NetworkPolicies()
	for _, informer := range []cache.SharedIndexInformer{pods.Informer(), namespaces.Informer(), policies.Informer()} {
		if _, err := informer.AddEventHandler(signalTo(changed)); err != nil {
			return err
		}
	}
	factory.Start(ctx.Done())
	for kind, synced := range factory.WaitForCacheSync(ctx.Done()) {
		if !synced {
			log.Printf("stopped before all of %v were read", kind)
			return nil
		}
	}
	read := func() (*snapshot, error) {
		allPods, err := pods.Lister().List(labels.Everything())
		if err != nil {
			return nil, err
		}
		allNamespaces, err := namespaces.Lister().List(labels.Everything())
		if err != nil {
			return nil, err
		}
		allPolicies, err := policies.Lister().List(labels.Everything())
		return newSnapshot(allPods, allNamespaces, allPolicies), err
	}
	follow(ctx, changed, read, table)
	return nil
}

func signalTo(changed chan<- struct{}) cache.ResourceEventHandler {
	tell := func() {
		select {
		case changed <- struct{}{}:
		default: // one is waiting already, and will see this change too
		}
	}
	return cache.ResourceEventHandlerFuncs{
		AddFunc:    func(any) { tell() },
		UpdateFunc: func(any, any) { tell() },
		DeleteFunc: func(any) { tell() },
	}
}

func follow(ctx context.Context, changed <-chan struct{}, read func() (*snapshot, error), table *table) {
	retry := time.NewTimer(0) // the first write waits for nothing
	for {
		select {
		case <-ctx.Done():
			return
		case <-changed:
		case <-retry.C:
		}
		snapshot, err := read()
		if err == nil {
			err = table.write(ctx, snapshot)
		}
		if err != nil && ctx.Err() == nil {
			log.Printf("the table stays as it is: %v", err)
			retry.Reset(retryDelay)
		}
	}
}
