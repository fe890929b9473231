package allegro

// What the shop sells, and what people write to it.

var titles = []string{
	"Nillkin etui do Samsung Galaxy S23 Ultra", "Kubek ceramiczny \"Łoś\" 330 ml", "Młynek żarnowy do kawy 120W / stal",
	"Śruba nierdzewna M6×20 A2 (100 szt.)", "Hrnek s uchem – kočka & myš", "Zimní boty Größe 42, vel. 42½", "Sada <3 ks> kuchyňských nožů",
	"Vlnená deka 140×200 cm, béžová", "Rýchlovarná kanvica 1,7 l", "Őszi kabát, méret: XL", "Fűszerkeverék 5 × 20 g", "Kávéfőző 15 bar",
	"Woda mineralna 1,5 l PET (zgrzewka)", "Sok jabłkowy 0,33 l – puszka", "LEGO® 42083 Bugatti Chiron", "Ładowarka USB‑C 65 W • GaN",
	"Książka „Pan Tadeusz” oprawa twarda", "Zestaw kluczy nasadowych 1/4″–1/2″", "Poduszka 🐑 merino 50×60",
}

var skuPrefixes = []string{"ŻÓŁĆ-", "Größe-", "ΕΛ-", "商品-", "АРТ-", "čaj/"}

var services = []struct {
	definition, name string
	zloty            int
}{
	{"GIFT_WRAP", "Zapakuj na prezent", 6},
	{"CARRY_IN", "Wniesienie", 49},
	{"ASSEMBLY", "Montaż", 120},
	{"EXTENDED_WARRANTY", "Dodatkowa gwarancja", 35},
}

var discountTypes = []string{
	"COUPON", "BUNDLE", "UNIT_PERCENTAGE_DISCOUNT", "WHOLESALE_PRICE_LIST", "LARGE_ORDER_DISCOUNT", "TURNOVER_DISCOUNT", "CAMPAIGN",
}

var messages = []string{
	"Proszę o szybką wysyłkę", "Prosím zabalit jako dárek 🎁", "Kérem, a kaputelefonon: 12-es csengő!", "Poprosím faktúru na firmu",
	"Пожалуйста, позвоните за час до доставки", "Παρακαλώ αφήστε το στον γείτονα", "请放在门口,谢谢", "ポストに入れてください",
	"proszę dzwonić\npo 16:00\t(domofon \"7\")", "C:\\paczka\\ <b>UWAGA</b> & ostrożnie", "👨‍👩‍👧‍👦 dla dzieci ❤️", "Bitte beim Nachbarn Größer abgeben",
}

var notes = []string{
	"Klient stały – dołożyć próbkę", "sprawdzić adres!", "WYSŁAĆ RAZEM z zamówieniem 0012", "zákazník volal, počkat do pondělí",
	"срочно, отдать курьеру до 14:00", "προσοχή: εύθραυστο", "易碎品 ⚠️", "faktura wystawiona ✅", "utánvét rendben", "krehké – sklo",
}
