#include "storage/lmdb/file_check.hpp"

#include "domain/failure.hpp"
#include "storage/lmdb/errors.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cstring>
#include <string>
#include <vector>

namespace verso::storage::lmdb {

namespace {

// The layout of a 0.9 file on a 64-bit machine, in the machine's own byte order.
// Source: liblmdb/mdb.c, MDB_page, MDB_meta, MDB_db, MDB_node
constexpr std::uint32_t magic = 0xbeefc0de;
constexpr std::uint32_t data_version = 1;
constexpr std::size_t page_header_bytes = 16;
constexpr std::size_t page_flags_at = 10;
constexpr std::size_t page_lower_at = 12;
constexpr std::size_t meta_page_size_at = page_header_bytes + 24;
constexpr std::size_t meta_free_root_at = page_header_bytes + 64;
constexpr std::size_t meta_last_page_at = page_header_bytes + 120;
constexpr std::size_t meta_transaction_at = page_header_bytes + 128;
constexpr std::size_t meta_end = page_header_bytes + 136;
constexpr std::size_t node_header_bytes = 8;
constexpr std::uint16_t branch_flag = 0x01;
constexpr std::uint16_t big_value_flag = 0x01;
constexpr std::uint64_t no_page = ~std::uint64_t{0};
constexpr unsigned deepest = 32;

class File {
public:
    explicit File(const std::filesystem::path& path)
        : descriptor_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {
        if (descriptor_ < 0) fail_lmdb(errno, "open", path);
    }
    ~File() { ::close(descriptor_); }
    File(const File&) = delete;
    File& operator=(const File&) = delete;

    /// The first bytes, as many as there are.
    [[nodiscard]] std::string start(std::size_t size) const {
        std::string bytes(size, '\0');
        const ssize_t taken = ::pread(descriptor_, bytes.data(), size, 0);
        bytes.resize(taken < 0 ? 0 : static_cast<std::size_t>(taken));
        return bytes;
    }

private:
    int descriptor_;
};

template <class T>
T load(const char* at) noexcept {
    T value;
    std::memcpy(&value, at, sizeof value);
    return value;
}

/// Whether LMDB's mark stands somewhere near the start, in either byte order: then it is a file of
/// LMDB's, laid out for another line of it or another kind of machine.
bool has_mark_somewhere(const std::string& start) {
    for (std::size_t at = 0; at + 4 <= std::min<std::size_t>(start.size(), 64); at += 4) {
        const auto word = load<std::uint32_t>(start.data() + at);
        if (word == magic || word == 0xdec0efbe) return true;
    }
    return false;
}

[[noreturn]] void fail_cut_short(const std::filesystem::path& path) {
    fail(Errc::corrupt, "the store " + path.string() +
                            " was cut short: pages in use lie beyond its end; restore a backup");
}

/// Finds how many pages from the file's end on are free, in one state of the file.
class FreePages {
public:
    FreePages(const FileState& state, std::uint64_t file_pages, const std::filesystem::path& path)
        : state_(state), file_pages_(file_pages), path_(path) {}

    [[nodiscard]] std::uint64_t count_beyond_end(std::uint64_t root) {
        if (root != no_page) walk(root, 0);
        return beyond_end_;
    }

private:
    std::string read(std::uint64_t page, std::uint64_t offset, std::size_t size) const {
        if (page >= file_pages_) fail_cut_short(path_);
        std::string bytes(size, '\0');
        const auto at = static_cast<off_t>(page * state_.page_bytes + offset);
        if (::pread(state_.descriptor, bytes.data(), size, at) != static_cast<ssize_t>(size))
            fail_cut_short(path_);
        return bytes;
    }

    void walk(std::uint64_t number, unsigned depth) {
        const std::string page = read(number, 0, state_.page_bytes);
        const bool branch = (load<std::uint16_t>(page.data() + page_flags_at) & branch_flag) != 0;
        const std::size_t lower = load<std::uint16_t>(page.data() + page_lower_at);
        for (std::size_t slot = page_header_bytes; slot + 2 <= std::min(lower, page.size());
             slot += 2) {
            const std::size_t at = load<std::uint16_t>(page.data() + slot);
            if (at + node_header_bytes > page.size() || depth > deepest) fail_cut_short(path_);
            if (branch)
                walk(child(page.data() + at), depth + 1);
            else
                count(page, at);
        }
    }

