package server

import (
	"iter"

	"waybill/internal/sandbox/erp"
	"waybill/internal/sandbox/parcel"
)

// ParcelTruth is what became of a parcel at its carrier, and who was told.
type ParcelTruth = parcel.Truth

// ParcelTruths are those of a carrier's parcels, in the order in which they were booked; none of who is no carrier.
func (s *Server) ParcelTruths(carrier string) iter.Seq[ParcelTruth] {
	book := s.parcelBooks()[carrier]
	if book == nil {
		return func(func(ParcelTruth) bool) {}
	}
	return book.Truths
}

// ERPTracking is what the ERP knows of each parcel.
func (s *Server) ERPTracking() []erp.Tracking { return s.erp.Trackings() }
