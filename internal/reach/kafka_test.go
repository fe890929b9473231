package reach

import (
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"waybill/internal/config"
	"waybill/internal/credentials"
)

// Seen on a real cluster: every transaction took five or ten seconds, because its coordinator had asked the client to try again and the
// client waited until it might ask for metadata.
func TestWhatACoordinatorAsksToTryAgainIsTriedAgainWithinASecond(t *testing.T) {
	client, err := kgo.NewClient(KafkaOptions(config.Kafka{Brokers: []string{"127.0.0.1:9092"}}, credentials.Login{})...)
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	if age := client.OptValue(kgo.MetadataMinAge).(time.Duration); age > time.Second {
		t.Errorf("a write is tried again after up to %s", age)
	}
}
