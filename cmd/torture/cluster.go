package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// cluster is a real Kafka of three brokers and a real registry, started by the scripts of deploy.
type cluster struct {
	dir      string
	brokers  []string // as the verifier reaches them
	registry string
	wires    [][]*wire // by instance and broker
}

// brokersCount is how many there are: one may be away, and what was accepted still lies on two.
const brokersCount = 3

// startCluster starts it, with a way of its own from each instance to each broker.
func startCluster(ctx context.Context, dir string, instances int) (*cluster, error) {
	c := &cluster{dir: dir}
	arguments := []string{"up", "--dir", c.kafka(), "--brokers", fmt.Sprint(brokersCount)}
	addresses := make([][]string, instances)
	for i := range addresses {
		free, err := freeAddresses(brokersCount)
		if err != nil {
			return nil, err
		}
		addresses[i] = free
		arguments = append(arguments, "--route", fmt.Sprintf("ROUTE%d=%s", i+1, strings.Join(free, ",")))
	}
	said, err := script(ctx, "deploy/kafka/kafka", arguments...)
	if err != nil {
		return c, err
	}
	c.brokers = strings.Split(said["brokers"], ",")
	for i := range addresses {
		var wires []*wire
		for n, target := range strings.Split(said[fmt.Sprintf("ROUTE%d", i+1)], ",") {
			w, err := newWire(addresses[i][n], target)
			if err != nil {
				return c, err
			}
			wires = append(wires, w)
		}
		c.wires = append(c.wires, wires)
	}
	said, err = script(ctx, "deploy/registry/registry", "up", "--dir", c.dir)
	c.registry = said["registry"]
	return c, err
}

func (c *cluster) kafka() string { return filepath.Join(c.dir, "kafka") }

// addresses are the brokers as that instance reaches them.
func (c *cluster) addresses(instance int) (all []string) {
	for _, w := range c.wires[instance] {
		all = append(all, w.address)
	}
	return all
}

// script runs one of the scripts of deploy, and reads what it prints: NAME=VALUE.
func script(ctx context.Context, name string, arguments ...string) (map[string]string, error) {
	command := exec.CommandContext(ctx, name, arguments...)
	command.Stderr = os.Stderr
	command.Env = append(os.Environ(), "JAVA_TOOL_OPTIONS=-XX:TieredStopAtLevel=1") // they start often, and live for minutes
	out, err := command.Output()
	if err != nil {
		return nil, fmt.Errorf("%s %s: %w", name, strings.Join(arguments, " "), err)
	}
	said := map[string]string{}
	for line := range strings.SplitSeq(string(out), "\n") {
		if name, value, ok := strings.Cut(line, "="); ok {
			said[name] = value
		}
	}
	return said, nil
}

// startsMax is how often something is started that gives up by itself: on a machine with much to do the registry does.
const startsMax = 5

// again runs a script that starts something, until that is up.
func again(ctx context.Context, name string, arguments ...string) (err error) {
	for range startsMax {
		if _, err = script(ctx, name, arguments...); err == nil || ctx.Err() != nil {
			return err
		}
	}
	return err
}

func (c *cluster) killBroker(ctx context.Context, n int) error {
	_, err := script(ctx, "deploy/kafka/kafka", "kill", fmt.Sprint(n), "--dir", c.kafka())
	return err
}

func (c *cluster) startBroker(ctx context.Context, n int) error {
	return again(ctx, "deploy/kafka/kafka", "start", fmt.Sprint(n), "--dir", c.kafka())
}

func (c *cluster) killRegistry(ctx context.Context) error {
	_, err := script(ctx, "deploy/registry/registry", "kill", "--dir", c.dir)
	return err
}

func (c *cluster) startRegistry(ctx context.Context) error {
	return again(ctx, "deploy/registry/registry", "start", "--dir", c.dir)
}

// controller is the broker that leads the controllers.
func (c *cluster) controller(ctx context.Context) (int, error) {
	client, err := kgo.NewClient(kgo.SeedBrokers(c.brokers...))
	if err != nil {
		return 0, err
	}
	defer client.Close()
	request := kmsg.NewPtrDescribeQuorumRequest()
	topic := kmsg.NewDescribeQuorumRequestTopic()
	topic.Topic = "__cluster_metadata"
	topic.Partitions = append(topic.Partitions, kmsg.NewDescribeQuorumRequestTopicPartition())
	request.Topics = append(request.Topics, topic)
	answer, err := request.RequestWith(ctx, client)
	if err != nil {
		return 0, fmt.Errorf("ask who leads the controllers: %w", err)
	}
	for _, t := range answer.Topics {
		for _, p := range t.Partitions {
			return int(p.LeaderID), nil
		}
	}
	return 0, errors.New("nobody says who leads the controllers")
}

// stop ends it, whatever state it is in.
func (c *cluster) stop() error {
	for _, wires := range c.wires {
		for _, w := range wires {
			w.close()
		}
	}
	ctx := context.Background()
	_, registry := script(ctx, "deploy/registry/registry", "stop", "--dir", c.dir)
	_, kafka := script(ctx, "deploy/kafka/kafka", "stop", "--dir", c.kafka())
	return errors.Join(registry, kafka)
}

// freeAddresses are so many that nobody listens at.
func freeAddresses(n int) (all []string, err error) {
	for range n {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return nil, err
		}
		defer listener.Close()
		all = append(all, listener.Addr().String())
	}
	return all, nil
}
