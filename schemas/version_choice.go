package schemas

import (
	_ "embed"
	"encoding/hex"
)

// VersionChoice is which version of a subject's schema is written.
type VersionChoice struct {
	Subject     string `avro:"subject"`
	Version     int32  `avro:"version"`     // as the registry counts them
	Fingerprint string `avro:"fingerprint"` // of its definition, as FingerprintText gives it
	At          Millis `avro:"at"`
	By          string `avro:"by"`
	Reason      string `avro:"reason"`
}

// FingerprintText is a fingerprint as it is written down: of the SHA-256 of the definition's canonical form (Avro specification,
// "Parsing Canonical Form for Schemas") the first 64 bits, in hexadecimal. They tell apart what we released, and prove nothing.
func FingerprintText(sum [32]byte) string { return hex.EncodeToString(sum[:8]) }

//go:embed version_choice.avsc
var versionChoiceText string

// VersionChoiceSchema is the schema of versions.
var VersionChoiceSchema = parse[VersionChoice]("version_choice", versionChoiceText)
