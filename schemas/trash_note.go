package schemas

import _ "embed"

// TrashNote is what people say of an entry of the trash: whose it is, or a comment. It lies beside the entry, so that neither a step that
// tries the message again nor another person can overwrite it.
type TrashNote struct {
	NoteID  string `avro:"note_id"`
	TrashID string `avro:"trash_id"`
	Kind    string `avro:"kind"`  // NoteAssigned or NoteCommented
	Owner   string `avro:"owner"` // of NoteAssigned; "" makes it nobody's
	By      string `avro:"by"`
	Text    string `avro:"text"` // the comment, or why it was assigned; no personal data of customers
	At      Millis `avro:"at"`
	OrderID string `avro:"order_id"` // as the entry has it, like party and seller
	Party   string `avro:"party"`
	Seller  string `avro:"seller"`
}

// Kinds of note.
const (
	NoteAssigned  = "assigned"
	NoteCommented = "commented"
)

// OwnerNoteID is the one note that says whose an entry is: the last one holds.
func OwnerNoteID(trashID string) string { return trashID + "/owner" }

//go:embed trash_note.avsc
var trashNoteText string

// TrashNoteSchema is the schema of trash.notes.
var TrashNoteSchema = parse[TrashNote]("trash_note", trashNoteText)
