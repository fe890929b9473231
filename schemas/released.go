package schemas

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
)

// released holds every version that ever went out, as <name>.<version>.avsc. They are never edited: what one of them wrote
// must stay readable (invariant 7).
//
//go:embed released/*.avsc
var released embed.FS

// All is every schema that flows.
func All() []Any {
	return []Any{
		RawOrderSchema, RawTrackingSchema, ERPRawSchema, OrderSchema, FetchTaskSchema, RequestKeySchema, CatalogueEntrySchema, LinkSchema, MappingChoiceSchema,
		VersionChoiceSchema, InstanceSchema, TaskSchema, LedgerRowSchema, GatewayStatusSchema,
		TrashEntrySchema, TrashJobSchema, TrashNoteSchema, RepairRunSchema, RowSchema, OrderVersionsSchema, OrderPlacingSchema,
		AcknowledgementSchema, OrderAcceptanceSchema, MissingSchema, ReceiptSchema,
		ShipmentSchema, OrderShippingSchema, OrderBookingSchema, OrderDispatchSchema,
		ParcelTrackSchema, ParcelEventSchema, ParcelDueSchema, AskingRoundSchema, OrderAnnouncingSchema, DeliverySchema, OrderCareSchema,
	}
}

// releasedTexts are the versions of a schema by their number, which has no gap.
func releasedTexts(name string) (texts []string) {
	for n := 1; ; n++ {
		text, err := released.ReadFile(fmt.Sprintf("released/%s.%d.avsc", name, n))
		if errors.Is(err, fs.ErrNotExist) {
			return texts
		}
		if err != nil {
			panic(err) // the file is embedded
		}
		texts = append(texts, string(text))
	}
}
