"""Words for what is wrong with a card's design: they are read by whoever draws it, and say what to change."""

from __future__ import annotations

from collections.abc import Mapping

from kiosk.words.shape import ASK_ADMINISTRATOR, Words

_MEND = "Perbaiki berkasnya, lalu unggah lagi."

DESIGN_FAULTS: Mapping[str, Words] = {
    # the folder and its files
    "design_missing": Words(
        "Rancangan tidak ada",
        "Folder rancangan {about} tidak ada di pemasangan ini.",
        "Pilih rancangan lain, atau unggah lagi.",
    ),
    "design_changed": Words(
        "Rancangan berubah",
        "Berkas rancangan {about} bukan lagi yang dulu diperiksa.",
        "Periksa dan pakai lagi rancangannya, atau pilih rancangan lain.",
    ),
    "design_name_malformed": Words(
        "Nama rancangan tidak dapat dipakai",
        "Nama hanya huruf kecil, angka, dan garis bawah, 2 sampai 40 tanda, dimulai dengan huruf.",
        "Misalnya: huma_betang_2027.",
    ),
    "design_name_taken": Words(
        "Nama sudah dipakai",
        "Rancangan {about} sudah ada, dan yang sudah dipakai mencetak tidak boleh berubah.",
        "Beri nama baru, misalnya dengan tahun atau nomor.",
    ),
    "design_archive_unreadable": Words(
        "Berkas ZIP tidak terbaca", "Berkas ini bukan ZIP biasa, rusak, atau berkata sandi.", "Buat ZIP-nya lagi."
    ),
    "design_file_missing": Words(
        "Berkas {about} tidak ada", "Setiap rancangan mempunyai card.html dan card.css.", _MEND
    ),
    "design_file_unknown": Words(
        "Berkas {about} tidak diterima",
        "Rancangan hanya berisi card.html, card.css, dan gambar SVG, PNG, atau JPEG, semua dalam satu folder; "
        "nama berkas tanpa spasi.",
        "Keluarkan berkas itu, lalu unggah lagi.",
    ),
    "design_not_text": Words("{about} tidak terbaca", "Isinya bukan teks UTF-8.", "Simpan lagi sebagai UTF-8."),
    "design_too_large": Words(
        "Rancangan terlalu besar",
        "Paling banyak 40 berkas dan 8 MB; card.html dan card.css masing-masing 256 KB. Yang melebihi: {about}.",
        "Perkecil gambarnya.",
    ),
    # what stands in them
    "design_side_missing": Words(
        "Sisi kartu tidak lengkap",
        'Di dalam <body> harus ada dua bagian saja: <section class="front">, lalu <section class="back">. Yang tidak '
        "ada di tempatnya: {about}.",
        _MEND,
    ),
    "design_field_unknown": Words(
        "Isian {about} tidak dikenal", "Tidak ada isian kartu dengan nama itu.", "Periksa ejaan data-field."
    ),
    "design_field_missing": Words(
        "Isian {about} tidak ada",
        "Setiap kartu wajib memuat isian ini.",
        'Tambahkan unsur dengan data-field="{about}".',
    ),
    "design_field_twice": Words(
        "Isian {about} lebih dari satu", "Isian ini hanya boleh ada satu di seluruh kartu.", "Hapus yang berlebih."
    ),
    "design_field_mixed": Words(
        "Isian {about} tercampur",
        "Di dalam satu baris hanya boleh ada tulisan dan isian teks (<span data-field=…>), tanpa unsur lain.",
        "Beri setiap bagian barisnya sendiri.",
    ),
    "design_field_not_shown": Words(
        "Isian {about} tidak tampak", "Isian ini disembunyikan oleh CSS.", "Hapus display: none atau sejenisnya."
    ),
    "design_field_rule": Words(
        "Aturan muat tidak terbaca: {about}", 'Nilainya harus angka, misalnya data-lines="2".', "Periksa angkanya."
    ),
    "design_field_style": Words(
        "Gaya isian tidak dapat dicetak: {about}",
        "Isian ditulis dengan Plus Jakarta Sans tebal 500, 700, atau 800, tegak, tanpa garis, bayangan, atau putaran.",
        "Hapus gaya itu dari isian.",
    ),
    "design_field_without_width": Words(
        "Isian {about} tanpa lebar", "Tempat isian harus mempunyai lebar, supaya teks panjang diatur.", "Isi width."
    ),
    "design_element_forbidden": Words(
        "Unsur {about} tidak boleh dipakai",
        "Rancangan hanya memakai teks, gambar, dan bentuk SVG: tanpa skrip, bingkai, formulir, atau lampiran.",
        "Hapus unsur itu.",
    ),
    "design_css_forbidden": Words(
        "{about} tidak boleh dipakai",
        "Tata letak flex dan grid, @import, @font-face, dan @page tidak dipakai di kartu.",
        "Letakkan bagiannya dengan position: absolute; huruf yang tersedia ialah Plus Jakarta Sans.",
    ),
    "design_address_outside": Words(
        "Alamat luar: {about}",
        "Rancangan hanya memuat berkas di foldernya sendiri: tidak dari internet, komputer, atau alamat data:.",
        "Simpan gambarnya di folder rancangan dan tulis namanya saja.",
    ),
    "design_picture_missing": Words(
        "Gambar {about} tidak ada", "Berkas ini disebut di rancangan, tetapi tidak ada di foldernya.", _MEND
    ),
    "design_picture_broken": Words(
        "Gambar {about} tidak dapat dibaca",
        "Isinya rusak atau bukan jenis yang disebut namanya.",
        "Simpan lagi gambarnya.",
    ),
    "design_picture_too_large": Words(
        "Gambar {about} terlalu besar", "Paling besar 6 juta piksel.", "Perkecil; kartu hanya 1.012 × 638 titik."
    ),
    # what comes of it
    "design_not_drawable": Words(
        "Rancangan tidak dapat digambar", "Ada bagian yang tidak dimengerti: {about}.", "Sederhanakan bagian itu."
    ),
    "design_text_does_not_fit": Words(
        "Isian {about} tidak muat",
        "Teks terpanjang yang mungkin tidak muat di tempatnya, juga setelah dirapatkan dan dikecilkan.",
        "Perbesar tempatnya, tambah barisnya (data-lines), atau perkecil huruf terkecilnya (data-smallest).",
    ),
    "design_words_missing": Words(
        "Tulisan wajib tidak ada", "Setiap kartu harus bertuliskan “{about}”.", "Tambahkan tulisan itu."
    ),
    "design_outside_safe_area": Words(
        "Terlalu dekat ke tepi: {about}",
        "Tulisan, foto, dan kode harus berjarak paling sedikit 3 mm dari tepi kartu.",
        "Geser ke dalam.",
    ),
    "design_words_pale": Words(
        "Tulisan tidak terlihat: {about}",
        "Warnanya hampir sama dengan latarnya, atau tertutup gambar.",
        "Gelapkan tulisannya, atau terangkan latarnya.",
    ),
    "design_fields_overlap": Words(
        "Isian bertumpuk: {about}", "Tempat dua isian saling menutupi.", "Pisahkan tempatnya."
    ),
    "design_code_size": Words(
        "Ukuran kode tidak tepat",
        "Tempat kode harus persegi dengan 5 titik 300 dpi setiap modul, yaitu 27,52 mm (78pt), atau 6 titik (93,6pt). "
        "Sekarang: {about}.",
        "Ubah lebar dan tingginya.",
    ),
    "design_code_off_grid": Words(
        "Kode tidak tepat di titik cetak",
        "Letak dan ukuran kode harus kelipatan 0,24pt (satu titik pada 300 dpi).",
        "Bulatkan left, top, width, dan height-nya.",
    ),
    "design_code_crowded": Words(
        "Sekitar kode tidak bersih: {about}",
        "Di sekeliling kode harus ada 4 modul (7,2pt) putih atau hampir putih, tanpa tulisan dan gambar.",
        "Beri kode alas putih yang lebih lebar.",
    ),
    "design_code_unreadable": Words(
        "Kode tidak terbaca: {about}",
        "Kode pada gambar kartu tidak dapat dipindai.",
        "Beri kode alas putih, dan jauhkan gambar lain.",
    ),
    "design_ways_differ": Words(
        "Cetakan tidak sama dengan rancangan: {about}",
        "Yang dicetak ialah isian di atas semua gambar, tanpa efek CSS; pada rancangan ini sisi itu tampak lain.",
        "Letakkan gambar sebelum isian di card.html, dan hapus efek (opacity, transform, overflow) di sekitar isian.",
    ),
    # the process that draws
    "took_too_long": Words(
        "Terlalu lama",
        "Penggambaran dihentikan karena melebihi batas waktunya.",
        "Coba sekali lagi; bila berulang, sederhanakan rancangannya atau bagi daftarnya.",
    ),
    "took_too_much_memory": Words(
        "Terlalu besar",
        "Penggambaran dihentikan karena melebihi batas memorinya.",
        "Kecilkan gambarnya, atau bagi daftarnya.",
    ),
    "worker_died": Words(
        "Penggambaran terhenti", "Proses yang menggambar berhenti sendiri ({about}).", ASK_ADMINISTRATOR
    ),
}
