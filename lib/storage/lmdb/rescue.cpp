#include "storage/lmdb/rescue.hpp"

#include "domain/failure.hpp"
#include "storage/lmdb/checksum.hpp"
#include "storage/lmdb/environment.hpp"
#include "storage/lmdb/errors.hpp"
#include "storage/lmdb/page_check.hpp"
#include "storage/lmdb/page_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <bit>
#include <cerrno>
#include <map>
#include <optional>
#include <tuple>
#include <vector>

namespace verso::storage {

namespace lmdb {

namespace {

using Lost = Visitor<const std::string&, const std::string&>;

class OpenFile {
public:
    explicit OpenFile(const std::filesystem::path& path)
        : descriptor_(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {  // a pipe too
        if (descriptor_ < 0 && errno == ENOENT)
            fail(Errc::store_not_found, "there is no store at " + path.string());
        if (descriptor_ < 0) fail_lmdb(errno, "read", path);
        struct stat info {};
        ::fstat(descriptor_, &info);  // cannot fail on what has just been opened
        if (S_ISREG(info.st_mode)) return;
        ::close(descriptor_);
        fail_irregular(path);
    }
    ~OpenFile() { ::close(descriptor_); }
    OpenFile(const OpenFile&) = delete;
    OpenFile& operator=(const OpenFile&) = delete;

    [[nodiscard]] int descriptor() const noexcept { return descriptor_; }
    /// As the first header page says, or else the system's own.
    [[nodiscard]] std::size_t page_bytes() const {
        const auto header = bytes_at(0);
        if (header.size() == FileHeader::size) {
            const auto said = load<std::uint32_t>(header.data() + FileHeader::page_bytes_at);
            if (std::has_single_bit(said) && said >= 512 && said <= 65536) return said;
        }
        return static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
    }
    /// Whether a header of LMDB's begins there.
    [[nodiscard]] bool has_header_at(std::size_t at) const {
        const auto header = bytes_at(at);
        return header.size() == FileHeader::size &&
               load<std::uint32_t>(header.data() + FileHeader::magic_at) == FileHeader::magic &&
               load<std::uint32_t>(header.data() + FileHeader::data_version_at) ==
                   FileHeader::data_version;
    }

private:
    [[nodiscard]] std::string bytes_at(std::size_t at) const {
        std::string bytes(FileHeader::size, '\0');
        const auto taken = ::pread(descriptor_, bytes.data(), bytes.size(), static_cast<off_t>(at));
        bytes.resize(taken < 0 ? 0 : static_cast<std::size_t>(taken));
        return bytes;
    }

    int descriptor_;
};

using Tables = std::map<std::string, TreeHeader, std::less<>>;

/// The tables that a header leads to.
class FindTables final : PageVisitor {
public:
    static Tables of(const PageFile& file, const FileHeader& header) {
        FindTables find;
        static_cast<void>(walk(file, header.main, find));
        return std::move(find.tables_);
    }
    /// Whether all entries of a table are there.
    static bool is_whole(const PageFile& file, const TreeHeader& table) {
        FindTables ignore;
        const TreeCounts counts = walk(file, table, ignore);
        return counts.is_whole && counts.entries == table.entries;
    }

private:
    bool take(PageNumber /*first*/, std::uint64_t /*count*/) override { return true; }
    void visit(const Node& node, const EntryPlace& /*place*/) override {
        if (node.is_tree() && !node.has_own_pages() && node.value_bytes() == TreeHeader::size)
            tables_.emplace(node.key(), TreeHeader::at(node.value().data()));
    }
    void fault(PageNumber /*page*/, const std::string& /*message*/, bool /*legible*/) override {}

    Tables tables_;
};

/// Copies the values of one table. A page that has come to another's place may have what stands
/// elsewhere too, as it is now; and chunks are copied in the order of their ids, wherever they are.
class CopyTable final : PageVisitor {
public:
    CopyTable(const PageFile& file, std::size_t table, Storage& to, Lost lost)
        : file_(file), table_(table), to_(to), lost_(lost), writing_(to.begin_write({})) {}

    void run(const TreeHeader& tree) {
        const TreeCounts counts = walk(file_, tree, *this);
        if (has_records())
            put_strays();
        else
            append_chunks();
        writing_->commit();
        if (!counts.is_whole && counts.entries < tree.entries)
            lost_(std::string("the table ") + table_names[table_],
                  std::to_string(tree.entries - counts.entries) + " of its " +
                      std::to_string(tree.entries) + " entries cannot be found");
    }

private:
    /// Of one transaction, so that it is held in memory.
    static constexpr std::uint64_t bytes_per_transaction = 16U << 20U;

    struct Chunk {
        ChunkId id;
        EntryPlace place;
    };

    [[nodiscard]] bool has_records() const noexcept { return table_ < record_tables; }
    [[nodiscard]] Table records() const noexcept { return static_cast<Table>(table_); }

    bool take(PageNumber /*first*/, std::uint64_t /*count*/) override { return true; }

    void visit(const Node& node, const EntryPlace& place) override {
        const BytesView key = node.key();
        const auto sealed = file_.value(node);
        if (!sealed || sealed->size() < checksum_bytes)
            return tell(key, "it lies beyond the end of the file, or is too short");
        const BytesView value = BytesView(*sealed).substr(checksum_bytes);
        if (load_le<std::uint64_t>(sealed->data()) != checksum(key, value))
            return tell(key, "its bytes are not those that were written");
        if (has_records() ? key.empty() || key.size() > max_key_bytes : !is_chunk_key(key))
            return tell(key, "no value has such a key");
        if (!has_records())
            chunks_.push_back({load<ChunkId>(key.data()), place});
        else if (place.is_its_own)
            put(key, value);
        else
            strays_.push_back(place);
    }

