// Package config holds every setting of Waybill: one YAML file, environment variables above it, flags above those, and
// defaults beneath. A key stands here once, with its unit at the end of its name, its bounds and its meaning; what is not
// here is refused by name.
//
// It knows nothing of what the settings are used for and imports nothing else of Waybill.
package config

// Config is one instance's settings. The tags are the one place where a key is named, bounded and explained.
type Config struct {
	Seller     string `koanf:"seller" pattern:"name" doc:"who owns the parties that name no seller of their own"`
	Data       string `koanf:"data" doc:"folder of all that this instance keeps on disk"`
	Listen     string `koanf:"listen" pattern:"address" doc:"where the doors listen; port 0 takes a free one"`
	OpsListen  string `koanf:"ops_listen" pattern:"address" doc:"where /metrics, /healthz, /readyz and /drain listen; port 0 takes a free one"`
	Instance   string `koanf:"instance" pattern:"name" doc:"name of this process, the same after a restart and different from that of every other instance of the deployment"`
	Deployment string `koanf:"deployment" pattern:"name" doc:"name that all instances which share the work have in common; consumer groups and transactions carry it"`

	Kafka      Kafka            `koanf:"kafka"`
	Registry   Registry         `koanf:"registry"`
	ClickHouse ClickHouse       `koanf:"clickhouse"`
	Limits     Limits           `koanf:"limits"`
	Runner     Runner           `koanf:"runner"`
	Landing    Landing          `koanf:"landing"`
	Trash      Trash            `koanf:"trash"`
	Embedded   Embedded         `koanf:"embedded"`
	Sandbox    Sandbox          `koanf:"sandbox"`
	ERP        ERP              `koanf:"erp"`
	Poll       Poll             `koanf:"poll"`
	Expect     Expect           `koanf:"expect"`
	Sweep      Sweep            `koanf:"sweep"`
	Tracking   Tracking         `koanf:"tracking"`
	Synthetic  Synthetic        `koanf:"synthetic"`
	Labels     Labels           `koanf:"labels"`
	Parties    map[string]Party `koanf:"parties"`

	origins map[string]origin // of the keys that are not default
}

// Kafka is the cluster that carries everything.
type Kafka struct {
	Brokers     []string `koanf:"brokers" pattern:"address" doc:"host:port of the brokers to start with; none: the embedded one"`
	Partitions  int      `koanf:"partitions" min:"1" max:"1000" doc:"partitions of each topic that is created; can not change afterwards, because keys would move"`
	Replication int      `koanf:"replication" min:"0" max:"9" doc:"copies of each topic that is created; 0: as the broker has it configured"`
	TLS         TLS      `koanf:"tls"`
	SASL        SASL     `koanf:"sasl"`
}

// TLS is how a connection is encrypted. A certificate is always verified. Its files, and those of passwords, are read again for
// every new connection, so that they can be exchanged without a restart.
type TLS struct {
	Enabled    bool   `koanf:"enabled" doc:"encrypt the connection"`
	CAFile     string `koanf:"ca_file" doc:"PEM file of the authorities that are trusted; none: those of the system"`
	CertFile   string `koanf:"cert_file" doc:"PEM file of the certificate this client shows, and of those that lead to its authority"`
	KeyFile    string `koanf:"key_file" doc:"PEM file of that certificate's private key"`
	ServerName string `koanf:"server_name" doc:"name the other side's certificate must have; none: the host it is reached by"`
}

// SASL is how this client proves to the brokers who it is.
type SASL struct {
	Mechanism    string `koanf:"mechanism" oneof:",plain,scram-sha-256,scram-sha-512" doc:"plain, scram-sha-256 or scram-sha-512; none: no authentication"`
	User         string `koanf:"user" doc:"name to authenticate with"`
	Password     Secret `koanf:"password" doc:"password to authenticate with"`
	PasswordFile string `koanf:"password_file" doc:"file that holds that password"`
}

