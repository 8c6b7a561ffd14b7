#include "storage/lmdb/file_check.hpp"

#include "domain/failure.hpp"
#include "storage/lmdb/page_check.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <bit>
#include <string>

namespace verso::storage::lmdb {

namespace {

/// The first bytes of a file, as many as there are.
std::string start_of(int descriptor, std::size_t size) {
    std::string bytes(size, '\0');
    const ssize_t taken = ::pread(descriptor, bytes.data(), size, 0);
    bytes.resize(taken < 0 ? 0 : static_cast<std::size_t>(taken));
    return bytes;
}

/// Whether LMDB's mark stands somewhere near the start, in either byte order: then it is a file of
/// LMDB's, laid out for another line of it or another kind of machine.
bool has_mark_somewhere(const std::string& start) {
    for (std::size_t at = 0; at + 4 <= std::min<std::size_t>(start.size(), 64); at += 4) {
        const auto word = load<std::uint32_t>(start.data() + at);
        if (word == FileHeader::magic || word == 0xdec0efbe) return true;
    }
    return false;
}

[[noreturn]] void fail_cut_short(const std::filesystem::path& path) {
    fail(Errc::corrupt, "the store " + path.string() +
                            " was cut short: pages in use lie beyond its end; restore a backup");
}

/// Counts the pages beyond the file's end that are free, in one state of the file.
class FreePagesBeyondEnd final : public PageVisitor {
public:
    FreePagesBeyondEnd(const PageFile& file, const std::filesystem::path& path)
        : file_(file), path_(path) {}

    [[nodiscard]] std::uint64_t count() const noexcept { return count_; }

    bool take(PageNumber /*first*/, std::uint64_t /*count*/) override { return true; }

    /// A node's value: how many pages, their numbers, perhaps room to spare.
    void visit(const Node& node, const EntryPlace& /*place*/) override {
        const auto numbers = file_.value(node);
        if (!numbers || numbers->size() < sizeof(PageNumber)) fail_cut_short(path_);
        const std::uint64_t room = numbers->size() / sizeof(PageNumber);
        const std::uint64_t used = std::min(load<std::uint64_t>(numbers->data()), room - 1);
        for (std::uint64_t i = 1; i <= used; ++i)
            if (load<PageNumber>(numbers->data() + i * sizeof(PageNumber)) >= file_.count())
                ++count_;
    }

    void fault(PageNumber /*page*/, const std::string& /*message*/, bool /*is_legible*/) override {
        fail_cut_short(path_);
    }

private:
    const PageFile& file_;
    const std::filesystem::path& path_;
    std::uint64_t count_ = 0;
};

/// The header pages of one moment, others writing meanwhile.
std::array<FileHeader, header_pages> headers_of(const PageFile& file,
                                                const std::filesystem::path& path) {
    for (;;) {
        const auto even = file.header(0);
        const auto odd = file.header(1);
        const auto even_after = file.header(0);
        if (!even || !odd || !even_after) fail_cut_short(path);
        if (even->transaction_id == even_after->transaction_id) return {*even, *odd};
    }
}

/// Fails unless each header page is at its own place, with a commit whose turn it was, right before
/// or after the other's.
void check_headers(const PageFile& file, const FileHeader& even, const FileHeader& odd,
                   const std::filesystem::path& path) {
    const auto fail_damaged = [&](const std::string& how) {
        fail(Errc::corrupt, "the store " + path.string() + " is damaged in its header pages: " +
                                how + "; restore a backup, or salvage what it still has");
    };
    if (!even.belongs_in(0) || !odd.belongs_in(1))
        fail_damaged("one is not the one that belongs there");
    if (!are_of_consecutive_commits(file, even, odd))
        fail_damaged(
            "they are not of two commits in a row, so it may be an older state that is read");
}

}  // namespace

void check_header(int descriptor, const std::filesystem::path& path) {
    const std::string start = start_of(descriptor, FileHeader::size);
    const std::string name = path.string();
    if (start.empty())
        fail(Errc::store_invalid,
             name + " is an empty file, not a store; remove it, or name another file");
    const auto word = [&](std::size_t at) {
        return at + 4 <= start.size() ? load<std::uint32_t>(start.data() + at) : 0;
    };
    const bool marked = word(FileHeader::magic_at) == FileHeader::magic;
    if (!marked && !has_mark_somewhere(start))
        fail(Errc::store_invalid, name + " is not a store; name another file");
    if (!marked || (start.size() >= FileHeader::size &&
                    word(FileHeader::data_version_at) != FileHeader::data_version))
        fail(Errc::format_unsupported,
             name +
                 " was written by another line of LMDB than 0.9 for 64-bit machines of this byte "
                 "order; open it with the build that wrote it, and write it anew from there");
    const std::uint32_t page_bytes = word(FileHeader::page_bytes_at);
    if (start.size() < FileHeader::size || !std::has_single_bit(page_bytes) || page_bytes < 256 ||
        page_bytes > 65536)
        fail(Errc::corrupt,
             "the store " + name + " is damaged or cut short in its first page; restore a backup");
    std::error_code error;
    if (std::filesystem::file_size(path, error) < 2 * page_bytes) fail_cut_short(path);
}

std::uint64_t newest_commit(const PageFile& file, const std::filesystem::path& path) {
    const std::array headers = headers_of(file, path);
    return std::max(headers[0].transaction_id, headers[1].transaction_id);
}

void check_whole(const PageFile& file, std::uint64_t transaction_id,
                 const std::filesystem::path& path) {
    const std::array headers = headers_of(file, path);
    const FileHeader& header = headers[transaction_id & 1];
    check_headers(file, headers[0], headers[1], path);
    // Another process has committed twice since the transaction began, so this state was whole
    // then.
    if (header.transaction_id != transaction_id) return;
    const std::uint64_t pages = header.last_page + 1;
    if (file.count() >= pages) return;
    FreePagesBeyondEnd free_pages(file, path);
    walk(file, header.free_pages, free_pages);
    if (free_pages.count() != pages - file.count()) fail_cut_short(path);
}

}  // namespace verso::storage::lmdb
