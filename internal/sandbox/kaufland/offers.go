package kaufland

// What the shop sells, and what people write.

var titles = []string{
	"Apple iPhone 12 mini 64GB Schwarz", "Duschkabine 90×90 cm, Größe „L“", "Edelstahl-Schraube M6×20 (100 Stück)", "Sada <3 ks> kuchyňských nožů & prkénko",
	"Zimní boty vel. 42½ – hnědé", "Rýchlovarná kanvica 1,7 l", "Młynek żarnowy do kawy 120W / stal", "Kubek ceramiczny \"Łoś\" 330 ml",
	"Couteau d'office « L'Éminceur »", "Caffettiera 6 tazze – qualità più", "Plüsch-Einhorn 🦄 30 cm", "USB‑C Ladegerät 65 W • GaN",
}

var manufacturers = []string{"Apple", "Rollplast Pinto", "Größer & Söhne", "Škoda Domácnost", "LEGO®", "", "Żabka"}

var skuPrefixes = []string{"GRÖSSE-", "čaj/", "ŻÓŁĆ ", "TEST-KFL-", "SKU,\""}

var notes = []string{"Some note", "Bitte beim Nachbarn (Öz) abgeben", "Prosím zabalit jako dárek 🎁", "proszę dzwonić\npo 16:00", "C:\\paket <b>ACHTUNG</b>"}

var extras = []string{"Hinterhaus, 3. OG", "c/o Größlein", "1234567", "m. 3", "Bâtiment B – digicode 12A45", "something"}

// reasons of a cancellation, as the specification enumerates them for the seller.
var reasons = []string{
	"BuyerCancelled", "BuyerCancelled", "ShippingAddressUndeliverable", "WrongCatalogData", "GeneralAdjustment", "NoInventory", "DelayedInventory",
	"WrongPrice", "NoReactionBuyer", "UndeliverableRegion",
}
