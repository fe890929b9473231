package schemas

import _ "embed"

// Instance is a process that runs, and what it can read.
type Instance struct {
	Instance  string   `avro:"instance"`
	Parts     []string `avro:"parts"`
	Host      string   `avro:"host"`
	PID       int32    `avro:"pid"`
	Program   string   `avro:"program"` // its version
	StartedAt Millis   `avro:"started_at"`
	At        Millis   `avro:"at"`
	Reads     []string `avro:"reads"` // fingerprints of the definitions it has, as FingerprintText gives them
	Mappings  []string `avro:"mappings"`
}

//go:embed instance.avsc
var instanceText string

// InstanceSchema is the schema of instances.
var InstanceSchema = parse[Instance]("instance", instanceText)
