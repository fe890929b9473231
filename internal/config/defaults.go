package config

// Defaults are the settings of an instance that was told nothing: all of it embedded, on this machine, one party a channel.
func Defaults() *Config {
	return &Config{
		Seller:     "default",
		Data:       "data",
		Listen:     "127.0.0.1:8080",
		OpsListen:  "127.0.0.1:0",
		Instance:   "1",
		Deployment: "waybill",
		Kafka:      Kafka{Partitions: 4, Replication: 1},
		ClickHouse: ClickHouse{QuerySecondsMax: 60},
		Limits: Limits{
			BodyBytesMax:         5 << 20,
			WebhookBytesMax:      1 << 20,
			FeedBytesMax:         16 << 20,
			FeedDocumentsMax:     10_000,
			RequestsPerSecondMax: 1_000,
			RequestBurstMax:      2_000,
			RequestsInFlightMax:  64,
			InFlightBytesMax:     64 << 20,
			DrainSecondsMax:      900,
			ConnectionsMax:       1_024,
			HeaderBytesMax:       32 << 10,
			ReadSecondsMax:       30,
			StoreSecondsMax:      15,
		},
		Runner:   Runner{BatchRecordsMax: 20_000, BatchMillisecondsMax: 100, AttemptsMax: 7, Standby: true},
		Landing:  Landing{BlockRowsMax: 100_000, BlockMillisecondsMax: 500, BlockBytesMax: 64 << 20},
		Trash:    Trash{DueHours: 24},
		Sandbox:  Sandbox{Enabled: true},
		ERP:      ERP{CustomersKnownSeconds: 600},
		Expect:   Expect{ReadyHours: 24, PlacedMinutes: 15, SettledMinutes: 15, ConfirmedMinutes: 60, ShippedSeconds: 60, CreditedDays: 14},
		Sweep:    Sweep{EverySeconds: 900, WindowHours: 48},
		Labels:   Labels{KeepDays: 90},
		Tracking: Tracking{EverySeconds: 4 * 60 * 60, FirstScanHours: 24, SilenceHours: 5 * 24, UnmatchedHours: 7 * 24, Care: caredFor},
		Parties: map[string]Party{
			"allegro": {}, "amazon": {}, "ebay": {}, "kaufland": {}, "shopify": {}, "woocommerce": {}, "direct": {},
			"dhl": {Carrier: "dhl"}, "dpd": {Carrier: "dpd"}, "gls": {Carrier: "gls"}, "inpost": {Carrier: "inpost"}, "ups": {Carrier: "ups"},
			"printer": {Printer: "ipp"},
		},
	}
}

// inherit gives each party what it did not say itself.
func (c *Config) inherit() {
	for name, p := range c.Parties {
		if p.Channel == "" && p.Carrier == "" && p.Printer == "" {
			p.Channel = name
		}
		if p.Seller == "" {
			p.Seller = c.Seller
		}
		c.Parties[name] = p
	}
}

// troubles are what can hinder a parcel, as schemas names it; caredFor those that pass by themselves least.
var (
	troubles = append([]string{"late", "attempt"}, caredFor...)
	caredFor = []string{"promise", "held", "address", "refused", "not_collected", "customs", "damaged", "lost", "returning"}
)
