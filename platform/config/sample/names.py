"""Names as people write them, by where they are common, and the cities they come from."""

from collections.abc import Iterator
from random import Random
from typing import NamedTuple


class City(NamedTuple):
    name: str
    country: str
    zone: str


class Stock(NamedTuple):
    """Names that go together. `order` puts "given", "family" and a second family name ("other") in their place."""

    women: list[str]
    men: list[str]
    families: list[str]
    cities: list[City]
    languages: list[str]
    order: str

    def name(self, chance: Random, woman: bool) -> str:
        family, other = chance.sample(self.families, 2)
        given = chance.choice(self.women if woman else self.men)
        return self.order.format(
            given=given, family=feminine(family) if woman else family.split("/")[0], other=other
        ).replace("_", " ")


def feminine(family: str) -> str:
    """The second form of `Ковальчук/Ковальчук` where families have two."""
    return family.split("/")[-1]


def stock(women: str, men: str, families: str, cities: str, languages: str, order: str = "{given} {family}") -> Stock:
    places = [City(*place.split(":")) for place in cities.split(", ")]
    return Stock(women.split(), men.split(), families.split(), places, languages.split(), order)


FAMILY_FIRST = "{family} {given}"
JOINED = "{family}{given}"

STOCKS = [
    # Africa
    stock(
        "Aïssatou Mariama Fatou Awa Khady Ndèye Coumba Astou",
        "Mamadou Ousmane Cheikh Ibrahima Abdoulaye Modou Alioune Babacar",
        "Diop Ndiaye Fall Sarr Faye Gueye Sow Cissé Diallo Mbaye Seck Thiam",
        "Dakar:SN:Africa/Dakar, Thiès:SN:Africa/Dakar, Bamako:ML:Africa/Bamako, Conakry:GN:Africa/Conakry",
        "fr wo",
    ),
    stock(
        "Wanjiru Achieng Njeri Akinyi Wambui Atieno Nyambura Moraa",
        "Kamau Otieno Mwangi Ochieng Kiprono Njoroge Barasa Kipchoge",
        "Odhiambo Wekesa Karanja Kimani Mutua Cheruiyot Maina Onyango Ouma Nyaga Kariuki Chebet",
        "Nairobi:KE:Africa/Nairobi, Kisumu:KE:Africa/Nairobi, Mombasa:KE:Africa/Nairobi",
        "en sw",
    ),
    stock(
        "Neema Rehema Zawadi Subira Amina Halima Upendo Asha",
        "Juma Baraka Hamisi Salim Rashidi Jabari Elia Daudi",
        "Mushi Massawe Kileo Mrema Lyimo Swai Mollel Komba Shayo Msuya Temba Ngowi",
        "Dar es Salaam:TZ:Africa/Dar_es_Salaam, Dodoma:TZ:Africa/Dar_es_Salaam, Kampala:UG:Africa/Kampala",
        "sw en",
    ),
    stock(
        "Ọlájùmọ̀kẹ́ Fọlákẹ́ Títílayọ̀ Adéọlá Bọ́láńlé Yétúndé Ìyábọ̀ Ọmọ́táyọ̀",
        "Adébọ̀wálé Olúmídé Babátúndé Kọ́lá Túndé Ṣẹ́gun Adékúnlé Ọlátúnjí",
        "Adébáyọ̀ Ògúnlẹ́yẹ Adéyẹmí Ọláníyan Akíntọ́lá Fálétí Ọ̀ṣúntókun Adéwálé Olúwọlé Ajíbádé Adéṣínà Oyèlọ́wọ̀",
        "Lagos:NG:Africa/Lagos, Ìbàdàn:NG:Africa/Lagos, Abuja:NG:Africa/Lagos, Cotonou:BJ:Africa/Porto-Novo",
        "en yo",
    ),
    stock(
        "Nomvula Thandiwe Lindiwe Zanele Nokuthula Ayanda Busisiwe Naledi",
        "Thabo Sipho Bongani Mandla Themba Lwazi Kagiso Tshepo",
        "Nkosi Dlamini Khumalo Mokoena Ndlovu Mahlangu Zulu Molefe Sithole Mthembu Radebe Cele",
        "Johannesburg:ZA:Africa/Johannesburg, Durban:ZA:Africa/Johannesburg, Gaborone:BW:Africa/Gaborone, "
        "Harare:ZW:Africa/Harare",
        "en",
    ),
    stock(
        "ትዕግስት ሰላማዊት ሕይወት ማርታ አልማዝ ብርሃኔ ሳራ ፀሐይ",
        "አበበ ዳዊት ተስፋዬ ብርሃኑ ሰለሞን ዮሐንስ ግርማ ኃይሉ",
        "በቀለ ታደሰ ወልደማርያም ገብረሕይወት ከበደ አለሙ መኮንን ደስታ ዘውዴ አሰፋ ንጉሤ ኪዳኔ",
        "Addis Ababa:ET:Africa/Addis_Ababa, Bahir Dar:ET:Africa/Addis_Ababa, Asmara:ER:Africa/Asmara",
        "am en",
    ),
    stock(
        "Clarisse Solange Mireille Nadège Odile Brigitte Estelle Rosalie",
        "Serge Alain Fabrice Thierry Blaise Parfait Désiré Honoré",
        "Mbarga Nkoulou Tchoumi Kamdem Fotso Essomba Ngo Abena Owona Mballa Tagne Bella",
        "Douala:CM:Africa/Douala, Dschang:CM:Africa/Douala, Kinshasa:CD:Africa/Kinshasa, "
        "Libreville:GA:Africa/Libreville",
        "fr en",
    ),
    stock(
        "Voahangy Lalao Hanitra Noro Fara Mialy Tiana Vololona",
        "Hery Rivo Andry Tojo Mamy Lova Solofo Naina",
        "Rakotomalala Rasoanaivo Andriamanitra Randrianasolo Rabemananjara Raharimanana Rajaonarison Ramanantsoa "
        "Razafindrakoto Andrianarivo Ratsimba Rabarison",
        "Antananarivo:MG:Indian/Antananarivo, Fianarantsoa:MG:Indian/Antananarivo",
        "fr",
    ),
    stock(
        "Uwimana Ingabire Mukamana Umutoni Nyirahabimana Iradukunda Mutesi Kayitesi",
        "Habimana Mugisha Nshimiyimana Ndayisaba Kagabo Bizimana Niyonzima Hakizimana",
        "Jeanne Claudine Eric Olive Patrick Diane Emmanuel Solange Jean-Paul Vestine Aimable Chantal",
        "Kigali:RW:Africa/Kigali, Bujumbura:BI:Africa/Bujumbura",
        "en fr sw",
        "{given} {family}",
    ),
    # Arab States
    stock(
        "ليلى سلمى نور رنا هدى مريم دانا يارا",
        "أحمد خالد سامر يوسف كريم طارق عمر زياد",
        "حدّاد الخطيب العلي نصّار الزعبي شاهين قاسم منصور عبّود الأيوبي درويش سليمان",
        "Amman:JO:Asia/Amman, Irbid:JO:Asia/Amman, Beirut:LB:Asia/Beirut, Baghdad:IQ:Asia/Baghdad",
        "ar en",
    ),
    stock(
        "فاطمة خديجة سناء نجاة إيمان زينب أسماء حنان",
        "محمد إدريس رشيد عبدالله حسن نبيل مصطفى ياسين",
        "العلوي الإدريسي بنجلون التازي الفاسي برادة بنيوسف الصنهاجي الوزاني المرابط بوعزة الحسني",
        "Rabat:MA:Africa/Casablanca, Tunis:TN:Africa/Tunis, Algiers:DZ:Africa/Algiers",
        "ar fr",
    ),
    stock(
        "منى إنجي شيماء هالة دينا نهى آية رضوى",
        "محمود إبراهيم شريف وليد هشام ماجد أيمن عادل",
        "عبدالرحمن السيد حسين فهمي رشدي زكي غانم صبري لطفي نجيب حمدي عثمان",
        "Cairo:EG:Africa/Cairo, Alexandria:EG:Africa/Cairo, Khartoum:SD:Africa/Khartoum",
        "ar en",
    ),
    stock(
        "موزة شيخة عائشة لطيفة مها نورة ريم حصة",
        "سعيد راشد سلطان فيصل بدر ماجد حمد سالم",
        "المنصوري الكعبي البلوشي الحارثي الشمري القحطاني العتيبي المهيري الدوسري الرواحي الهاجري السويدي",
        "Muscat:OM:Asia/Muscat, Kuwait:KW:Asia/Kuwait, Manama:BH:Asia/Bahrain, Dubai:AE:Asia/Dubai",
        "ar en",
    ),
    # Asia and the Pacific
    stock(
        "さくら 愛 美咲 陽子 直美 由紀 恵 彩",
        "健 大輔 翔太 浩 誠 拓也 亮 学",
        "田中 佐藤 鈴木 高橋 渡辺 伊藤 山本 中村 小林 加藤 吉田 清水",
        "Kobe:JP:Asia/Tokyo, Sendai:JP:Asia/Tokyo, Fukuoka:JP:Asia/Tokyo",
        "ja en",
        FAMILY_FIRST,
    ),
    stock(
        "서연 지우 민서 하은 수빈 예은 지민 유진",
        "도윤 민준 서준 지훈 현우 준호 태윤 성민",
        "김 이 박 최 정 강 조 윤 장 임 한 오",
        "Busan:KR:Asia/Seoul, Daejeon:KR:Asia/Seoul, Incheon:KR:Asia/Seoul",
        "ko en",
        JOINED,
    ),
    stock(
        "美玲 丽华 静 雪梅 婷 晓燕 芳 欣怡",
        "伟 建国 志强 明 俊杰 浩然 磊 文博",
        "林 王 李 张 刘 陈 杨 赵 黄 周 吴 徐",
        "Chengdu:CN:Asia/Shanghai, Shenzhen:CN:Asia/Shanghai, Hangzhou:CN:Asia/Shanghai, Singapore:SG:Asia/Singapore",
        "zh en",
        JOINED,
    ),
    stock(
        "अनीता प्रिया सुनीता काव्या मीरा दीपिका नेहा पूजा",
        "राजेश अमित विकास संजय अर्जुन रोहित मनोज सुरेश",
        "शर्मा वर्मा गुप्ता मिश्रा यादव सिंह त्रिपाठी जोशी पांडेय अग्रवाल चौहान भट्ट",
        "Jaipur:IN:Asia/Kolkata, Bhopal:IN:Asia/Kolkata, Lucknow:IN:Asia/Kolkata, Kathmandu:NP:Asia/Kathmandu",
        "hi en",
    ),
    stock(
        "Kavitha Lakshmi Meenakshi Anjali Deepa Revathi Sangeetha Priya",
        "Arun Karthik Senthil Vijay Murali Prakash Ganesh Bala",
        "Subramaniam Iyer Raghavan Krishnan Narayanan Pillai Menon Nair Reddy Rao Fernando Perera",
        "Chennai:IN:Asia/Kolkata, Kochi:IN:Asia/Kolkata, Colombo:LK:Asia/Colombo",
        "en hi",
    ),
    stock(
        "আয়েশা ফারহানা নুসরাত তাসনিম শাহনাজ রুমানা সাবিনা মৌসুমী",
        "রফিকুল কামাল হাসান জাহিদ মাহমুদ শফিক তানভীর আরিফ",
        "রহমান ইসলাম হোসেন আহমেদ চৌধুরী খান করিম আলম সরকার মিয়া হক উদ্দিন",
        "Dhaka:BD:Asia/Dhaka, Khulna:BD:Asia/Dhaka, Chattogram:BD:Asia/Dhaka",
        "bn en",
    ),
    stock(
        "عائشہ زینب فاطمہ صائمہ نادیہ حرا ماریہ ثنا",
        "عمران فیصل بلال کاشف حمزہ عدنان شاہد وقاص",
        "خان ملک قریشی چوہدری صدیقی بٹ شیخ راجپوت مرزا انصاری گیلانی لودھی",
        "Lahore:PK:Asia/Karachi, Karachi:PK:Asia/Karachi, Quetta:PK:Asia/Karachi",
        "ur en",
    ),
    stock(
        "สุดา มาลี อรุณี พิมพ์ใจ วิภา นภา ศิริพร กมลา",
        "สมชาย ประเสริฐ วิชัย อนันต์ ธนา กิตติ ณัฐพล ชัยวัฒน์",
        "ใจดี ศรีสุข วงศ์สวัสดิ์ ทองดี แก้วมณี บุญมี สายทอง พงษ์ไพบูลย์ รัตนกุล จันทร์เพ็ญ สุขใจ มั่นคง",
        "Chiang Mai:TH:Asia/Bangkok, Khon Kaen:TH:Asia/Bangkok, Vientiane:LA:Asia/Vientiane",
        "th en",
    ),
    stock(
        "Thị_Hương Thị_Lan Thị_Thảo Thị_Mai Ngọc Linh Thị_Hạnh Thu_Trang",
        "Minh Dũng Hùng Quân Tuấn Sơn Phúc Khánh",
        "Nguyễn Trần Lê Phạm Hoàng Phan Vũ Đặng Bùi Đỗ Hồ Ngô",
        "Đà Nẵng:VN:Asia/Ho_Chi_Minh, Huế:VN:Asia/Ho_Chi_Minh, Cần Thơ:VN:Asia/Ho_Chi_Minh",
        "vi en",
        FAMILY_FIRST,
    ),
    stock(
        "Siti Dewi Ratna Putri Wulan Indah Kartika Ayu",
        "Budi Agus Dwi Eko Rizky Bambang Hendra Yusuf",
        "Santoso Wijaya Pratama Nugroho Hidayat Kusuma Setiawan Lestari Siregar Simanjuntak Hasibuan Saputra",
        "Surabaya:ID:Asia/Jakarta, Bandung:ID:Asia/Jakarta, Makassar:ID:Asia/Makassar, Kuching:MY:Asia/Kuching",
        "id ms en",
    ),
    stock(
        "Mele Sela Litia Lavinia Moana Tānia Sina Ana",
        "Sione Tevita Semisi Mosese Tāne Rāwiri Iosefa Viliami",
        "Tuʻipulotu Faleolo Vainikolo Matehaere Waititi Tamasese Taufa Fonua Leavasa Ngata Kaulave Vunipola",
        "Nukuʻalofa:TO:Pacific/Tongatapu, Apia:WS:Pacific/Apia, Suva:FJ:Pacific/Fiji, Rotorua:NZ:Pacific/Auckland",
        "en",
    ),
    stock(
        "مریم زهرا نسرین شیرین لاله پریسا نرگس آزاده",
        "رضا حسین امیر بهرام کاوه سیاوش مهدی فرهاد",
        "احمدی رضایی کریمی محمدی حسینی صادقی رستمی نوری جعفری کاظمی شریفی یوسفی",
        "Mashhad:IR:Asia/Tehran, Shiraz:IR:Asia/Tehran, Herat:AF:Asia/Kabul, Dushanbe:TJ:Asia/Dushanbe",
        "fa en",
    ),
    stock(
        "Айгерим Динара Жанар Гүлнар Мадина Сәуле Асель Назерке",
        "Нурлан Ерлан Бауыржан Тимур Арман Данияр Қайрат Серік",
        "Ахметов/Ахметова Сейтқали Бекмұратов/Бекмұратова Оспанов/Оспанова Жұмабаев/Жұмабаева Ибраев/Ибраева "
        "Нұрпейісов/Нұрпейісова Сатпаев/Сатпаева Әлімов/Әлімова Тоқтаров/Тоқтарова Мұратов/Мұратова Есенов/Есенова",
        "Almaty:KZ:Asia/Almaty, Bishkek:KG:Asia/Bishkek",
        "kk ru",
    ),
    stock(
        "Dilnoza Gulnora Nilufar Malika Zulfiya Feruza Shahnoza Madina",
        "Aziz Botir Jasur Sherzod Ulugʻbek Rustam Oybek Timur",
        "Karimov/Karimova Rahimov/Rahimova Yusupov/Yusupova Tursunov/Tursunova Nazarov/Nazarova Saidov/Saidova "
        "Qodirov/Qodirova Ergashev/Ergasheva Ismoilov/Ismoilova Hamidov/Hamidova Aliyev/Aliyeva Mirzayev/Mirzayeva",
        "Tashkent:UZ:Asia/Tashkent, Samarkand:UZ:Asia/Samarkand",
        "uz ru",
    ),
    # Eastern Europe
    stock(
        "Юлия Анна Екатерина Ольга Наталья Мария Светлана Ирина",
        "Алексей Дмитрий Сергей Павел Андрей Михаил Иван Николай",
        "Сергеев/Сергеева Иванов/Иванова Кузнецов/Кузнецова Соколов/Соколова Лебедев/Лебедева Морозов/Морозова "
        "Волков/Волкова Зайцев/Зайцева Орлов/Орлова Фёдоров/Фёдорова Белов/Белова Новиков/Новикова",
        "Kazan:RU:Europe/Moscow, Novosibirsk:RU:Asia/Novosibirsk, Minsk:BY:Europe/Minsk",
        "ru en",
    ),
    stock(
        "Оксана Соломія Ганна Ірина Наталка Марія Олена Дарина",
        "Тарас Богдан Андрій Олексій Максим Остап Юрій Михайло",
        "Ковальчук Шевченко Бондаренко Мельник Кравченко Ткаченко Лисенко Гнатюк Савченко Марчук Литвин Захарченко",
        "Lviv:UA:Europe/Kyiv, Poltava:UA:Europe/Kyiv",
        "uk en",
    ),
    stock(
        "ნინო თამარ ანა მარიამ ეკატერინე ქეთევან სალომე ნათია",
        "გიორგი დავით ლევან ირაკლი ზურაბ ნიკოლოზ თორნიკე ვახტანგ",
        "ბერიძე კაპანაძე გელაშვილი მაისურაძე გიორგაძე ლომიძე წერეთელი ხარაძე ჯაფარიძე დოლიძე ნოზაძე კვარაცხელია",
        "Tbilisi:GE:Asia/Tbilisi, Kutaisi:GE:Asia/Tbilisi",
        "en ru",
    ),
    stock(
        "Agnieszka Katarzyna Magdalena Zofia Małgorzata Joanna Ewa Hanna",
        "Piotr Krzysztof Tomasz Michał Łukasz Paweł Wojciech Jan",
        "Kowalski/Kowalska Wiśniewski/Wiśniewska Zieliński/Zielińska Szymański/Szymańska Nowak Wójcik "
        "Kamiński/Kamińska Dąbrowski/Dąbrowska Jankowski/Jankowska Mazur Krawczyk Piotrowski/Piotrowska",
        "Kraków:PL:Europe/Warsaw, Gdańsk:PL:Europe/Warsaw, Vilnius:LT:Europe/Vilnius",
        "pl en",
    ),
    stock(
        "Elena Ioana Mihaela Andreea Simona Alina Raluca Daniela",
        "Andrei Mihai Ștefan Radu Bogdan Cătălin Vlad Ion",
        "Popescu Ionescu Stănescu Dumitrescu Munteanu Țurcanu Constantinescu Rusu Ciobanu Șerban Lungu Drăgan",
        "Cluj-Napoca:RO:Europe/Bucharest, Chișinău:MD:Europe/Chisinau, Tirana:AL:Europe/Tirane",
        "ro en",
    ),
    # Latin America and the Caribbean
    stock(
        "María Lucía Valentina Camila Paula Daniela Ximena Rosario",
        "Diego Andrés Mateo Javier Sebastián Rodrigo Emilio Tomás",
        "Quispe Mamani Condori Huamán Flores Rojas Vargas Chávez Salazar Paredes Rivera Castillo",
        "Cusco:PE:America/Lima, La Paz:BO:America/La_Paz, Quito:EC:America/Guayaquil",
        "es",
        "{given} {family} {other}",
    ),
    stock(
        "Guadalupe Fernanda Ximena Renata Jimena Leticia Adriana Mariana",
        "Alejandro Emiliano Gerardo Raúl Héctor Óscar Iván Ramiro",
        "Hernández García López Ramírez Sánchez Torres Cruz Mendoza Ortega Aguilar Núñez Ibarra",
        "Oaxaca:MX:America/Mexico_City, San José:CR:America/Costa_Rica, Bogotá:CO:America/Bogota, "
        "Montevideo:UY:America/Montevideo",
        "es en",
        "{given} {family} {other}",
    ),
    stock(
        "Beatriz Luana Fernanda Juliana Mariana Letícia Camila Tainá",
        "João Thiago Rafael Lucas Felipe Gustavo Caetano Vinícius",
        "Silva Souza Oliveira Santos Araújo Ferreira Carvalho Gonçalves Barbosa Moreira Nascimento Teixeira",
        "Niterói:BR:America/Sao_Paulo, Recife:BR:America/Recife, Manaus:BR:America/Manaus",
        "pt es",
    ),
    stock(
        "Shanice Keisha Marsha Simone Renée Tamara Nadine Yvette",
        "Andre Marlon Dwayne Kareem Leroy Devon Winston Jerome",
        "Campbell Baptiste Joseph Charles Persaud Ramnarine Alleyne Blackwood Francis Toussaint Pierre Greenidge",
        "Kingston:JM:America/Jamaica, Port of Spain:TT:America/Port_of_Spain, Bridgetown:BB:America/Barbados, "
        "Castries:LC:America/St_Lucia",
        "en fr",
    ),
    # Western Europe and others
    stock(
        "Aino Eeva Hanna Ingrid Astrid Linnea Solveig Freyja",
        "Mikko Jukka Erik Lars Anders Nils Olli Magnus",
        "Heikkilä Virtanen Lindqvist Bergström Håkansson Nygård Mäkinen Johansen Sørensen Korhonen Öberg Ström",
        "Tampere:FI:Europe/Helsinki, Uppsala:SE:Europe/Stockholm, Bergen:NO:Europe/Oslo, Aarhus:DK:Europe/Copenhagen",
        "fi sv en",
    ),
    stock(
        "Claire Élodie Amélie Chloé Anneke Sofie Nathalie Margaux",
        "Julien Étienne Rémi Guillaume Pieter Bram Loïc Mathieu",
        "Dubois Lefèvre Moreau Girard Chevalier Janssens Vermeulen Peeters Favre Rochat Blanchard Fontaine",
        "Bonneville:FR:Europe/Paris, Lyon:FR:Europe/Paris, Ghent:BE:Europe/Brussels, Lausanne:CH:Europe/Zurich",
        "fr nl en",
    ),
    stock(
        "Katharina Lena Johanna Annika Giulia Chiara Francesca Martina",
        "Jonas Felix Lukas Matthias Marco Lorenzo Davide Stefano",
        "Bauer Hoffmann Schneider Krüger Steiner Huber Ricci Conti Moretti Gallo Ferrari Brunner",
        "Graz:AT:Europe/Vienna, Leipzig:DE:Europe/Berlin, Bari:IT:Europe/Rome, Bern:CH:Europe/Zurich",
        "de it en",
    ),
    stock(
        "Inês Marta Leonor Catarina Nuria Carmen Itziar Laia",
        "Duarte Nuno Tiago Vasco Pau Iker Álvaro Joan",
        "Carvalho Pereira Figueiredo Antunes Martins Ibáñez Puig Ferrer Etxeberria Navarro Vidal Lourenço",
        "Oeiras:PT:Europe/Lisbon, Porto:PT:Europe/Lisbon, Girona:ES:Europe/Madrid, Bilbao:ES:Europe/Madrid",
        "pt es en",
    ),
    stock(
        "Ελένη Μαρία Κατερίνα Σοφία Δήμητρα Αναστασία Ιωάννα Χρυσούλα",
        "Γιώργος Νίκος Δημήτρης Κώστας Παναγιώτης Θανάσης Στέλιος Αλέξανδρος",
        "Παπαδόπουλος/Παπαδοπούλου Νικολάου Γεωργίου Οικονόμου Βασιλείου Δημητρίου Καραγιάννης/Καραγιάννη "
        "Αντωνίου Ιωάννου Χατζής/Χατζή Σταύρου Αθανασίου",
        "Thessaloniki:GR:Europe/Athens, Limassol:CY:Asia/Nicosia",
        "el en",
    ),
    stock(
        "נועה תמר יעל מיכל שירה רחל אורית הילה",
        "דוד אורי יונתן איתן עומר אבישי גיל רועי",
        "כהן לוי מזרחי פרץ ביטון אברהם פרידמן שפירא דהן אזולאי רוזן ברק",
        "Haifa:IL:Asia/Jerusalem",
        "he en",
    ),
    stock(
        "Zeynep Elif Ayşe Defne Gülşen Şebnem Özge Çiğdem",
        "Mehmet Emre Mustafa Kerem Barış Oğuz Çağlar Yiğit",
        "Yıldız Demir Kaya Öztürk Şahin Aydın Çelik Güneş Doğan Koç Arslan Yılmaz",
        "İzmir:TR:Europe/Istanbul, Ankara:TR:Europe/Istanbul, Bakı:AZ:Asia/Baku",
        "tr en",
    ),
    stock(
        "Siobhán Megan Charlotte Hannah Olivia Rachel Fiona Ruth",
        "Callum Ethan Oliver Rory Angus Benjamin Noah Fergus",
        "Murphy Mackenzie Thompson Wilson Clarke Byrne Robertson Whitfield Gallagher Hughes Fraser Armstrong",
        "Cork:IE:Europe/Dublin, Dundee:GB:Europe/London, Halifax:CA:America/Halifax, Hobart:AU:Australia/Hobart, "
        "Portland:US:America/Los_Angeles",
        "en",
    ),
]


def everywhere(chance: Random) -> Iterator[Stock]:
    """All of them in turn, in another order each round: every region is there from the first fifty people on."""
    while True:
        yield from chance.sample(STOCKS, len(STOCKS))
