// The pages of an LMDB 0.9 file as they lie on a 64-bit machine, in the machine's own byte order:
// what LMDB keeps to itself, and what is looked at without it.
// Source: liblmdb/mdb.c, MDB_page, MDB_meta, MDB_db, MDB_node
#pragma once

#include "domain/bytes.hpp"

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace verso::storage::lmdb {

template <class T>
T load(const char* at) noexcept {
    T value;
    std::memcpy(&value, at, sizeof value);
    return value;
}

using PageNumber = std::uint64_t;

inline constexpr PageNumber no_page = ~PageNumber{0};
/// The header pages, in which commits take turns; what has other content comes after them.
inline constexpr PageNumber header_pages = 2;
inline constexpr std::size_t page_header_bytes = 16;
/// How deep LMDB follows a tree.
inline constexpr unsigned max_depth = 32;

/// A tree of pages: where it begins, and what it says of itself.
struct TreeHeader {
    static constexpr std::size_t size = 48;

    bool has_integer_keys = false;
    unsigned depth = 0;
    std::uint64_t entries = 0;
    PageNumber root = no_page;

    static TreeHeader at(const char* bytes) noexcept {
        constexpr std::uint16_t integer_keys_flag = 0x08;
        return {.has_integer_keys = (load<std::uint16_t>(bytes + 4) & integer_keys_flag) != 0,
                .depth = load<std::uint16_t>(bytes + 6),
                .entries = load<std::uint64_t>(bytes + 32),
                .root = load<std::uint64_t>(bytes + 40)};
    }
};

/// A header page.
struct FileHeader {
    static constexpr std::uint32_t magic = 0xbeefc0de;
    static constexpr std::uint32_t data_version = 1;
    static constexpr std::size_t magic_at = page_header_bytes;
    static constexpr std::size_t data_version_at = page_header_bytes + 4;
    static constexpr std::size_t page_bytes_at = page_header_bytes + 24;
    static constexpr std::size_t transaction_id_at = page_header_bytes + 128;
    static constexpr std::size_t size = page_header_bytes + 136;

    PageNumber number = 0;  ///< Of the page, as it says itself.
    TreeHeader free_pages;
    TreeHeader main;
    PageNumber last_page = 0;
    std::uint64_t transaction_id = 0;  ///< Of the commit that wrote it.

    static FileHeader at(const char* page) noexcept {
        return {.number = load<std::uint64_t>(page),
                .free_pages = TreeHeader::at(page + page_header_bytes + 24),
                .main = TreeHeader::at(page + page_header_bytes + 24 + TreeHeader::size),
                .last_page = load<std::uint64_t>(page + page_header_bytes + 120),
                .transaction_id = load<std::uint64_t>(page + transaction_id_at)};
    }

    /// Whether page `which` holds a header that belongs there: its number, and a commit whose turn
    /// it was.
    [[nodiscard]] bool belongs_in(PageNumber which) const noexcept {
        return number == which && (transaction_id & 1) == which;
    }
};

/// An entry of a page: a key, and the page below it or a value. Only as good as the page.
class Node {
public:
    static constexpr std::size_t header_bytes = 8;

    Node(BytesView page, std::size_t at) noexcept : page_(page), at_(at) {}

    /// Whether the node lies in its page, its key and the value that is kept there too.
    [[nodiscard]] bool is_inside(bool is_branch) const noexcept {
        if (at_ + header_bytes > page_.size()) return false;
        const std::size_t rest = page_.size() - at_ - header_bytes;
        const std::size_t here = is_branch         ? 0
                                 : has_own_pages() ? sizeof(PageNumber)
                                                   : value_bytes();
        return key_bytes() <= rest && here <= rest - key_bytes();
    }

    [[nodiscard]] BytesView key() const noexcept {
        return page_.substr(at_ + header_bytes, key_bytes());
    }

    /// In a branch: the page with what is not before the key.
    [[nodiscard]] PageNumber child() const noexcept {
        return value_bytes() | PageNumber{half(4)} << 32;
    }

    // In a leaf.
    [[nodiscard]] std::size_t value_bytes() const noexcept {
        return half(0) | std::size_t{half(2)} << 16;
    }
    [[nodiscard]] bool has_own_pages() const noexcept { return (half(4) & 0x01) != 0; }
    [[nodiscard]] bool is_tree() const noexcept { return (half(4) & 0x02) != 0; }
    /// The value, where it has no pages of its own.
    [[nodiscard]] BytesView value() const noexcept { return rest().substr(0, value_bytes()); }
    /// The first of the value's own pages.
    [[nodiscard]] PageNumber first_page() const noexcept { return load<PageNumber>(rest().data()); }

private:
    [[nodiscard]] std::uint16_t half(std::size_t offset) const noexcept {
        return load<std::uint16_t>(page_.data() + at_ + offset);
    }
    [[nodiscard]] std::size_t key_bytes() const noexcept { return half(6); }
    [[nodiscard]] BytesView rest() const noexcept {
        return page_.substr(at_ + header_bytes + key_bytes());
    }

    BytesView page_;
    std::size_t at_;
};

/// A page of a tree, or the first of a long value's own.
class Page {
public:
    explicit Page(BytesView bytes) noexcept : bytes_(bytes) {}

    [[nodiscard]] PageNumber number() const noexcept { return load<PageNumber>(bytes_.data()); }
    [[nodiscard]] bool is_branch() const noexcept { return flags() == 0x01; }
    [[nodiscard]] bool is_leaf() const noexcept { return flags() == 0x02; }
    [[nodiscard]] bool is_of_value() const noexcept { return flags() == 0x04; }

    /// How many pages the value has.
    [[nodiscard]] std::uint32_t value_pages() const noexcept {
        return load<std::uint32_t>(bytes_.data() + 12);
    }

    [[nodiscard]] std::size_t count() const noexcept {
        return lower() < page_header_bytes ? 0 : (lower() - page_header_bytes) / 2;
    }
    [[nodiscard]] Node node(std::size_t i) const noexcept {
        return {bytes_, load<std::uint16_t>(bytes_.data() + page_header_bytes + 2 * i)};
    }

    /// Whether it is a page of a tree whose nodes all lie in it.
    [[nodiscard]] bool is_well_formed() const noexcept {
        if ((!is_branch() && !is_leaf()) || lower() < page_header_bytes || upper() < lower() ||
            upper() > bytes_.size())
            return false;
        for (std::size_t i = 0; i < count(); ++i)
            if (!node(i).is_inside(is_branch())) return false;
        return true;
    }

private:
    [[nodiscard]] std::uint16_t flags() const noexcept {
        return load<std::uint16_t>(bytes_.data() + 10);
    }
    [[nodiscard]] std::size_t lower() const noexcept {
        return load<std::uint16_t>(bytes_.data() + 12);
    }
    [[nodiscard]] std::size_t upper() const noexcept {
        return load<std::uint16_t>(bytes_.data() + 14);
    }

    BytesView bytes_;
};

}  // namespace verso::storage::lmdb
