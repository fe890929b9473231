package runner

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
)

func TestOffsetsThatStayUnstableAreToldOfOnce(t *testing.T) {
	r := newRig(t)
	step := r.toyTopics(&toy{})
	r.feed(1, 0, 1)
	r.broker.Cluster().ControlKey(int16(kmsg.OffsetFetch), func(asked kmsg.Request) (kmsg.Response, error, bool) {
		r.broker.Cluster().KeepControl()
		return unstableAnswer(asked.(*kmsg.OffsetFetchRequest)), nil, true
	})
	var told bytes.Buffer
	u := &unstable{log: slog.New(slog.NewTextHandler(&told, nil)), most: time.Second}
	said := func() string {
		u.mu.Lock()
		defer u.mu.Unlock()
		return told.String()
	}
	r.client(kgo.ConsumerGroup("test."+step.Name), kgo.ConsumeTopics(toyIn.Name), kgo.WithLogger(u))
	r.await("it is told", func() bool { return said() != "" })
	pause(t.Context(), 2500*time.Millisecond) // in which it is asked twice more
	if n := strings.Count(said(), "\n"); n != 1 || !strings.Contains(said(), "topic=toy.in") {
		t.Errorf("told %d times: %s", n, said())
	}
}

func unstableAnswer(asked *kmsg.OffsetFetchRequest) kmsg.Response {
	answer := asked.ResponseKind().(*kmsg.OffsetFetchResponse)
	for _, g := range asked.Groups {
		group := kmsg.NewOffsetFetchResponseGroup()
		group.Group = g.Group
		for _, t := range g.Topics {
			topic := kmsg.NewOffsetFetchResponseGroupTopic()
			topic.Topic, topic.TopicID = t.Topic, t.TopicID
			for _, n := range t.Partitions {
				partition := kmsg.NewOffsetFetchResponseGroupTopicPartition()
				partition.Partition, partition.ErrorCode = n, kerr.UnstableOffsetCommit.Code
				topic.Partitions = append(topic.Partitions, partition)
			}
			group.Topics = append(group.Topics, topic)
		}
		answer.Groups = append(answer.Groups, group)
	}
	return answer
}

func TestOffsetsThatAreUnstableNowAndThenAreNotToldOf(t *testing.T) {
	var told bytes.Buffer
	u := &unstable{log: slog.New(slog.NewTextHandler(&told, nil)), most: time.Second}
	for now, i := time.Now(), 0; i < 5; i++ {
		u.note(now.Add(time.Duration(i)*2*unstableGap), nil)
	}
	u.Log(kgo.LogLevelInfo, "something else", "err", kerr.NotCoordinator, "n", 1)
	if told.Len() > 0 {
		t.Error(told.String())
	}
}