    static std::uint64_t child(const char* node) noexcept {
        return load<std::uint16_t>(node) | std::uint64_t{load<std::uint16_t>(node + 2)} << 16 |
               std::uint64_t{load<std::uint16_t>(node + 4)} << 32;
    }

    /// Counts in a node's value: how many pages, their numbers, perhaps room to spare.
    void count(const std::string& page, std::size_t at) {
        const char* node = page.data() + at;
        const std::size_t size =
            load<std::uint16_t>(node) | std::size_t{load<std::uint16_t>(node + 2)} << 16;
        const std::size_t value_at = at + node_header_bytes + load<std::uint16_t>(node + 6);
        if (value_at + 8 > page.size()) fail_cut_short(path_);
        std::string value;
        if ((load<std::uint16_t>(node + 4) & big_value_flag) != 0) {
            if (size > (file_pages_ * state_.page_bytes)) fail_cut_short(path_);
            value = read(load<std::uint64_t>(page.data() + value_at), page_header_bytes, size);
        } else {
            value = page.substr(value_at, size);
        }
        if (value.size() < 8) fail_cut_short(path_);
        const std::uint64_t numbers =
            std::min<std::uint64_t>(load<std::uint64_t>(value.data()), value.size() / 8 - 1);
        for (std::uint64_t i = 1; i <= numbers; ++i)
            if (load<std::uint64_t>(value.data() + 8 * i) >= file_pages_) ++beyond_end_;
    }

    const FileState& state_;
    std::uint64_t file_pages_;
    const std::filesystem::path& path_;
    std::uint64_t beyond_end_ = 0;
};

}  // namespace

void check_header(const std::filesystem::path& path) {
    const std::string start = File(path).start(meta_end);
    const std::string name = path.string();
    if (start.empty())
        fail(Errc::store_invalid,
             name + " is an empty file, not a store; remove it, or name another file");
    const auto word = [&](std::size_t at) {
        return at + 4 <= start.size() ? load<std::uint32_t>(start.data() + at) : 0;
    };
    const bool marked = word(page_header_bytes) == magic;
    if (!marked && !has_mark_somewhere(start))
        fail(Errc::store_invalid, name + " is not a store; name another file");
    if (!marked || (start.size() >= meta_end && word(page_header_bytes + 4) != data_version))
        fail(Errc::format_unsupported,
             name +
                 " was written by another line of LMDB than 0.9 for 64-bit machines of this byte "
                 "order; "
                 "open it with the build that wrote it, and write it anew from there");
    const std::uint32_t page_bytes = word(meta_page_size_at);
    if (start.size() < meta_end || !std::has_single_bit(page_bytes) || page_bytes < 256 ||
        page_bytes > 65536)
        fail(Errc::corrupt,
             "the store " + name + " is damaged or cut short in its first page; restore a backup");
    std::error_code error;
    if (std::filesystem::file_size(path, error) < 2 * page_bytes) fail_cut_short(path);
}

void check_not_cut_short(const FileState& state, const std::filesystem::path& path) {
    std::string meta(meta_end, '\0');
    const auto at = static_cast<off_t>((state.transaction_id & 1) * state.page_bytes);
    struct stat info {};
    if (::pread(state.descriptor, meta.data(), meta.size(), at) !=
            static_cast<ssize_t>(meta.size()) ||
        ::fstat(state.descriptor, &info) != 0)
        fail_cut_short(path);
    const std::uint64_t file_pages = static_cast<std::uint64_t>(info.st_size) / state.page_bytes;
    const std::uint64_t pages = load<std::uint64_t>(meta.data() + meta_last_page_at) + 1;
    // Another process has committed twice since the transaction began, so this state was whole
    // then.
    if (load<std::uint64_t>(meta.data() + meta_transaction_at) != state.transaction_id) return;
    if (file_pages >= pages) return;
    FreePages free_pages(state, file_pages, path);
    const auto root = load<std::uint64_t>(meta.data() + meta_free_root_at);
    if (free_pages.count_beyond_end(root) != pages - file_pages) fail_cut_short(path);
}

}  // namespace verso::storage::lmdb