    void put_strays() {
        for (const EntryPlace& place : strays_)
            with_entry(place, [&](BytesView key, BytesView value) {
                if (!writing_->find(records(), key)) put(key, value);
            });
    }

    void append_chunks() {
        std::ranges::sort(chunks_, [](const Chunk& a, const Chunk& b) {
            return std::tuple(a.id, b.place.is_its_own) < std::tuple(b.id, a.place.is_its_own);
        });
        const auto are_equal = [](const Chunk& a, const Chunk& b) { return a.id == b.id; };
        chunks_.erase(std::unique(chunks_.begin(), chunks_.end(), are_equal), chunks_.end());
        for (const Chunk& chunk : chunks_)
            with_entry(chunk.place, [&](BytesView, BytesView value) {
                writing_->append(static_cast<ChunkKind>(table_ - record_tables), chunk.id, value);
                count(value);
            });
    }

    void put(BytesView key, BytesView value) {
        writing_->put(records(), key, value);
        count(value);
    }

    void count(BytesView written) {
        bytes_ += written.size();
        if (bytes_ < bytes_per_transaction) return;
        writing_->commit();
        writing_.reset();
        writing_ = to_.begin_write({});
        bytes_ = 0;
    }

    /// Reads an entry once more that was sound when it was met.
    template <class Work>
    void with_entry(const EntryPlace& place, const Work& work) {
        std::string bytes;
        if (!file_.read(place.page, bytes)) return;
        const Node node = Page(bytes).node(place.index);
        if (const auto sealed = file_.value(node))
            work(node.key(), BytesView(*sealed).substr(checksum_bytes));
    }

    /// It has been told by the check of all pages.
    void fault(PageNumber /*page*/, const std::string& /*message*/, bool /*legible*/) override {}

    void tell(BytesView key, const std::string& message) {
        std::string where = std::string("a value of the table ") + table_names[table_];
        if (!has_records() && is_chunk_key(key))
            where += ", " + std::to_string(load<ChunkId>(key.data()));
        lost_(where, message);
    }

    [[nodiscard]] static bool is_chunk_key(BytesView key) noexcept {
        return key.size() == sizeof(ChunkId);
    }

    const PageFile& file_;
    std::size_t table_;
    Storage& to_;
    Lost lost_;
    std::unique_ptr<WriteTransaction> writing_;
    std::uint64_t bytes_ = 0;
    std::vector<EntryPlace> strays_;  ///< records where others belong
    std::vector<Chunk> chunks_;
};

/// How much of a state can be found: its tables, and, without which the rest is of no use, all that
/// it has of records.
std::size_t worth_of(const PageFile& file, const FileHeader& header) {
    const Tables tables = FindTables::of(file, header);
    const auto records = tables.find(table_names.front());
    return tables.size() + (records != tables.end() && FindTables::is_whole(file, records->second)
                                ? table_names.size()
                                : 0);
}

/// The newest state of which most can be found; none: there is nothing.
std::optional<FileHeader> find_state(const OpenFile& open, const PageFile& file, Lost lost) {
    std::vector<FileHeader> headers;
    for (PageNumber which = 0; which < header_pages; ++which) {
        const auto header = file.header(which);
        if (header && open.has_header_at(which * file.page_bytes()) && header->belongs_in(which))
            headers.push_back(*header);
    }
    const bool are_sound = headers.size() == header_pages &&
                           are_of_consecutive_commits(file, headers.front(), headers.back());
    // Where they are not of two commits in a row, an id is damaged, and is not to say which is
    // newer.
    std::ranges::sort(headers, std::greater<>(), [&](const FileHeader& header) {
        const auto commit = are_sound ? std::nullopt : commit_by_free_pages(file, header);
        return commit.value_or(header.transaction_id);
    });
    std::optional<FileHeader> best;
    std::size_t most = 0;
    for (const FileHeader& header : headers) {
        const std::size_t worth = worth_of(file, header);
        if (worth <= most) continue;
        most = worth;
        best = header;
    }
    if (best && !(are_sound && best->transaction_id == headers.front().transaction_id))
        lost("the file's header",
             "one of its two pages, or what it leads to: the last change may be missing");
    return best;
}

}  // namespace

}  // namespace lmdb

void rescue_lmdb(const std::filesystem::path& path, Storage& to,
                 Visitor<const std::string&, const std::string&> lost) {
    const lmdb::OpenFile open(path);
    const lmdb::PageFile file(open.descriptor(), open.page_bytes());
    const auto state = lmdb::find_state(open, file, lost);
    if (!state)
        fail(Errc::store_invalid,
             path.string() +
                 " has no header page that leads to anything: it is no store, or nothing of it "
                 "can be read; restore a backup");
    static_cast<void>(lmdb::check_pages(file, *state, lost));
    const auto tables = lmdb::FindTables::of(file, *state);
    for (std::size_t table = 0; table < lmdb::table_names.size(); ++table) {
        const auto found = tables.find(lmdb::table_names[table]);
        if (found == tables.end())
            lost(std::string("the table ") + lmdb::table_names[table], "it cannot be found");
        else
            lmdb::CopyTable(file, table, to, lost).run(found->second);
    }
}

}  // namespace verso::storage
