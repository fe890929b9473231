package amazon

// What the shop sells, and what people write.

var titles = []string{
	"Echo Dot (4th Gen) | Smart speaker with Alexa | Charcoal", "Edelstahl-Schraube M6×20 A2 (100 Stück)", "Kaffeemühle 120 W / Größe „M“",
	"Couteau de cuisine – 20 cm, « L'Éminceur »", "Moka per caffè, 6 tazze – città d'origine: Forlì", "Jamón ibérico (½ kg) & caña",
	"4K対応 ストリーミングメディアプレーヤー", "モバイルバッテリー 10000mAh【PSE認証済】", "Kubek ceramiczny \"Łoś\" 330 ml", "Winter coat, size <XL>, 100% \\ wool",
	"Bugatti Chiron 42083 🏎️", "USB‑C Charger 65 W • GaN",
}

var skuPrefixes = []string{"GRÖSSE-", "商品-", "Łoś/", "a b ", "SKU,\""}

var conditions = []*condition{
	{"NEW", "NEW", ""},
	{"NEW", "NEW", ""},
	{"NEW", "NEW", ""},
	{"NEW", "NEW", "Brand new, sealed in original packaging"},
	{"USED", "VERY_GOOD", "Kleine Kratzer – siehe Foto"},
	{"USED", "ACCEPTABLE", "箱に傷みあり"},
	{"REFURBISHED", "REFURBISHED", ""},
}

var promotions = []string{"UK-BOXING-DAY-2024", "PROMO-HOLIDAY-2024", "Coupon – Sparen Sie 5 %", "タイムセール"}

var reasons = []string{"Changed mind about purchase", "Buyer requested cancellation", "NoInventory", "Lieferadresse war falsch", "間違えて購入"}

var messages = []string{
	"Happy Christmas! 🎄 Hope you enjoy it.", "Alles Gute, Käthe!\nDeine Tante", "Joyeux Noël à « toi »", "お誕生日おめでとう", "C:\\gift <b>& more</b>", "",
}

var instructions = []string{
	"Enter through main lobby, ask at reception", "Hinterhof, 2. Tür links (Klingel \"Öz\")", "Digicode : 12A45\n2e étage", "呼び鈴を二回鳴らしてください", "",
}

var extras = []string{"Unit 4B", "c/o Größlein", "Hinterhaus, 3. OG", "Apt. 7 / Bldg. C", "2階", "Escalier D, porte gauche", "Packstation? Nein, Haustür!", "Int. 5 – scala B"}
