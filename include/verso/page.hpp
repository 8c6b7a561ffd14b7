// Lists in pages. A page is cut by the key of its first and last item, not by counting, so that
// paging survives what is added and removed meanwhile.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace verso {

/// Which page of a list.
struct PageRequest {
    /// How many items at most: 1 to 100.
    std::size_t first = 20;
    /// A cursor of Page::next: what comes after it.
    std::optional<std::string> after = {};
    /// A cursor of Page::prev: what comes before it. Not together with `after`.
    std::optional<std::string> before = {};
    /// Of resources: only those whose name has this in it, in whatever case. It comes before
    /// counting.
    std::string name = {};
    /// The page ends, whatever `first` is, with the item at which what the items hold comes to so
    /// much: documents above all, and the referrers of Definitions and Parameters. Units: bytes.
    std::size_t max_bytes = std::size_t{64} * 1024 * 1024;
};

/// One page. Cursors are opaque, and good for the same list only.
template <class Item>
struct Page {
    std::vector<Item> items = {};
    std::uint64_t total_count = 0;         ///< Of the whole list, after the filter.
    std::optional<std::string> next = {};  ///< None: this page ends the list.
    std::optional<std::string> prev = {};  ///< None: this page begins it.
};

}  // namespace verso