// Registry is the schema registry, which speaks Confluent's API.
type Registry struct {
	URL          string `koanf:"url" pattern:"url" doc:"http(s) address of the schema registry; none: the embedded one"`
	User         string `koanf:"user" doc:"name to authenticate with"`
	Password     Secret `koanf:"password" doc:"password to authenticate with"`
	PasswordFile string `koanf:"password_file" doc:"file that holds that password"`
	TLS          TLS    `koanf:"tls"`
}

// ClickHouse is where every event lands.
type ClickHouse struct {
	DSN             string `koanf:"dsn" pattern:"dsn" doc:"clickhouse:// or http(s):// address with the database as its path; none: the embedded engine"`
	User            string `koanf:"user" doc:"name to authenticate with"`
	Password        Secret `koanf:"password" doc:"password to authenticate with"`
	PasswordFile    string `koanf:"password_file" doc:"file that holds that password"`
	TLS             TLS    `koanf:"tls"`
	QuerySecondsMax int    `koanf:"query_seconds_max" min:"1" max:"3600" doc:"longest that a query of a person may take, in seconds"`
}

// Limits are those of the doors.
type Limits struct {
	BodyBytesMax         int `koanf:"body_bytes_max" min:"1024" max:"5242880" doc:"longest payload of one order, in bytes; orders.raw takes no longer one"`
	WebhookBytesMax      int `koanf:"webhook_bytes_max" min:"1024" max:"5242880" doc:"longest body of one webhook once inflated, in bytes"`
	FeedBytesMax         int `koanf:"feed_bytes_max" min:"1024" max:"268435456" doc:"longest body of one feed request once inflated, in bytes"`
	FeedDocumentsMax     int `koanf:"feed_documents_max" min:"1" max:"1000000" doc:"most orders in one feed request"`
	RequestsPerSecondMax int `koanf:"requests_per_second_max" min:"1" max:"1000000" doc:"requests of one party that are let in each second"`
	RequestBurstMax      int `koanf:"request_burst_max" min:"1" max:"1000000" doc:"requests of one party that may come at once"`
	RequestsInFlightMax  int `koanf:"requests_in_flight_max" min:"1" max:"100000" doc:"requests worked on at a time at one door, of all parties"`
	InFlightBytesMax     int `koanf:"in_flight_bytes_max" min:"1024" max:"17179869184" doc:"bytes of the bodies worked on at a time at one door, of all parties; it bounds the memory of the doors"`
	DrainSecondsMax      int `koanf:"drain_seconds_max" min:"0" max:"604800" doc:"how long the pipeline may need for what waits in it, in seconds; beyond, the feed and the order API are told to come again later, webhooks are still taken; 0: no bound"`
	ConnectionsMax       int `koanf:"connections_max" min:"1" max:"1000000" doc:"connections open at a time"`
	HeaderBytesMax       int `koanf:"header_bytes_max" min:"1024" max:"1048576" doc:"longest header of a request, in bytes"`
	ReadSecondsMax       int `koanf:"read_seconds_max" min:"1" max:"3600" doc:"longest that a request may take to arrive, in seconds"`
	StoreSecondsMax      int `koanf:"store_seconds_max" min:"1" max:"600" doc:"longest that a door waits for the broker to store a request, in seconds"`
}

// Runner is how steps work.
type Runner struct {
	BatchRecordsMax      int  `koanf:"batch_records_max" min:"1" max:"1000000" doc:"most records in one transaction of a step"`
	BatchMillisecondsMax int  `koanf:"batch_milliseconds_max" min:"1" max:"5000" doc:"longest that a transaction of a step gathers records, in milliseconds"`
	Standby              bool `koanf:"standby" doc:"keep a copy of what steps remember of the partitions that this process would take over from another one, so that it takes no time; each row is written twice"`
	AttemptsMax          int  `koanf:"attempts_max" min:"1" max:"100" doc:"how often a message is tried before it goes to the trash"`
}

