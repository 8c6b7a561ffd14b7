// Goal: pages that LMDB cannot tell from those that it wrote are told by the check of the
// structure: such as old ones in the place of new ones, from which it answers old data without a
// word.
//
// Method: pages of a closed store's file are replaced, and the file is checked, in a child process
// where LMDB may end it.

#include "less_if_sanitized.hpp"
#include "storage/child_process.hpp"
#include "storage/expectations.hpp"
#include "storage/lmdb/options.hpp"
#include "storage/lmdb/page_file.hpp"
#include "storage/lmdb/raw_file.hpp"
#include "storage/temporary_folder.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <random>
#include <set>
#include <string>
#include <vector>

namespace verso::storage {

namespace {

using lmdb::FileHeader;
using lmdb::PageNumber;
using Findings = std::vector<std::string>;

struct Checked {
    Findings findings;
    bool is_legible = false;
};

Checked check(Storage& storage) {
    Checked checked;
    checked.is_legible =
        storage.check_structure([&](const std::string& where, const std::string& message) {
            checked.findings.push_back(where + ": " + message);
            return true;
        });
    return checked;
}

/// Drops chunks in a transaction of its own, and commits that or not.
void drop_some(WriteTransaction& outer, std::set<ChunkId>& chunks, std::mt19937& random,
               bool is_kept) {
    const auto transaction = outer.begin_nested();
    std::set<ChunkId> left = chunks;
    while (left.size() > 60) {
        const auto at = std::next(left.begin(), static_cast<long>(random() % left.size()));
        transaction->drop(ChunkKind::node, *at);
        left.erase(at);
    }
    if (!is_kept) return;
    transaction->commit();
    chunks = left;
}

/// Trees of several levels, long values, free pages, and transactions in others.
void work_on(Storage& storage, unsigned seed, int transactions) {
    std::mt19937 random(seed);
    ChunkId next = seed * 1'000'000 + 1;
    std::set<ChunkId> chunks;
    for (int i = 0; i < transactions; ++i) {
        const auto transaction = storage.begin_write({});
        for (int change = 0; change < 20; ++change) {
            const std::string key = "key " + std::to_string(random() % 400);
            if (random() % 3 == 0)
                transaction->erase(Table::records, key);
            else
                transaction->put(Table::records, key, std::string(random() % 3'000, 'v'));
            transaction->append(ChunkKind::node, next, std::string(random() % 12'000, 'n'));
            chunks.insert(next++);
        }
        drop_some(*transaction, chunks, random, i % 3 != 0);
        transaction->commit();
    }
}

/// A closed store's file, and the states of its records over time.
class PagesPatient {
public:
    PagesPatient() {
        const auto storage = open_lmdb(options_for(path()));
        work_on(*storage, 1, 30);
        for (int i = 0; i < 40; ++i) put(*storage, "key", std::to_string(i));
    }

    [[nodiscard]] std::filesystem::path path() const { return folder_ / "store"; }

    /// A copy of the file in which `change` has been done.
    [[nodiscard]] std::filesystem::path with(
        const std::function<void(std::string&)>& change) const {
        std::string bytes = read_file(path());
        change(bytes);
        write_bytes(folder_ / "damaged", bytes);
        return folder_ / "damaged";
    }

private:
    TemporaryFolder folder_;
};

}  // namespace

TEST_CASE("pages: nothing is wrong with what LMDB wrote", "[storage]") {
    const TemporaryFolder folder;
    for (unsigned seed = 1; seed <= 5; ++seed) {
        const auto storage = open_lmdb(options_for(folder / "store"));
        CHECK(check(*storage).findings == Findings{});
        for (int i = 0; i < 10; ++i) {
            work_on(*storage, seed * 100 + static_cast<unsigned>(i), 5);
            const Checked checked = check(*storage);
            CHECK(checked.findings == Findings{});
            CHECK(checked.is_legible);
        }
    }
}

TEST_CASE("pages: they are checked beside a writer and a reader", "[storage]") {
    const TemporaryFolder folder;
    const auto storage = open_lmdb(options_for(folder / "store"));
    work_on(*storage, 1, 10);
    const auto reading = storage->begin_read();
    const auto writing = storage->begin_write({});
    writing->put(Table::records, "key 1", std::string(100'000, 'w'));
    CHECK(check(*storage).findings == Findings{});
    writing->commit();
    CHECK(check(*storage).findings == Findings{});
}

TEST_CASE("pages: headers that have changed places are refused", "[storage]") {
    const PagesPatient patient;
    const auto path = patient.with([](std::string& bytes) {
        std::swap_ranges(bytes.begin(), bytes.begin() + page_bytes, bytes.begin() + page_bytes);
    });
    expect_failure(Errc::corrupt, {"header", "backup"},
                   [&] { return open_lmdb(options_for(path)); });
}

TEST_CASE("pages: a header that is a copy of the other is refused", "[storage]") {
    const PagesPatient patient;
    for (const PageNumber which : {0U, 1U}) {
        const auto path =
            patient.with([&](std::string& bytes) { copy_page(bytes, 1 - which, which); });
        expect_failure(Errc::corrupt, {"header", "backup"},
                       [&] { return open_lmdb(options_for(path)); });
    }
}

TEST_CASE("pages: a header of another time than the one beside it is refused", "[storage]") {
    const PagesPatient patient;
    int unseen = 0;
    for (const PageNumber which : {0U, 1U}) {
        for (unsigned bit = 1; bit < 64; ++bit) {
            std::uint64_t newest_id = 0;
            std::uint64_t id = 0;
            const auto path = patient.with([&](std::string& bytes) {
                newest_id = newest_header(bytes).transaction_id;
                char& byte = bytes[which * page_bytes + FileHeader::transaction_id_at + bit / 8];
                byte = static_cast<char>(byte ^ (1 << bit % 8));
                id = header_at(bytes, which).transaction_id;
            });
            INFO("bit " << bit << " of header page " << which);
            if (which == (newest_id & 1) && id + 2 == newest_id)
                ++unseen;  // a header that LMDB could not write looks the same
            else
                expect_failure(Errc::corrupt, {"header", "backup"},
                               [&] { return open_lmdb(options_for(path)); });
        }
    }
    CHECK(unseen <= 1);
}

TEST_CASE("pages: the root of the last commit but one is found in the place of the last one's",
          "[storage]") {
    const PagesPatient patient;
    std::string root;
    const auto path = patient.with([&](std::string& bytes) {
        const PageNumber to = newest_header(bytes).main.root;
        root = std::to_string(to);
        copy_page(bytes, older_header(bytes).main.root, to);
    });
    const auto storage = open_lmdb(options_for(path));
    CHECK(get(*storage, "key") == "38");  // LMDB answers what was true before
    const Checked checked = check(*storage);
    REQUIRE_FALSE(checked.findings.empty());
    CHECK_THAT(checked.findings.front(),
               Catch::StartsWith("page " + root) && Catch::Contains("belongs in page"));
    CHECK(checked.is_legible);
}

TEST_CASE("pages: a header that names an old root is found", "[storage]") {
    const PagesPatient patient;
    const auto path = patient.with([&](std::string& bytes) {
        constexpr std::size_t main_root_at = lmdb::page_header_bytes + 24 + 2 * 48 - 8;
        const PageNumber old = older_header(bytes).main.root;
        std::memcpy(bytes.data() + newest_header(bytes).number * page_bytes + main_root_at, &old,
                    sizeof old);
    });
    const auto storage = open_lmdb(options_for(path));
    CHECK(get(*storage, "key") == "38");
    const Checked checked = check(*storage);
    REQUIRE(checked.findings.size() == 1);
    CHECK_THAT(checked.findings.front(), Catch::Contains("on the list of free pages"));
    CHECK(checked.is_legible);
}

TEST_CASE("pages: each page in use that is no more, another or an older one is found",
          "[storage]") {
    const PagesPatient patient;
    const std::string sound = read_file(patient.path());
    const auto number_at = [&](PageNumber page) {
        return lmdb::load<PageNumber>(sound.data() + page * page_bytes);
    };
    std::uint64_t zeroed = 0;
    std::uint64_t replaced = 0;
    int pages = 0;
    const std::uint64_t step = test::less_if_sanitized(1, 3);
    for (PageNumber page = lmdb::header_pages; page * page_bytes < sound.size(); page += step) {
        const lmdb::Page old = page_at(sound, page);
        // What is inside a long value has no number.
        if (number_at(page) != page || !old.is_well_formed()) continue;
        ++pages;
        const auto examine = [&](const std::function<void(std::string&)>& change) {
            const auto path = patient.with(change);
            return in_child([&]() -> std::string {
                       std::unique_ptr<Storage> storage;
                       try {
                           storage = open_lmdb(options_for(path));
                       } catch (const Failure&) {
                           return "refused";
                       }
                       return check(*storage).findings.empty() ? "sound" : "found";
                   })
                .report;
        };
        const std::string after_zeroing = examine([&](std::string& bytes) {
            std::fill_n(bytes.begin() + static_cast<long>(page * page_bytes), page_bytes, '\0');
        });
        const std::string after_copying = examine([&](std::string& bytes) {
            copy_page(bytes,
                      newest_header(bytes).main.root == page ? 2 : newest_header(bytes).main.root,
                      page);
        });
        CAPTURE(page);
        // Both are found, or neither: where nobody comes by.
        CHECK((after_zeroing == "sound") == (after_copying == "sound"));
        zeroed += after_zeroing == "sound" ? 0U : 1U;
        replaced += after_copying == "sound" ? 0U : 1U;
    }
    INFO(pages << " pages");
    CHECK(zeroed * step > 50);
    CHECK(replaced == zeroed);
}

}  // namespace verso::storage
