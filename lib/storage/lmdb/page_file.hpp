// The pages of a store's file, read beside LMDB, which maps the file and believes what it finds:
// one that is damaged may lead it to other data, or end the process.
#pragma once

#include "storage/lmdb/page.hpp"

#include <optional>
#include <string>

namespace verso::storage::lmdb {

/// Does not own the descriptor. Thread safety: safe.
class PageFile {
public:
    /// Fails with io_failed.
    PageFile(int descriptor, std::size_t page_bytes);

    [[nodiscard]] std::size_t page_bytes() const noexcept { return page_bytes_; }
    /// How many whole pages the file has.
    [[nodiscard]] std::uint64_t count() const noexcept { return count_; }

    /// Reads a page; answers false where the file ends before it. Fails with io_failed.
    [[nodiscard]] bool read(PageNumber number, std::string& bytes) const;

    /// The header page that commits with even ids write (0) or that with odd ones (1). None where
    /// the file ends before it.
    [[nodiscard]] std::optional<FileHeader> header(PageNumber which) const;

    /// How many pages a value of this length has to itself.
    [[nodiscard]] std::uint64_t pages_of(std::size_t value_bytes) const noexcept {
        return (page_header_bytes + value_bytes + page_bytes_ - 1) / page_bytes_;
    }
    /// The value of a leaf's node, wherever it is. None where the file ends before it does.
    [[nodiscard]] std::optional<std::string> value(const Node& node) const;

private:
    [[nodiscard]] bool read(std::uint64_t at, std::size_t size, std::string& bytes) const;

    int descriptor_;
    std::size_t page_bytes_;
    std::uint64_t count_;
};

/// Where an entry of a leaf was met.
struct EntryPlace {
    PageNumber page = 0;
    std::size_t index = 0;    ///< of the page's entries
    bool is_its_own = false;  ///< The page, and the key, are those that the pages above lead to.
};

/// What walks a tree's pages learn.
class PageVisitor {
public:
    virtual ~PageVisitor() = default;

    /// The tree has `count` pages from `first` on. Answers whether to look into them.
    virtual bool take(PageNumber first, std::uint64_t count) = 0;
    /// A leaf has this entry.
    virtual void visit(const Node& node, const EntryPlace& place) = 0;
    /// Something is wrong with a page. `is_legible`: LMDB can read it all the same.
    virtual void fault(PageNumber page, const std::string& message, bool is_legible) = 0;
};

/// What a walk has counted.
struct TreeCounts {
    std::uint64_t entries = 0;
    bool is_whole = true;  ///< Every page could be followed, and the depth is the same everywhere.
};

/// Walks all pages of a tree in the order of its keys, and checks of each that it is the one that
/// belongs there, that its entries lie in it and in order, and that they are those that the page
/// above says. A page is walked once, however many lead to it. Fails with io_failed. O(pages);
/// memory: a bit for each page of the file.
TreeCounts walk(const PageFile& file, const TreeHeader& tree, PageVisitor& visitor);

}  // namespace verso::storage::lmdb