// Landing is how blocks of records are cut for ClickHouse.
type Landing struct {
	BlockRowsMax         int `koanf:"block_rows_max" min:"1" max:"10000000" doc:"most rows in one insert"`
	BlockMillisecondsMax int `koanf:"block_milliseconds_max" min:"10" max:"60000" doc:"longest that an insert gathers rows, in milliseconds"`
	BlockBytesMax        int `koanf:"block_bytes_max" min:"1048576" max:"1073741824" doc:"most bytes of record values in one insert"`
}

// Trash is by when people have to have mended what failed, and who hears of it if they have not.
type Trash struct {
	DueHours        int      `koanf:"due_hours" min:"1" max:"8760" doc:"hours after its arrival by which an entry has to be closed whose order names no time to ship by"`
	DueHoursByClass []string `koanf:"due_hours_by_class" pattern:"class_hours" doc:"the same for classes that differ, each as CLASS=HOURS: in_doubt=4"`
	Escalation      []string `koanf:"escalation" pattern:"escalation" doc:"who is responsible once an entry is overdue by so much, each as AFTER=WHO: 4h=lead"`
}

// Embedded is the stack inside one machine.
type Embedded struct {
	Sync    bool   `koanf:"sync" doc:"write each record through to the disk before it is acknowledged, against loss of power; slow"`
	Libchdb string `koanf:"libchdb" doc:"file of the ClickHouse engine's library; none: where make build left it"`
}

// Sandbox is the generator of orders.
type Sandbox struct {
	Enabled bool `koanf:"enabled" doc:"offer generated marketplaces to play with"`
}

// ERP is the system that owns the orders.
type ERP struct {
	System         string `koanf:"system" oneof:",odoo,sandbox,tryton" doc:"what kind of system it is: odoo, sandbox or tryton; none: no orders are placed, except in the sandbox that 'waybill up' plays"`
	URL            string `koanf:"url" pattern:"url" doc:"http(s) address of its API; of Odoo and Tryton with the database: http://HOST:8000/DATABASE/"`
	User           string `koanf:"user" doc:"user to authenticate as, where the system asks for one"`
	Token          Secret `koanf:"token" doc:"token to authenticate with, or that user's password or API key"`
	TokenFile      string `koanf:"token_file" doc:"file that holds that token"`
	CallsPerSecond int    `koanf:"calls_per_second" min:"0" max:"100000" doc:"most calls a second; 0: as the system is known to allow"`

	CustomersKnownSeconds int `koanf:"customers_known_seconds" min:"0" max:"86400" doc:"how long the ERP is not asked again for a buyer it has named, in seconds; 0: it is asked for each order"`

	WebhookSecret     Secret `koanf:"webhook_secret" doc:"what its webhooks to /webhooks/erp are signed with (Standard Webhooks), or show as a bearer token: each has it asked at once what is ready; none: it is asked every few seconds alone"`
	WebhookSecretFile string `koanf:"webhook_secret_file" doc:"file that holds that secret"`
	WebhookAuth       string `koanf:"webhook_auth" oneof:",signature,token" doc:"token: its webhooks show the secret itself, because it can not sign"`
}

// Expect is how soon things have to come, before it is said that they are missing.
type Expect struct {
	ReadyHours    int `koanf:"ready_hours" min:"0" max:"8760" doc:"hours until a channel has to say that an order can be processed, from when it was first heard of; 0: nobody waits for that"`
	PlacedMinutes int `koanf:"placed_minutes" min:"0" max:"525600" doc:"minutes until the ERP has to have an order, from when it is ready; 0: nobody waits for that"`

	SettledMinutes int `koanf:"settled_minutes" min:"0" max:"525600" doc:"minutes until an order that is ready has to be accepted or rejected at its channel, one way or the other; until then it stands as provisional; 0: nobody waits for that"`

	CreditedDays int `koanf:"credited_days" min:"0" max:"3650" doc:"days until a carrier has to have settled a label that was taken back: given its money back, or never asked for it; 0: nobody waits for that"`

	ConfirmedMinutes int `koanf:"confirmed_minutes" min:"0" max:"525600" doc:"minutes until a party has to confirm what it was told or asked for of an order, such as a label, a print or a status, from when that was asked for; 0: nobody waits for that"`

	ShippedSeconds int `koanf:"shipped_seconds" min:"0" max:"31536000" doc:"seconds until a channel has to confirm the number of a parcel that has its label, from when it is to be told; 0: nobody waits for that"`
}

