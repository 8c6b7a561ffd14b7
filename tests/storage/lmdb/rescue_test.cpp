// Goal: what is rescued of a damaged file is what stood there last, and all of it that its pages
// still have, wherever they have come to.
//
// Method: pages of a closed store's file are copied over others.

#include "storage/lmdb/rescue.hpp"

#include "storage/lmdb/options.hpp"
#include "storage/lmdb/page_file.hpp"
#include "storage/lmdb/raw_file.hpp"
#include "storage/temporary_folder.hpp"

#include <catch2/catch.hpp>

#include <fcntl.h>
#include <unistd.h>

#include <map>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace verso::storage {

namespace {

using lmdb::PageNumber;

/// The leaves of a file's tables, in the order of their keys.
class Leaves final : lmdb::PageVisitor {
public:
    explicit Leaves(const std::filesystem::path& path)
        : descriptor_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {
        const lmdb::PageFile file(descriptor_, page_bytes);
        walk(file, newest_header(read_file(path)).main);
        for (const auto& [name, tree] : std::exchange(tables_, {})) {
            pages_.clear();
            walk(file, tree);
            of_table_[name] = pages_;
        }
    }
    ~Leaves() override { ::close(descriptor_); }
    Leaves(const Leaves&) = delete;
    Leaves& operator=(const Leaves&) = delete;

    [[nodiscard]] const std::vector<PageNumber>& of(const std::string& table) const {
        return of_table_.at(table);
    }

private:
    void walk(const lmdb::PageFile& file, const lmdb::TreeHeader& tree) {
        static_cast<void>(lmdb::walk(file, tree, *this));
    }
    bool take(PageNumber /*first*/, std::uint64_t /*count*/) override { return true; }
    void visit(const lmdb::Node& node, const lmdb::EntryPlace& place) override {
        if (pages_.empty() || pages_.back() != place.page) pages_.push_back(place.page);
        if (node.is_tree()) tables_.emplace(node.key(), lmdb::TreeHeader::at(node.value().data()));
    }
    void fault(PageNumber page, const std::string& message, bool /*is_legible*/) override {
        FAIL("page " << page << ": " << message);
    }

    int descriptor_;
    std::vector<PageNumber> pages_;
    std::map<std::string, lmdb::TreeHeader> tables_;
    std::map<std::string, std::vector<PageNumber>> of_table_;
};

constexpr ChunkId chunk_count = 200;

std::string key_of(int number) { return "record " + std::to_string(1000 + number); }

/// A file with records that have been changed, and chunks.
class RescuePatient {
public:
    RescuePatient() {
        const auto storage = open_lmdb(options_for(path()));
        for (const char* value : {"old", "new"}) {
            const auto writing = storage->begin_write({});
            for (int i = 0; i < 100; ++i)
                writing->put(Table::records, key_of(i), value + std::string(300, '.'));
            writing->commit();
        }
        const auto writing = storage->begin_write({});
        for (ChunkId id = 1; id <= chunk_count; ++id)
            writing->append(ChunkKind::node, id, std::string(500, 'n'));
        writing->commit();
    }

    [[nodiscard]] std::filesystem::path path() const { return folder_ / "store"; }
    [[nodiscard]] Leaves leaves() const { return Leaves(path()); }

    /// A page in which a key has its old value.
    [[nodiscard]] PageNumber old_page_with(const std::string& key) const {
        const std::string bytes = read_file(path());
        for (PageNumber number = lmdb::header_pages; number < bytes.size() / page_bytes; ++number) {
            const lmdb::Page page = page_at(bytes, number);
            if (page.number() != number || !page.is_leaf() || !page.is_well_formed()) continue;
            for (std::size_t i = 0; i < page.count(); ++i)
                if (page.node(i).key() == key &&
                    page.node(i).value().find("old") != BytesView::npos)
                    return number;
        }
        throw std::runtime_error("nothing old is left");
    }

    /// Copies a page over another, and what can still be read of the file into a store.
    [[nodiscard]] std::unique_ptr<Storage> rescued_with(PageNumber from, PageNumber to) const {
        std::string bytes = read_file(path());
        copy_page(bytes, from, to);
        write_bytes(path(), bytes);
        auto storage = open_lmdb(options_for(folder_ / "rescued"));
        bool is_told = false;
        rescue_lmdb(path(), *storage, [&](const std::string&, const std::string&) {
            is_told = true;
            return true;
        });
        CHECK(is_told);
        return storage;
    }

private:
    TemporaryFolder folder_;
};

std::vector<ChunkId> nodes_of(Storage& storage) {
    std::vector<ChunkId> ids;
    storage.begin_read()->each_chunk(ChunkKind::node, [&](ChunkId id, BytesView bytes) {
        CHECK(bytes == std::string(500, 'n'));
        ids.push_back(id);
        return true;
    });
    return ids;
}

/// How many chunks lie in a page.
std::size_t count_in(const std::filesystem::path& path, PageNumber number) {
    return page_at(read_file(path), number).count();
}

}  // namespace

TEST_CASE("rescue: a page that has come before others costs only what it stands for", "[storage]") {
    const RescuePatient patient;
    const auto leaves = patient.leaves().of("nodes");
    REQUIRE(leaves.size() > 20);
    const std::size_t lost = count_in(patient.path(), leaves[2]);
    const auto rescued = patient.rescued_with(leaves[20], leaves[2]);
    CHECK(nodes_of(*rescued).size() == chunk_count - lost);
}

TEST_CASE("rescue: a page of another table is not taken for one of chunks", "[storage]") {
    const RescuePatient patient;
    const Leaves leaves = patient.leaves();
    const PageNumber first = leaves.of("nodes").front();
    const std::size_t lost = count_in(patient.path(), first);
    const auto rescued = patient.rescued_with(leaves.of("records").front(), first);
    const std::vector<ChunkId> ids = nodes_of(*rescued);
    CHECK(ids.size() == chunk_count - lost);
    CHECK(ids.back() == chunk_count);
}

TEST_CASE("rescue: an old page in another's place takes nothing back", "[storage]") {
    const RescuePatient patient;
    const std::string key = key_of(1);
    const PageNumber old = patient.old_page_with(key);
    const auto rescued = patient.rescued_with(old, patient.leaves().of("records").back());
    const auto reading = rescued->begin_read();
    const auto found = reading->find(Table::records, key);
    REQUIRE(found);
    CHECK(found->starts_with("new"));
}

TEST_CASE("rescue: where the last commit leads to nothing, the one before it counts", "[storage]") {
    const RescuePatient patient;
    const PageNumber root = newest_header(read_file(patient.path())).main.root;
    const auto rescued = patient.rescued_with(patient.leaves().of("nodes").front(), root);
    CHECK(nodes_of(*rescued).empty());
    const auto reading = rescued->begin_read();
    for (int i = 0; i < 100; ++i) CHECK(reading->find(Table::records, key_of(i)));
}

}  // namespace verso::storage
