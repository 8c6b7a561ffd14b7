// Pages of a store's file, damaged anyhow: checking them and reading what they still have ends,
// stays within the file, fails only as it says, and finds no value that was never written. The
// input is a list of changes of a sound file's pages.
#include "domain/failure.hpp"
#include "fuzz/fuzz.hpp"
#include "storage/lmdb/file_check.hpp"
#include "storage/lmdb/lmdb_storage.hpp"
#include "storage/lmdb/page_check.hpp"
#include "storage/lmdb/raw_file.hpp"
#include "storage/lmdb/rescue.hpp"
#include "storage/temporary_folder.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <utility>

using namespace verso;
using namespace verso::storage;

namespace {

/// A sound file, and every key and value that was ever written to it.
struct Patient {
    std::string bytes;
    std::set<std::pair<std::string, std::string>> written;

    Patient() {
        const TemporaryFolder folder;
        {
            const auto storage = open_lmdb({.path = folder / "store",
                                            .map_size_bytes = std::uint64_t{1} << 30,
                                            .durability = Durability::none});
            std::mt19937 random(1);
            for (int commit = 0; commit < 12; ++commit) write_to(*storage, random);
        }
        bytes = read_file(folder / "store");
    }

private:
    /// Trees of several levels, values with pages of their own, free pages.
    void write_to(Storage& storage, std::mt19937& random) {
        const auto writing = storage.begin_write({});
        for (int i = 0; i < 12; ++i) {
            const auto table = static_cast<Table>(random() % 3);
            const std::string key =
                std::to_string(random() % 40) + std::string(random() % 200, 'k');
            put(*writing, table, key, std::string(random() % 1'500, 'v'));
            append(*writing, static_cast<ChunkKind>(i % 2), std::string(random() % 6'000, 'n'));
        }
        for (ChunkId id = next_ - 8; id < next_; id += 3) {
            const auto kind = static_cast<ChunkKind>(1 - id % 2);
            writing->drop(kind, id);
        }
        writing->commit();
    }

    void put(WriteTransaction& writing, Table table, const std::string& key,
             const std::string& value) {
        writing.put(table, key, value);
        written.emplace(key, value);
    }
    void append(WriteTransaction& writing, ChunkKind kind, const std::string& value) {
        writing.append(kind, next_, value);
        written.emplace(std::string(reinterpret_cast<const char*>(&next_), sizeof next_), value);
        ++next_;
    }

    ChunkId next_ = 1;
};

const Patient& patient() {
    static const Patient patient;
    return patient;
}

/// What has been rescued: nothing that was never written, and chunks in order.
struct Rescued {
    std::map<std::pair<Table, std::string>, std::string> records;
    std::map<ChunkKind, ChunkId> newest;
};

class Receiving final : public WriteTransaction {
public:
    explicit Receiving(Rescued& rescued) : rescued_(rescued) {}

    void put(Table table, BytesView key, BytesView value) override {
        expect(key, value);
        rescued_.records.insert_or_assign({table, std::string(key)}, value);
    }
    void append(ChunkKind kind, ChunkId id, BytesView value) override {
        expect({reinterpret_cast<const char*>(&id), sizeof id}, value);
        fuzz::require(id > rescued_.newest[kind]);
        rescued_.newest[kind] = id;
    }
    std::optional<BytesView> find(Table table, BytesView key) override {
        const auto found = rescued_.records.find({table, std::string(key)});
        if (found == rescued_.records.end()) return std::nullopt;
        return found->second;
    }
    void commit() override {}

    // A rescue asks for none of these.
    void scan(Table, const Scan&, Visitor<BytesView, BytesView>) override { std::abort(); }
    BytesView chunk(ChunkKind, ChunkId) override { std::abort(); }
    void chunks(ChunkKind, std::span<const ChunkId>, Visitor<std::size_t, BytesView>) override {
        std::abort();
    }
    void each_chunk(ChunkKind, Visitor<ChunkId, BytesView>) override { std::abort(); }
    bool erase(Table, BytesView) override { std::abort(); }
    void drop(ChunkKind, ChunkId) override { std::abort(); }
    std::uint64_t changes() const noexcept override { std::abort(); }
    std::unique_ptr<WriteTransaction> begin_nested() override { std::abort(); }

private:
    static void expect(BytesView key, BytesView value) {
        if (key == "verso") return;  // the number of the format, from the table of tables
        fuzz::require(patient().written.contains({std::string(key), std::string(value)}));
    }

    Rescued& rescued_;
};

class Receiver final : public Storage {
public:
    std::unique_ptr<WriteTransaction> begin_write(BytesView) override {
        return std::make_unique<Receiving>(rescued_);
    }

    std::unique_ptr<ReadTransaction> begin_read() override { std::abort(); }
    Usage usage() override { std::abort(); }
    Readers readers() override { std::abort(); }
    bool check_structure(Visitor<const std::string&, const std::string&>) override { std::abort(); }
    void check_process() const override { std::abort(); }

private:
    Rescued rescued_;
};

/// A file in memory.
class MemoryFile {
public:
    explicit MemoryFile(BytesView bytes) : descriptor_(::memfd_create("pages", MFD_CLOEXEC)) {
        fuzz::require(descriptor_ >= 0 && ::write(descriptor_, bytes.data(), bytes.size()) ==
                                              static_cast<ssize_t>(bytes.size()));
    }
    ~MemoryFile() { ::close(descriptor_); }
    MemoryFile(const MemoryFile&) = delete;
    MemoryFile& operator=(const MemoryFile&) = delete;

    [[nodiscard]] int descriptor() const noexcept { return descriptor_; }
    [[nodiscard]] std::filesystem::path path() const {
        return "/proc/self/fd/" + std::to_string(descriptor_);
    }

private:
    int descriptor_;
};

// One change: what, a page, another, and where in it; eight bytes to be written.
constexpr std::size_t change_bytes = 12;
enum Change : std::uint8_t { byte, half, word, copy, swap, clear, cut };

std::string change(Change what, std::uint8_t page, std::uint8_t other, std::uint16_t at,
                   std::uint64_t value) {
    ByteWriter out;
    out.le(static_cast<std::uint8_t>(what | other << 3)).le(page).le(at).le(value);
    return out.take();
}

void apply(BytesView change, std::string& bytes) {
    ByteReader in(change);
    const auto first = in.le<std::uint8_t>();
    const auto second = in.le<std::uint8_t>();
    const auto offset = in.le<std::uint16_t>();
    const BytesView value = in.bytes(8);
    const std::size_t pages = bytes.size() / page_bytes;
    if (pages == 0) return;
    const std::size_t page = second % pages * page_bytes;
    const std::size_t other = (second + (first >> 3U)) % pages * page_bytes;
    const std::size_t at = page + offset % (page_bytes - value.size());
    const auto begin = bytes.begin();
    const auto place = [&](std::size_t where) { return begin + static_cast<long>(where); };
    switch (first & 7U) {
        case byte: bytes[at] = value.front(); break;
        case half: std::copy_n(value.begin(), 2, place(at)); break;
        case word: std::copy(value.begin(), value.end(), place(at)); break;
        case copy: std::copy_n(place(other), page_bytes, place(page)); break;
        case swap:
            if (other != page)
                std::swap_ranges(place(page), place(page + page_bytes), place(other));
            break;
        case clear: std::fill_n(place(page), page_bytes, '\0'); break;
        default: bytes.resize(page + offset % page_bytes); break;
    }
}

/// Runs what may fail, with one of these codes.
template <class Work>
void may_fail(std::initializer_list<Errc> codes, const Work& work) {
    try {
        work();
    } catch (const Failure& failure) {
        fuzz::require(std::ranges::find(codes, failure.error.code) != codes.end());
    }
}

}  // namespace

std::vector<std::string> fuzz::seeds() {
    using lmdb::FileHeader;
    const std::string& bytes = patient().bytes;
    const FileHeader newest = newest_header(bytes);
    const auto header = static_cast<std::uint8_t>(newest.number);
    const auto root = static_cast<std::uint8_t>(newest.main.root);
    return {
        {},
        change(byte, root, 0, 100, 1),
        change(half, root, 0, 12, 4'000),                             // how many entries it has
        change(word, root, 0, 0, 7),                                  // which page it says it is
        change(word, header, 0, FileHeader::transaction_id_at, 100),  // of which commit it is
        change(word, header, 0, lmdb::page_header_bytes + 24 + 40, 2),
        change(copy, 3, 5, 0, 0) + change(copy, 4, 5, 0, 0),
        change(swap, 8, 13, 0, 0),
        change(clear, 9, 0, 0, 0),
        change(cut, 20, 0, 300, 0),
    };
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string bytes = patient().bytes;
    for (BytesView rest = fuzz::text_of(data, size); rest.size() >= change_bytes;
         rest.remove_prefix(change_bytes))
        apply(rest.substr(0, change_bytes), bytes);

    const MemoryFile memory(bytes);
    const auto ignore = [](const std::string&, const std::string&) { return true; };
    may_fail({Errc::store_invalid, Errc::format_unsupported, Errc::corrupt},
             [&] { lmdb::check_header(memory.descriptor(), memory.path()); });
    const lmdb::PageFile file(memory.descriptor(), page_bytes);
    for (lmdb::PageNumber which = 0; which < lmdb::header_pages; ++which) {
        const auto header = file.header(which);
        if (!header) continue;
        static_cast<void>(lmdb::check_pages(file, *header, ignore));
        may_fail({Errc::corrupt},
                 [&] { lmdb::check_whole(file, header->transaction_id, memory.path()); });
    }
    Receiver receiver;
    may_fail({Errc::store_invalid}, [&] { rescue_lmdb(memory.path(), receiver, ignore); });
    return 0;
}