// Poll is how often accounts that are called are asked what happened there.
type Poll struct {
	EverySeconds int `koanf:"every_seconds" min:"-1" max:"86400" doc:"how often each account that is called is asked what happened there; 0: as suits its channel, -1: never"`
}

// Sweep is how what never came is looked for, at the accounts that are called.
type Sweep struct {
	EverySeconds int `koanf:"every_seconds" min:"0" max:"86400" doc:"how often each account that is called is asked what changed there, to find what never came; 0: never"`
	WindowHours  int `koanf:"window_hours" min:"1" max:"1440" doc:"how far back that is looked for, in hours"`
}

// Tracking is how parcels are followed.
type Tracking struct {
	EverySeconds   int      `koanf:"every_seconds" min:"0" max:"604800" doc:"how often a carrier is asked for a parcel that is on its way, whatever it pushes; 0: never"`
	FirstScanHours int      `koanf:"first_scan_hours" min:"0" max:"8760" doc:"hours until a parcel that has its label has to be seen by its carrier; 0: nobody waits for that"`
	SilenceHours   int      `koanf:"silence_hours" min:"0" max:"8760" doc:"hours after which a parcel of which nothing new was heard is missed; 0: nobody waits for that"`
	Care           []string `koanf:"care" pattern:"trouble" doc:"what of a parcel's troubles a person has to look at: each makes an entry of the trash, once for a parcel: late, promise (it is expected after its buyer was promised), held, attempt, address, refused, not_collected, customs, damaged, lost, returning"`
	UnmatchedHours int      `koanf:"unmatched_hours" min:"1" max:"8760" doc:"hours that what is said of a parcel waits for the shipment whose it is; after them it goes to the trash"`
}

// Synthetic are orders that nobody placed, to see whether orders go through.
type Synthetic struct {
	EverySeconds int `koanf:"every_seconds" min:"0" max:"86400" doc:"how often processes with doors send one, and those with the landing look whether it arrives; 0: never"`
}

// Labels are where the labels of parcels are kept, and how long.
type Labels struct {
	URL      string `koanf:"url" pattern:"bucket" doc:"bucket in which labels are kept: s3://NAME, gs://NAME (Google), azblob://CONTAINER (Azure), file:///FOLDER or mem://; none: a folder of the data. Credentials stand where its provider looks for them"`
	Link     string `koanf:"link" pattern:"url" doc:"http(s) address in front of a label's SHA-256 where people find it: the ERP is told; none: it is told of no link"`
	KeepDays int    `koanf:"keep_days" min:"1" max:"3650" doc:"days for which a label can be printed again"`
}

// Party is one configured account of one outside system.
type Party struct {
	Carrier  string   `koanf:"carrier" doc:"the carrier, of an account that books parcels; none: it is an account that sells"`
	Printer  string   `koanf:"printer" oneof:",raw,ipp" doc:"how it is spoken to, of a printer: raw (TCP port 9100) or ipp; none: it is none"`
	Channel  string   `koanf:"channel" doc:"the marketplace or shop system; none: the party's own name, unless it is a carrier or a printer"`
	Seller   string   `koanf:"seller" doc:"who owns this account; none: the seller above"`
	Settings Settings `koanf:"settings" doc:"what the channel's connector asks for"`
}
